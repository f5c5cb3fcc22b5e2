// The stations' panels, live: what each shows, and presses for those that are simulated.
import { SignedOut, TOKEN_REFUSED } from "./account.js";
import { Link } from "./link.js";

export class Panel {
  #account;
  #changed;
  #link;

  /** name → {station, simulated, status}, in the order of their names. */
  stations = new Map();

  /** Whether that is how it is now; false: how it was when the link was lost. */
  isLive = false;

  /** `changed()` after each snapshot, when a station leaves, and when the link is lost or back. */
  constructor(account, changed) {
    this.#account = account;
    this.#changed = changed;
    this.#link = new Link("/panel", {
      opened: () => this.#listen(),
      received: (type, payload) => this.#receive(type, payload),
      lost: () => this.#change({ isLive: false }),
    });
  }

  open() {
    this.#link.open();
  }

  close() {
    this.#link.close();
    this.stations.clear();
    this.#change({ isLive: false });
  }

  press(station, button) {
    this.#link.send("press", { station, button });
  }

  release(station, button) {
    this.#link.send("release", { station, button });
  }

  async #listen() {
    try {
      this.#link.send("listen", { token: await this.#account.token(), role: "page", simulated: false });
    } catch (error) {
      if (!(error instanceof SignedOut)) this.#link.again();
    }
  }

  #receive(type, payload) {
    if (type === "error") {
      if (TOKEN_REFUSED.has(payload.error.code)) this.#account.forget();
      return;
    }
    if (type === "connected") this.stations.clear();
    if (type === "snapshot") this.stations.set(payload.station, payload);
    if (type === "gone") this.stations.delete(payload.station);
    this.stations = new Map([...this.stations].sort(([one], [other]) => one.localeCompare(other)));
    this.#change({ isLive: true });
  }

  #change({ isLive }) {
    this.isLive = isLive;
    this.#changed();
  }
}
