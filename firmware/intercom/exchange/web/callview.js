// The phone's card: who, what, how long, and the buttons that make sense now.
import { Keypad } from "./keypad.js";
import { isBusy } from "./states.js";
import { ofTime } from "./words.js";

// state → what it says, and the buttons it has, the first of which takes the focus
const VIEWS = {
  idle: { acts: [] },
  pending: { state: () => "is calling you", acts: ["accept", "ignore", "reject"] },
  connecting: { state: ({ isIncoming }) => (isIncoming ? "Answering…" : "Calling…"), acts: ["hangUp"] },
  ringing: { state: () => "It rings there…", acts: ["hangUp"] },
  open: { state: ({ isMuted }) => (isMuted ? "Connected. You are muted." : "Connected"), acts: ["hangUp", "mute", "keypad"] },
  reconnecting: { state: () => "The sound was lost. Waiting for it…", acts: ["hangUp", "mute", "keypad"] },
  closed: { state: ({ why }) => why[0], acts: [] },
};

const NOBODY = "No station is here yet. Once one is switched on and connected, you can call it.";
const WAITING = "Waiting for the connection…";

export class CallView {
  #root;
  #phone;
  #keypad;

  constructor(root, phone) {
    this.#root = root;
    this.#phone = phone;
    this.#keypad = new Keypad(root.querySelector("#keypad"), (digit) => phone.sendDigit(digit));
    for (const key of root.querySelectorAll("[data-act]")) key.onclick = () => this.#act(key.dataset.act);
    setInterval(() => this.#showTime(), 500);
  }

  /** Draw the call, and a call button for each of the names that may be called. */
  show(names, canCall) {
    const { state, call } = this.#phone;
    const view = VIEWS[state];
    const hadFocus = this.#root.contains(document.activeElement);
    this.#root.dataset.state = state;
    this.#root.classList.toggle("failed", state === "closed" && call.isFailed);
    this.#write(".peer", call?.peer ?? "");
    this.#write(".state", call ? view.state(call) : idleWords(names, canCall));
    this.#write(".hint", state === "closed" ? call.why[1] : "");
    this.#root.querySelector(".actions").hidden = !view.acts.length;
    for (const key of this.#root.querySelectorAll("[data-act]")) key.hidden = !view.acts.includes(key.dataset.act);
    this.#showMute(call?.isMuted ?? false);
    this.#showKeypad(view.acts.includes("keypad"));
    this.#showCallable(isBusy(state) ? [] : names, canCall);
    this.#showTime();
    if (hadFocus && !this.#isFocused()) this.#focus(view.acts[0]);
  }

  /** The button that had the focus is gone: go to the first that makes sense now. */
  #focus(act) {
    this.#root.querySelector(act ? `[data-act=${act}]` : ".callable button")?.focus();
  }

  #isFocused() {
    const focused = document.activeElement;
    return this.#root.contains(focused) && !focused.hidden;
  }

  #act(act) {
    const phone = this.#phone;
    if (act === "mute") phone.mute(!phone.call.isMuted);
    else if (act === "keypad") this.#showKeypad(true, !this.#keypad.isOpen);
    else phone[act]();
  }

  #showMute(isMuted) {
    const key = this.#root.querySelector("[data-act=mute]");
    key.setAttribute("aria-pressed", String(isMuted));
    key.querySelector("use").setAttribute("href", isMuted ? "#icon-microphone-off" : "#icon-microphone");
    key.querySelector("span").textContent = isMuted ? "Muted" : "Mute";
  }

  /** It can be opened while the call is open, and its keys of the keyboard work without that. */
  #showKeypad(isUseful, isOpen = this.#keypad.isOpen) {
    this.#keypad.show(isUseful, isUseful && isOpen);
    this.#root.querySelector("[data-act=keypad]").setAttribute("aria-expanded", String(this.#keypad.isOpen));
  }

  #showCallable(names, canCall) {
    const place = this.#root.querySelector(".callable");
    const keys = new Map([...place.querySelectorAll("button")].map((key) => [key.dataset.name, key]));
    for (const [name, key] of keys) if (!names.includes(name)) key.remove();
    for (const name of names) if (!keys.has(name)) place.append(this.#callKey(name));
    for (const key of place.querySelectorAll("button")) key.disabled = !canCall;
  }

  #callKey(name) {
    const key = document.createElement("button");
    key.className = "big";
    key.dataset.name = name;
    key.textContent = `Call ${name}`;
    key.onclick = () => this.#phone.dial(name);
    return key;
  }

  #showTime() {
    const { call, state } = this.#phone;
    const until = state === "closed" ? call?.endedAt : performance.now();
    this.#write(".time", call?.openedAt ? ofTime((until - call.openedAt) / 1000) : "");
  }

  #write(selector, text) {
    const place = this.#root.querySelector(selector);
    if (place.textContent !== text) place.textContent = text;
  }
}

function idleWords(names, canCall) {
  if (!canCall) return WAITING;
  return names.length ? "" : NOBODY;
}
