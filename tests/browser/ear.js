// What a page hears: the strongest frequency and the level of a stream's sound, through an AnalyserNode.
globalThis.ear = (() => {
  const SETTLED_MS = 250;
  const analysers = new WeakMap();
  let context;

  // Chromium lets a far end's sound into WebAudio only while a media element plays it.
  function listen(stream) {
    if (analysers.has(stream)) return analysers.get(stream);
    context ??= new AudioContext();
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    element.play();
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(stream).connect(analyser);
    const settled = new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
    const entry = { analyser, element, settled };
    analysers.set(stream, entry);
    return entry;
  }

  // {hz, dbfs} of the last 170 ms; dbfs is the root mean square against full scale, -200 for digital silence.
  // Null where there is no stream.
  async function heard(stream) {
    if (!stream) return null;
    const { analyser, settled } = listen(stream);
    await settled;
    const wave = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(wave);
    const power = wave.reduce((sum, sample) => sum + sample * sample, 0) / wave.length;
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const hz = peak(bins) * (context.sampleRate / analyser.fftSize);
    return { hz, dbfs: Math.max(-200, 10 * Math.log10(power + 1e-20)) };
  }

  // The strongest bin, refined by the parabola through it and its neighbours.
  function peak(bins) {
    let best = 1;
    for (let bin = 2; bin < bins.length - 1; bin += 1) if (bins[bin] > bins[best]) best = bin;
    const [left, middle, right] = [bins[best - 1], bins[best], bins[best + 1]];
    const curve = left - 2 * middle + right;
    return Number.isFinite(curve) && curve < 0 ? best + (0.5 * (left - right)) / curve : best;
  }

  return { heard };
})();
