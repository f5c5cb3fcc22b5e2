// The stations' panels, live: what each shows, and presses for those that are simulated.
import { SignedOut } from "./account.js";
import { Link } from "./link.js";

export class Panel {
  #account;
  #changed;
  #link;

  /** name → {station, simulated, status}, in the order of their names. */
  stations = new Map();

  /** `changed()` after each snapshot, and when a station leaves. */
  constructor(account, changed) {
    this.#account = account;
    this.#changed = changed;
    this.#link = new Link("/panel", {
      opened: () => this.#listen(),
      received: (type, payload) => this.#receive(type, payload),
      lost: () => this.#forget(),
    });
  }

  open() {
    this.#link.open();
  }

  close() {
    this.#link.close();
    this.#forget();
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
    if (type === "snapshot") this.stations.set(payload.station, payload);
    else if (type === "gone") this.stations.delete(payload.station);
    else if (type === "error") this.#account.forget();
    this.stations = new Map([...this.stations].sort(([one], [other]) => one.localeCompare(other)));
    this.#changed();
  }

  #forget() {
    this.stations.clear();
    this.#changed();
  }
}
