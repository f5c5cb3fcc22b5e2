// A WebSocket that comes back by itself, for ever: JSON frames, heartbeats answered, silence noticed.

const CONNECT_MS = 5_000;
const SILENCE_MS = 15_000;
const FIRST_MS = 100;
const LONGEST_MS = 20_000;
const SETTLED_MS = 10_000;

/** The pause after so many failures, in ms: doubling to 20 s, spread by 40 %, so that pages don't come all at once. */
function pauseMs(failures) {
  return Math.round(Math.min(FIRST_MS * 2 ** failures, LONGEST_MS) * (1 + 0.4 * Math.random()));
}

export class Link {
  #path;
  #on;
  #socket = null;
  #failures = 0;
  #retry = 0;
  #watch = 0;
  #openedAt = 0;
  #isWanted = false;

  /** `on.opened()`, `on.received(type, payload)`, `on.lost({failures, wasOpen})`: how many in a row, how far it got. */
  constructor(path, on) {
    this.#path = path;
    this.#on = on;
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  open() {
    this.#isWanted = true;
    if (!this.#socket) this.#connect();
  }

  /** Close for good, until the next `open`. */
  close() {
    this.#isWanted = false;
    clearTimeout(this.#retry);
    this.#drop();
  }

  /** Close, and come back after the usual pause. */
  again() {
    this.#lose(this.#socket);
  }

  send(type, payload = {}) {
    if (this.isOpen) this.#socket.send(JSON.stringify({ type, version: "1.5", payload }));
    return this.isOpen;
  }

  #connect() {
    clearTimeout(this.#retry);
    const socket = new WebSocket(`wss://${location.host}${this.#path}`);
    this.#socket = socket;
    this.#expect(CONNECT_MS);
    socket.onopen = () => {
      this.#openedAt = performance.now();
      this.#expect(SILENCE_MS);
      this.#on.opened();
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = () => this.#lose(socket);
  }

  #receive(text) {
    this.#expect(SILENCE_MS);
    if (text === "\n") {
      this.#socket.send("\n");
      return;
    }
    const { type, payload } = JSON.parse(text);
    this.#on.received(type, payload ?? {});
  }

  #expect(withinMs) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#lose(this.#socket), withinMs);
  }

  #lose(socket) {
    if (!socket || socket !== this.#socket) return;
    const wasSettled = this.#openedAt && performance.now() - this.#openedAt > SETTLED_MS;
    const wasOpen = this.#openedAt > 0;
    this.#failures = wasSettled ? 0 : this.#failures + 1;
    this.#drop();
    if (this.#isWanted) this.#retry = setTimeout(() => this.#connect(), pauseMs(this.#failures));
    this.#on.lost({ failures: this.#failures, wasOpen });
  }

  #drop() {
    clearTimeout(this.#watch);
    const socket = this.#socket;
    this.#socket = null;
    this.#openedAt = 0;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #hurry() {
    if (this.#isWanted && !this.#socket) this.#connect();
  }
}
