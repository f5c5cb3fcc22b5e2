// Signalling, as the Voice JS SDK v1 speaks it: listen, register, renew; queue what must not be lost.
import { SignedOut, TOKEN_REFUSED } from "./account.js";
import { Link } from "./link.js";

const REGISTER_MS = 30_000;
const KEPT_WHEN_DOWN = new Set(["answer", "hangup", "reject"]);

export class Signal {
  #account;
  #on;
  #link;
  #queue = [];
  #timers = [];

  /** connecting, ready, lost or off: what `on.changed` last said. */
  state = "connecting";

  /** `on.changed(state, loss)` (loss: what the link lost), `on.received(type, payload)`, `on.signedOut()`. */
  constructor(account, on) {
    this.#account = account;
    this.#on = on;
    this.#link = new Link("/signal", {
      opened: () => this.#listen(),
      received: (type, payload) => this.#receive(type, payload),
      lost: (loss) => this.#stop("lost", loss),
    });
  }

  open() {
    this.#link.open();
  }

  close() {
    this.#stop("off");
    this.#link.close();
  }

  send(type, payload) {
    if (!this.#link.send(type, payload) && KEPT_WHEN_DOWN.has(type)) this.#queue.push([type, payload]);
  }

  async #listen() {
    try {
      const token = await this.#account.token();
      const browser = { userAgent: navigator.userAgent, platform: navigator.platform };
      this.#link.send("listen", { token, browserinfo: { p: "browser", v: "1.5", browser, plugin: "rtc" } });
    } catch (error) {
      if (error instanceof SignedOut) this.#on.signedOut();
      else this.#link.again();
    }
  }

  #receive(type, payload) {
    const act = {
      connected: () => this.#connected(),
      ready: () => this.#change("ready"),
      offline: () => this.#change("connecting"),
      close: () => this.#on.signedOut(),
      error: () => this.#refused(payload.error ?? {}),
    }[type];
    if (act) act();
    else this.#on.received(type, payload);
  }

  #connected() {
    this.#clearTimers();
    for (const [type, payload] of this.#queue.splice(0)) this.#link.send(type, payload);
    this.#register();
    this.#timers = [
      setInterval(() => this.#register(), REGISTER_MS),
      setTimeout(() => this.#listen(), this.#account.renewInMs),
    ];
  }

  #register() {
    this.#link.send("register", { media: { audio: true } });
  }

  #refused({ code }) {
    if (!TOKEN_REFUSED.has(code)) return;
    this.#account.forget();
    this.#link.again();
  }

  #stop(state, loss) {
    this.#clearTimers();
    this.#change(state, loss);
  }

  #clearTimers() {
    this.#timers.forEach(clearTimeout);
  }

  #change(state, loss) {
    this.state = state;
    this.#on.changed(state, loss);
  }
}
