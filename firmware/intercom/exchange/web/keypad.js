// The digits of an open call: twelve keys, and those of the keyboard.  What was sent is shown as dots: it may be a code.
const DIGITS = "123456789*0#";
const NAMES = { "*": "star", "#": "hash" };
const FORGET_MS = 3_000; // a door takes a code for ended after so long
const FLASH_MS = 150;

export class Keypad {
  #root;
  #send;
  #keys = new Map();
  #isUseful = false;
  #forget = 0;

  /** `send(digit)` is called for each that is pressed or typed. */
  constructor(root, send) {
    this.#root = root;
    this.#send = send;
    for (const digit of DIGITS) root.querySelector(".digits").append(this.#make(digit));
    addEventListener("keydown", (event) => this.#typed(event));
  }

  get isOpen() {
    return !this.#root.hidden;
  }

  /** Whether digits can be sent now, and whether the keys are seen. */
  show(isUseful, isOpen) {
    if (!isUseful) this.#write("");
    this.#isUseful = isUseful;
    this.#root.hidden = !isOpen;
  }

  #make(digit) {
    const key = document.createElement("button");
    key.textContent = digit;
    key.dataset.digit = digit;
    key.setAttribute("aria-label", NAMES[digit] ?? digit);
    key.onclick = () => this.#press(digit);
    this.#keys.set(digit, key);
    return key;
  }

  #typed({ key, repeat, ctrlKey, altKey, metaKey, target }) {
    if (!this.#isUseful || repeat || ctrlKey || altKey || metaKey || !this.#keys.has(key)) return;
    if (target.closest?.("input, textarea, select")) return;
    const pressed = this.#keys.get(key);
    pressed.classList.add("down");
    setTimeout(() => pressed.classList.remove("down"), FLASH_MS);
    this.#press(key);
  }

  #press(digit) {
    this.#send(digit);
    this.#write(digit === "#" ? "" : `${this.#root.querySelector(".dialled").textContent}•`);
  }

  #write(dots) {
    clearTimeout(this.#forget);
    this.#root.querySelector(".dialled").textContent = dots;
    if (dots) this.#forget = setTimeout(() => this.#write(""), FORGET_MS);
  }
}
