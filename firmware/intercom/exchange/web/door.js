// What stands before the page: an invite link's sign-in, or words on how to get such a link.
import { join } from "./account.js";

const HOW = "This page opens with a personal link. On the exchange's machine, run: intercom invite NAME. " +
  "Then open the printed link here within ten minutes.";
const WELCOME = "You were invited. Sign in, and this device can call the stations and be called.";
const STALE = `This invite link was used already, or is older than ten minutes. ${HOW}`;
const UNREACHABLE = "The exchange can't be reached. Is this device in its network? Try again.";

export class Door {
  #root;
  #entered;

  /** `entered()` once the invite was taken. */
  constructor(root, entered) {
    this.#root = root;
    this.#entered = entered;
    root.querySelector("form").onsubmit = (event) => {
      event.preventDefault();
      this.#join();
    };
  }

  /** Show the sign-in when the page was opened by an invite link; false when it was not. */
  open() {
    const isInvited = location.pathname === "/join" && location.hash.length > 1;
    if (isInvited) this.#say("Welcome", WELCOME, true);
    return isInvited;
  }

  show() {
    this.#say("You need an invite link", HOW, false);
  }

  hide() {
    this.#root.hidden = true;
  }

  async #join() {
    try {
      if (!(await join(location.hash.slice(1)))) return this.#say("That link is no longer good", STALE, false);
    } catch {
      return this.#say("Welcome", UNREACHABLE, true);
    }
    history.replaceState(null, "", "/");
    this.#entered();
  }

  #say(title, text, canJoin) {
    this.#root.hidden = false;
    this.#root.querySelector("h2").textContent = title;
    this.#root.querySelector("p").textContent = text;
    this.#root.querySelector("form").hidden = !canJoin;
  }
}
