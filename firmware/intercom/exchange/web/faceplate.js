// A station as it stands at the door: its name, what it does, its ring, its buttons.
import { Ring } from "./ring.js";
import { ofAddress, ofAudio, ofDoor, ofLight } from "./words.js";

const USUAL = { buttons: ["answer"], leds: 12 };
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
const OFF = { pattern: "off", colour: "off", overlays: [] };
const ICONS = {
  answer: "bell",
  call: "phone",
  mute: "microphone-off",
  reject: "hang-up",
  ignore: "bell-off",
  door: "key",
};
const HOW_TO_PRESS = { true: "Keep it down to hold it", false: "A real button can't be pressed from here" };

const TELLS = {
  pending: ({ from }) => `${ofAddress(from)} is calling`,
  connecting: ({ to }) => `Calling ${ofAddress(to)}…`,
  ringing: ({ to }) => `Rings at ${ofAddress(to)}`,
  open: ({ direction, from, to }) => `In a call with ${ofAddress(direction?.startsWith("in") ? from : to)}`,
  reconnecting: () => "Sound lost, reconnecting",
  closed: ({ ended }) => ended?.message || "Call ended",
};

export class Faceplate {
  #panel;
  #name;
  #ring;
  #keys = new Map();
  #down = new Set();

  constructor(panel, name) {
    this.#panel = panel;
    this.#name = name;
    this.root = document.querySelector("#station").content.cloneNode(true).firstElementChild;
    this.#ring = new Ring(this.#part(".ring"));
    this.#adopt(this.#part("[data-button]"), "answer");
    this.root.dataset.station = name;
  }

  show({ simulated, status }) {
    const light = status.panel?.ring?.trial ?? status.light ?? OFF;
    const { leds, buttons } = { ...USUAL, ...status.panel };
    this.#ring.show(light, leds);
    this.#part("h2").textContent = status.name ?? status.identity;
    this.#part(".tells").textContent = tells(status);
    this.#part(".light").textContent = leds ? ofLight(light) : "";
    this.#lay(buttons, simulated);
    this.#showDoor(status.door ?? {});
    this.#note(simulated, status);
  }

  draw(now) {
    this.#ring.draw(now);
  }

  /** Let go of every button: the page has lost the person. */
  releaseAll() {
    for (const button of [...this.#down]) this.#release(button);
  }

  #note(isSimulated, status) {
    const isSameComputer = isSimulated && LOOPBACK.includes(location.hostname);
    const sentences = [
      !isSimulated && "Its buttons are real: they are pressed at the station.",
      status.panel?.why && `Its panel is dark: ${status.panel.why}`,
      status.panel?.ring?.why && `Its ring is dark: ${status.panel.ring.why}`,
      ...ofAudio(status.audio ?? {}, isSameComputer),
    ];
    this.#part(".note").textContent = sentences.filter(Boolean).join(" ");
  }

  #showDoor(door) {
    const [kind, words] = ofDoor(door);
    const place = this.#part(".lock");
    place.dataset.kind = kind;
    if (place.textContent !== words) place.textContent = words;
  }

  #lay(buttons, isSimulated) {
    for (const button of buttons) if (!this.#keys.has(button)) this.#part(".keys").append(this.#make(button));
    for (const [button, key] of this.#keys) {
      key.hidden = !buttons.includes(button);
      key.disabled = !isSimulated;
      key.title = HOW_TO_PRESS[isSimulated];
    }
  }

  #make(button) {
    const key = this.#part("[data-button=answer]").cloneNode(true);
    key.classList.remove("main");
    key.querySelector("use").setAttribute("href", `#icon-${ICONS[button] ?? "dot"}`);
    key.querySelector("span").textContent = button;
    return this.#adopt(key, button);
  }

  /** Down on pointer or key down, up on up, and whenever the page loses track of it. */
  #adopt(key, button) {
    key.dataset.button = button;
    key.setAttribute("aria-label", `${button} button of ${this.#name}`);
    key.onpointerdown = (event) => {
      if (event.button !== 0) return;
      key.setPointerCapture(event.pointerId);
      this.#press(button);
    };
    key.onkeydown = (event) => {
      if ([" ", "Enter"].includes(event.key) && !event.repeat) this.#press(button);
    };
    key.onpointerup = key.onpointercancel = key.onlostpointercapture = () => this.#release(button);
    key.onkeyup = key.onblur = () => this.#release(button);
    key.oncontextmenu = (event) => event.preventDefault();
    this.#keys.set(button, key);
    return key;
  }

  #press(button) {
    if (this.#down.has(button)) return;
    this.#down.add(button);
    this.#keys.get(button).classList.add("down");
    this.#panel.press(this.#name, button);
  }

  #release(button) {
    if (!this.#down.delete(button)) return;
    this.#keys.get(button).classList.remove("down");
    this.#panel.release(this.#name, button);
  }

  #part(selector) {
    return this.root.querySelector(selector);
  }
}

function tells({ call, registration }) {
  if (call) return TELLS[call.status]?.(call) ?? call.status;
  return registration === "ready" ? "Ready" : "Not connected to its exchange";
}
