// One call's sound over the browser's own WebRTC: our description goes out with all its candidates, none trickle.

const GATHER_MS = 3_000;
const CONNECT_MS = 15_000;
const TONE_MS = 100;
const GAP_MS = 70;

export class Media {
  #speaker;
  #changed;
  #peer = null;
  #microphone = null;
  #sound = null;
  #watch = 0;
  #isClosed = false;

  /** Plays on the `speaker` element; `changed("connected" | "disconnected" | "failed" | "no microphone")`. */
  constructor(speaker, changed) {
    this.#speaker = speaker;
    this.#changed = changed;
  }

  /** Take the microphone; raises the browser's DOMException, or TypeError where the page may not ask. */
  async open() {
    const processing = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    this.#microphone = await navigator.mediaDevices.getUserMedia({ audio: processing });
    if (this.#isClosed) return this.close();
    this.#peer = new RTCPeerConnection({ iceServers: [] });
    for (const track of this.#microphone.getAudioTracks()) {
      this.#peer.addTrack(track, this.#microphone);
      track.onended = () => this.#changed("no microphone");
    }
    this.#peer.ontrack = ({ track }) => this.#play(track);
    this.#peer.onconnectionstatechange = () => this.#follow(this.#peer?.connectionState);
  }

  /** Our offer; raises DOMException. */
  async offer() {
    return this.#describe();
  }

  /** Our answer to the far end's offer; raises DOMException. */
  async answer(sdp) {
    await this.#apply({ type: "offer", sdp });
    return this.#describe();
  }

  /** Take the far end's answer; raises DOMException. */
  async accept(sdp) {
    await this.#apply({ type: "answer", sdp });
  }

  mute(flag) {
    for (const track of this.#microphone?.getAudioTracks() ?? []) track.enabled = !flag;
  }

  /** Send a digit as a telephone event, after those before it; false where the far end takes none. */
  sendDigit(digit) {
    const [sender] = this.#peer?.getSenders() ?? [];
    if (!sender?.dtmf?.canInsertDTMF) return false;
    sender.dtmf.insertDTMF(sender.dtmf.toneBuffer + digit, TONE_MS, GAP_MS);
    return true;
  }

  /** End it; may be called at any time, and again. */
  close() {
    clearTimeout(this.#watch);
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    this.#peer?.close();
    this.#peer = this.#microphone = null;
    this.#isClosed = true;
    if (this.#speaker.srcObject === this.#sound) this.#speaker.srcObject = null;
  }

  async #describe() {
    const peer = this.#peer;
    await peer.setLocalDescription();
    await gathered(peer);
    return peer.localDescription.sdp;
  }

  async #apply(description) {
    this.#watch = setTimeout(() => this.#changed("failed"), CONNECT_MS);
    await this.#peer.setRemoteDescription(description);
  }

  #follow(state) {
    if (state === "connected") clearTimeout(this.#watch);
    if (["connected", "disconnected", "failed"].includes(state)) this.#changed(state);
  }

  #play(track) {
    this.#sound = new MediaStream([track]);
    this.#speaker.srcObject = this.#sound;
    this.#speaker.play().catch(() => {}); // refused until a gesture; a call starts with one
  }
}

function gathered(peer) {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(resolve, GATHER_MS);
    peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(late);
      resolve();
    };
  });
}
