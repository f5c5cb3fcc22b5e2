// The LED ring as a picture: as many lights as the real one has, moving as they move.
import { leds } from "./patterns.js";
import { ofLight } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 84;
const STILL_S = 0.5;

// How an LED of that name looks behind frosted plastic; a screen's own primaries glare.
const TINTS = {
  red: "#ff5a4d",
  amber: "#ffb224",
  green: "#3ddc84",
  blue: "#4c8dff",
  violet: "#b07cff",
  white: "#fff6e5",
  off: "#000",
};

const stillness = matchMedia("(prefers-reduced-motion: reduce)");

export class Ring {
  #svg;
  #lights = [];
  #light = { pattern: "off", colour: "off", overlays: [] };
  #since = performance.now();

  /** Draws into an `<svg viewBox="-100 -100 200 200">` while that stands in the document. */
  constructor(svg) {
    this.#svg = svg;
  }

  show(light, count) {
    if (count !== this.#lights.length) this.#build(count);
    if (JSON.stringify(light) === JSON.stringify(this.#light)) return;
    this.#light = light;
    this.#since = performance.now();
    this.#svg.setAttribute("aria-label", `Ring: ${ofLight(light)}`);
  }

  /** Draw one frame. */
  draw(now) {
    const t = stillness.matches ? STILL_S : Math.max(0, now - this.#since) / 1000;
    const shown = leds(this.#light, { t, count: this.#lights.length });
    shown.forEach(({ colour, level }, index) => paint(this.#lights[index], TINTS[colour] ?? colour, level ** 0.6));
  }

  #build(count) {
    const size = Math.min(12, (Math.PI * RADIUS) / count / 1.7);
    const halo = element("g", { filter: "url(#glow)" });
    const front = element("g", {});
    this.#lights = Array.from({ length: count }, (_, index) => {
      const turn = (2 * Math.PI * index) / count;
      const at = { cx: RADIUS * Math.sin(turn), cy: -RADIUS * Math.cos(turn) };
      front.append(element("circle", { ...at, r: size, class: "led" }));
      const [glow, body] = [size * 1.5, size].map((r) => element("circle", { ...at, r }));
      const core = element("circle", { ...at, r: size, fill: "url(#core)" });
      halo.append(glow);
      front.append(body, core);
      return { coloured: [glow, body], core, last: "" };
    });
    this.#svg.replaceChildren(halo, front);
  }
}

function paint(light, fill, opacity) {
  const look = `${fill} ${opacity.toFixed(2)}`;
  if (look === light.last) return;
  light.last = look;
  for (const part of light.coloured) part.setAttribute("fill", fill);
  for (const part of [...light.coloured, light.core]) part.setAttribute("opacity", opacity.toFixed(2));
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
