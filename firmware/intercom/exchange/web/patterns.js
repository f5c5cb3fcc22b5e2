// The ring's patterns as functions of time: the station's own (intercom/panel/patterns.py) once more; a test compares.

const SMALLEST = 6;
const QUARTER = 1 / 4;
const TURN_S = 2;

/** What each LED shows `t` seconds after the light came up: [{colour, level 0..1}], clockwise from the top. */
export function leds({ pattern, colour, overlays = [] }, { t, count }) {
  const over = overlaid(overlays, t, count);
  return levels(PATTERNS[pattern] ?? PATTERNS.off, t, count).map((level, index) =>
    over[index] ? { colour: over[index], level: 1 } : { colour, level },
  );
}

function levels({ draw, frameS = Infinity, lastsS = Infinity }, t, count) {
  const drawn = Math.max(count, SMALLEST);
  const all = frameAt(t, lastsS) > 0 ? ring(drawn, () => 0) : draw(frameAt(t, frameS), drawn);
  return ring(count, (index) => all[Math.floor((index * drawn) / count)]);
}

function overlaid(names, t, count) {
  const shown = names
    .map((name) => OVERLAYS[name])
    .filter((overlay) => overlay && (!overlay.blinkS || frameAt(t, overlay.blinkS) % 2 === 0));
  return ring(count, (index) => {
    const turn = count > 1 ? index / count : (t / TURN_S) % 1;
    return shown.find(({ start }) => start <= turn && turn < start + QUARTER)?.colour;
  });
}

function frameAt(t, frameS) {
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
  const breath = Math.max(0, Math.sin((Math.PI * (frame % 120)) / 90));
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

const each = (level) => (frame, count) => ring(count, (index) => level(frame, count, index));

export const PATTERNS = {
  off: { draw: each(() => 0) },
  steady: { draw: each(() => 1) },
  heartbeat: {
    draw: each((frame, _, index) => (index === 0 && [0, 2].includes(frame % 40) ? 0.15 : 0)),
    frameS: 0.1,
  },
  blink: { draw: each((frame) => (frame % 4 === 0 ? 1 : 0)), frameS: 1 },
  chase: { draw: each((frame, _, index) => (wrapped(index - frame, 3) === 0 ? 1 : 0)), frameS: 0.15 },
  spin: { draw: each(spinning), frameS: 1 / 30 },
  breathe: { draw: each(breathing), frameS: 1 / 30 },
  swing: { draw: each(swinging), frameS: 1 / 30 },
  "flash-long": { draw: each(() => 1), frameS: 1, lastsS: 1 },
  "flash-three": { draw: each((frame) => (frame % 2 === 0 ? 1 : 0)), frameS: 0.2, lastsS: 1 },
};

export const OVERLAYS = {
  muted: { colour: "red", start: 0 },
  "link-lost": { colour: "amber", start: 0.5, blinkS: 0.25 },
  "poor-quality": { colour: "amber", start: 0.5, blinkS: 2 },
};
