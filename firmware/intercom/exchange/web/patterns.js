// The ring's patterns as functions of time: the station's own (intercom/panel/patterns.py) once more; a test compares.

const SMALLEST = 6;
const QUARTER = 1 / 4;
const QUARTERS = 4;
const STEP_S = 0.2;
const TURN = 10;
const AT_TOP = "##.##";
const METER_STEPS = 24;

/** What each LED shows `t` seconds after the light came up: [{colour, level 0..1}], clockwise from the top. */
export function leds({ pattern, colour, overlays = [] }, { t, count, level = 1 }) {
  const shown = seen(overlays.filter((name) => name in OVERLAYS), t, count);
  return levels(PATTERNS[pattern] ?? PATTERNS.off, { t, count, level }).map((bright, index) => {
    const over = OVERLAYS[lying(shown, index, count)]?.colour;
    return over ? { colour: over, level: over === colour && bright > 0 ? 0 : 1 } : { colour, level: bright };
  });
}

function levels({ draw, frameS = Infinity, frames = 1, lastsS = Infinity, isLevel }, { t, count, level }) {
  const drawn = Math.max(count, SMALLEST);
  const frame = isLevel ? Math.round(level * METER_STEPS) : passed(t, frameS) % frames;
  const all = passed(t, lastsS) > 0 ? ring(drawn, () => 0) : draw(frame, drawn);
  return ring(count, (index) => all[Math.floor((index * drawn) / count)]);
}

/** The overlays that are seen at `t`. */
function seen(names, t, count) {
  return (count >= QUARTERS ? sideBySide : oneByOne)(names, passed(t, STEP_S));
}

/** Those of one quarter take turns. */
function sideBySide(names, step) {
  const turn = Math.floor(step / TURN);
  const places = [0, 1, 2, 3].map((place) => names.filter((name) => OVERLAYS[name].start === place * QUARTER));
  const chosen = places.filter((there) => there.length).map((there) => there[turn % there.length]);
  return chosen.filter((name) => OVERLAYS[name].rhythm[step % TURN] === "#");
}

/** Too few LEDs for quarters: first the pattern alone, then what lies at the top, then one of the others. */
function oneByOne(names, step) {
  const atTop = names.filter((name) => OVERLAYS[name].start === 0);
  const others = names.filter((name) => OVERLAYS[name].start > 0);
  const top = ".".repeat(TURN) + (atTop.length ? AT_TOP : "");
  const cycle = top.length + (others.length ? TURN : 0);
  const other = others[Math.floor(step / cycle) % others.length];
  const mark = step % cycle;
  const name = mark < top.length && atTop.length ? atTop[0] : other;
  return (top + (OVERLAYS[other]?.rhythm ?? ""))[mark] === "#" ? [name] : [];
}

function lying(shown, index, count) {
  if (count < QUARTERS) return shown[0];
  return shown.find((name) => {
    const from = index / count - OVERLAYS[name].start;
    return 0 <= from && from < QUARTER;
  });
}

function passed(t, frameS) {
  return Math.floor((t + 1e-6) / frameS);
}

function ring(count, level) {
  return Array.from({ length: count }, (_, index) => level(index));
}

function wrapped(value, size) {
  return ((value % size) + size) % size;
}

function spinning(frame, count, index) {
  return Math.max(0, 1 - wrapped((frame / 24) * count - index, count) / (count * QUARTER));
}

function breathing(frame, count, index) {
  const breath = Math.max(0, Math.sin((Math.PI * frame) / 90));
  return Math.min(1, Math.max(0, 2 * breath - (2 * Math.min(index, count - index)) / count));
}

// Python rounds halves to the even number.
function roundedEven(value) {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}

function swinging(frame, count, index) {
  const place = roundedEven((count / 4) * (1 - Math.cos((2 * Math.PI * frame) / 60)));
  return index === place || index === place + 1 ? 1 : 0;
}

// The one at the top is always lit.
function metering(frame, count, index) {
  return index === 0 || index * METER_STEPS < frame * count ? 1 : 0;
}

const each = (level) => (frame, count) => ring(count, (index) => level(frame, count, index));

export const PATTERNS = {
  off: { draw: each(() => 0) },
  steady: { draw: each(() => 1) },
  heartbeat: { draw: each((frame, _, index) => (index === 0 && [0, 2].includes(frame) ? 0.15 : 0)), frameS: 0.1, frames: 40 },
  blink: { draw: each((frame) => (frame === 0 ? 1 : 0)), frameS: 1, frames: 4 },
  chase: { draw: each((frame, _, index) => (wrapped(index - frame, 3) === 0 ? 1 : 0)), frameS: 0.15, frames: 3 },
  spin: { draw: each(spinning), frameS: 1 / 30, frames: 24 },
  breathe: { draw: each(breathing), frameS: 1 / 30, frames: 120 },
  swing: { draw: each(swinging), frameS: 1 / 30, frames: 60 },
  meter: { draw: each(metering), isLevel: true },
  "flash-long": { draw: each(() => 1), frameS: 1, lastsS: 1 },
  "flash-three": { draw: each((frame) => (frame === 0 ? 1 : 0)), frameS: 0.2, frames: 2, lastsS: 1 },
};

export const OVERLAYS = {
  muted: { colour: "red", start: 0, rhythm: "##########" },
  tampered: { colour: "red", start: 0.25, rhythm: "##.##.##.." },
  "door-held": { colour: "amber", start: 0.25, rhythm: "#.###....." },
  "door-open": { colour: "white", start: 0.25, rhythm: "####.####." },
  "door-asked": { colour: "white", start: 0.25, rhythm: "#.#.#.#..." },
  "door-granted": { colour: "white", start: 0.25, rhythm: "###......." },
  "door-refused": { colour: "red", start: 0.25, rhythm: "#.#.#....." },
  "link-lost": { colour: "amber", start: 0.5, rhythm: "#.#.#.#.#." },
  "poor-quality": { colour: "amber", start: 0.5, rhythm: "##...##..." },
  "last-minute": { colour: "white", start: 0.5, rhythm: "###.#....." },
  private: { colour: "violet", start: 0.75, rhythm: "########.." },
  "do-not-disturb": { colour: "violet", start: 0.75, rhythm: "#........." },
  missed: { colour: "blue", start: 0.75, rhythm: "#.#......." },
};
