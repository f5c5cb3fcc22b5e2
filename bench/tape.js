// Records a stream of the page: 16 bits, 48 kHz, mono; handed out in Base64, a piece at a time.
globalThis.tape = (() => {
  const RECORDER = `registerProcessor("recorder", class extends AudioWorkletProcessor {
    process([[samples]]) {
      if (samples) this.port.postMessage(samples.slice());
      return true;
    }
  })`;
  const RATE = 48000;
  const PIECE = 1 << 15;
  let blocks = [];

  // Chromium lets a far end's sound into WebAudio only while a media element plays it.
  async function start(stream) {
    const context = new AudioContext({ sampleRate: RATE });
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([RECORDER], { type: "text/javascript" })));
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    await element.play();
    const recorder = new AudioWorkletNode(context, "recorder", { channelCount: 1, channelCountMode: "explicit" });
    recorder.port.onmessage = ({ data }) => blocks.push(data);
    context.createMediaStreamSource(stream).connect(recorder);
    globalThis.taped = { context, element, recorder };
    await new Promise((resolve) => setTimeout(resolve, 500));
    blocks = [];
  }

  function take() {
    const samples = blocks.flatMap((block) => Array.from(block));
    const octets = new Uint8Array(Int16Array.from(samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32767).buffer);
    let text = "";
    for (let at = 0; at < octets.length; at += PIECE) text += String.fromCharCode(...octets.subarray(at, at + PIECE));
    return btoa(text);
  }

  return { start, take };
})();
