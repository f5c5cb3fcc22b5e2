// The phone: one call at a time, moved by the table in states.js, by frames of the exchange and by what the user does.
import { after, isBusy } from "./states.js";
import { HUNG_UP, LINK_LOST, NO_MICROPHONE, SOUND_LOST, TAKEN, ofAddress, ofException, ofFailure } from "./words.js";

const TALKING = ["open", "reconnecting"];
const SHOWN_MS = { normal: 3_500, failed: 12_000 };

export class Phone {
  #send;
  #makeMedia;
  #changed;
  #rest = 0;

  state = "idle";
  /** {sids, isIncoming, peer, media, isMuted, hasEarlyMedia, openedAt, endedAt, why, isFailed, code}; null when idle */
  call = null;

  /** `send(type, payload)`, `makeMedia(changed)`, `changed(phone)` after each step. */
  constructor({ send, makeMedia, changed }) {
    this.#send = send;
    this.#makeMedia = makeMedia;
    this.#changed = changed;
  }

  async dial(to) {
    const sid = `TJS${crypto.randomUUID().replaceAll("-", "")}`;
    if (!this.#begin("dial", { sids: [sid], isIncoming: false, peer: to })) return;
    const twilio = { params: `To=${encodeURIComponent(to)}` };
    await this.#speak("invite", async (media) => ({ callsid: sid, sdp: await media.offer(), twilio }));
  }

  async accept() {
    if (!this.#move("accept")) return;
    const { sdp, sids } = this.call;
    const isSent = await this.#speak("answer", async (media) => ({ callsid: sids[0], sdp: await media.answer(sdp) }));
    if (isSent) this.#move("answered");
  }

  /** Refuse, for everybody who is rung. */
  reject() {
    if (this.state === "pending") this.#end({ why: ["Declined.", ""], frame: "reject" });
  }

  /** Stop the ringing here only. */
  ignore() {
    if (this.state === "pending") this.#end({ why: ["Ignored: it still rings elsewhere.", ""] });
  }

  hangUp() {
    if (this.state === "pending") this.ignore();
    else this.#end({ why: HUNG_UP, frame: "hangup" });
  }

  mute(flag) {
    if (!isBusy(this.state)) return;
    this.call.isMuted = flag;
    this.call.media.mute(flag);
    this.#changed(this);
  }

  /** Send one of `0123456789*#` in an open call: with the voice, or by the exchange where the far end can't take that. */
  sendDigit(digit) {
    if (!TALKING.includes(this.state)) return;
    const { media, sids } = this.call;
    if (!media.sendDigit(digit)) this.#send("dtmf", { callsid: sids[0], dtmf: digit });
  }

  /** Take a frame of the exchange. */
  receive(type, payload) {
    const act = {
      invite: ({ callsid, sdp, parameters = {} }) =>
        this.#begin("invited", { sids: [callsid], sdp, isIncoming: true, peer: ofAddress(parameters.From) }),
      ringing: ({ callsid, sdp }) => this.#progress("farEndRings", callsid, sdp),
      answer: ({ callsid, sdp }) => this.#progress("answered", callsid, sdp),
      hangup: ({ callsid, error }) => this.#isMine(callsid) && this.#endedByFarEnd(error),
      cancel: ({ callsid }) => this.#isMine(callsid) && this.#end({ why: TAKEN }),
      message: (message) => this.#isMine(message.callsid) && this.#answerMessage(message),
    }[type];
    act?.(payload);
  }

  /** A call that is not open yet can't outlive its link; an open one goes on. */
  linkLost() {
    if (["connecting", "ringing"].includes(this.state)) this.#end({ why: LINK_LOST, frame: "hangup", isFailed: true });
    if (this.state === "pending") this.#end({ why: LINK_LOST, isFailed: true });
  }

  /** A station that asks for the door need not wait to learn that there is none. */
  #answerMessage({ callsid, messagetype, voiceeventsid, content }) {
    if (messagetype !== "door" || !content?.open) return;
    this.#send("message", {
      callsid,
      messagetype,
      voiceeventsid: `KX${crypto.randomUUID().replaceAll("-", "")}`,
      content: { result: "failed", why: "The other end is a browser, which has no door.", request: voiceeventsid },
    });
  }

  #begin(event, about) {
    if (!after(this.state, event)) return false;
    const call = { isMuted: false, hasEarlyMedia: false, openedAt: 0, endedAt: 0, isFailed: false, ...about };
    call.media = this.#makeMedia((change) => call === this.call && this.#soundChanged(change));
    this.call = call;
    return this.#move(event);
  }

  /** Open the microphone and send our description; true when it went out and the call still stands. */
  async #speak(frame, describe) {
    const { call } = this;
    const isGone = () => call !== this.call || !isBusy(this.state);
    try {
      await call.media.open();
      call.media.mute(call.isMuted);
      const payload = await describe(call.media);
      if (isGone()) return false;
      this.#send(frame, payload);
      call.isSent = true;
      return true;
    } catch (error) {
      if (!isGone()) this.#end({ why: ofException(error), frame: "hangup", isFailed: true });
      return false;
    }
  }

  /** The far end rings or has answered; its description comes with either. */
  async #progress(event, sid, sdp) {
    const { call } = this;
    if (!call?.isSent || call.isIncoming || !isBusy(this.state)) return;
    if (!call.sids.includes(sid)) call.sids.unshift(sid);
    try {
      if (sdp) await call.media.accept(sdp);
      if (call !== this.call) return;
      call.hasEarlyMedia = Boolean(sdp);
      this.#move(event);
    } catch (error) {
      if (call === this.call) this.#end({ why: ofException(error), frame: "hangup", isFailed: true });
    }
  }

  #soundChanged(change) {
    const act = {
      connected: () => this.#move("soundBack"),
      disconnected: () => this.#move("soundLost"),
      failed: () => this.#end({ why: SOUND_LOST, frame: "hangup", isFailed: true }),
      "no microphone": () => this.#end({ why: NO_MICROPHONE, frame: "hangup", isFailed: true }),
    }[change];
    act();
  }

  #endedByFarEnd(failure) {
    if (failure) this.#end({ why: ofFailure(failure), isFailed: true, code: failure.code });
    else this.#end({ why: this.call.openedAt ? [`${this.call.peer} hung up.`, ""] : HUNG_UP });
  }

  /** End the call here, and at the far end with a frame if it knows of it. */
  #end({ why, frame = null, isFailed = false, code = 0 }) {
    if (!after(this.state, "end")) return;
    const { call } = this;
    if (frame && (call.isSent || call.isIncoming)) this.#send(frame, { callsid: call.sids[0] });
    call.media.close();
    Object.assign(call, { why, isFailed, code, endedAt: performance.now() });
    this.#move("end");
    this.#rest = setTimeout(() => this.#move("rest"), SHOWN_MS[isFailed ? "failed" : "normal"]);
  }

  #move(event) {
    const state = after(this.state, event);
    if (!state) return false;
    clearTimeout(this.#rest);
    this.state = state;
    if (event === "answered") this.call.openedAt = performance.now();
    if (event === "rest") this.call = null;
    this.#changed(this);
    return true;
  }

  #isMine(sid) {
    return isBusy(this.state) && (!sid || this.call.sids.includes(sid));
  }
}
