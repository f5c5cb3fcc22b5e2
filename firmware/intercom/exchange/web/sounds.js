// What the page itself plays: ring, ringback and end tones, by WebAudio.

// tone → notes [starts at s, lasts s, Hz], loudness, whether a note fades like a bell, and after how long it repeats
const TONES = {
  ringtone: { notes: [[0, 1.2, 659.3], [0.35, 1.6, 523.3]], gain: 0.4, isBell: true, periodS: 3 },
  ringback: { notes: [[0, 1, 425]], gain: 0.08, periodS: 4 },
  end: { notes: [[0, 0.12, 520], [0.16, 0.18, 390]], gain: 0.1 },
  busy: { notes: [[0, 0.4, 425], [0.8, 0.4, 425], [1.6, 0.4, 425]], gain: 0.1 },
  failed: { notes: [[0, 0.15, 390], [0.25, 0.15, 390], [0.5, 0.25, 310]], gain: 0.1 },
};

const RAMP_S = 0.012;
const BUSY = 31486;

/** The tone that belongs to the phone's state, or null. */
export function toneOf({ state, call }) {
  if (state === "pending") return "ringtone";
  if (state === "ringing") return call.hasEarlyMedia ? null : "ringback";
  if (state !== "closed") return null;
  if (call.isFailed) return call.code === BUSY ? "busy" : "failed";
  return call.openedAt ? "end" : null;
}

export class Sounds {
  #context = new AudioContext();
  #playing = null;
  #out = null;
  #repeat = 0;

  /** Whether the browser lets the page make a sound; a gesture changes that. */
  get isAllowed() {
    return this.#context.state === "running";
  }

  /** Ask again, from within a gesture; resolves when the page may be heard. */
  allow() {
    return this.#context.resume();
  }

  /** Play a tone in place of the one that plays; null: silence; the same again goes on. */
  play(name) {
    if (name === this.#playing) return;
    this.#playing = name;
    clearInterval(this.#repeat);
    this.#out?.disconnect();
    if (!name) return;
    const { notes, gain, isBell, periodS } = TONES[name];
    this.#out = new GainNode(this.#context, { gain });
    this.#out.connect(this.#context.destination);
    const sound = () => notes.forEach((note) => this.#note(note, isBell));
    sound();
    if (periodS) this.#repeat = setInterval(sound, periodS * 1000);
  }

  #note([startS, lastsS, hz], isBell) {
    const [from, to] = [this.#context.currentTime + startS, this.#context.currentTime + startS + lastsS];
    const envelope = new GainNode(this.#context, { gain: 0 });
    envelope.gain.setValueAtTime(0, from);
    envelope.gain.linearRampToValueAtTime(1, from + RAMP_S);
    if (isBell) envelope.gain.exponentialRampToValueAtTime(0.001, to);
    else envelope.gain.setValueAtTime(1, to - RAMP_S).linearRampToValueAtTime(0, to);
    const tone = new OscillatorNode(this.#context, { frequency: hz });
    tone.connect(envelope).connect(this.#out);
    tone.start(from);
    tone.stop(to);
  }
}
