// The latest calls of whoever is signed in: with whom, when, how long, how they sounded.
import { ofAddress, ofMoment, ofOutcome, ofScore } from "./words.js";

const SOON_MS = 1000; // after a call, until its last figures have arrived
const SHOWN = 5;

export class History {
  #root;
  #timer = 0;

  constructor(root) {
    this.#root = root;
    root.querySelector("button").onclick = () => this.#showAll();
    document.addEventListener("visibilitychange", () => document.hidden || this.refreshSoon());
  }

  /** Show the calls as they are now; what can't be fetched leaves those shown before. */
  async refresh() {
    const response = await fetch("/history").catch(() => null);
    if (response?.ok) this.#show((await response.json()).calls);
  }

  /** Refresh when what goes on has come to its end. */
  refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), SOON_MS);
  }

  #show(calls) {
    this.#root.hidden = !calls.length;
    this.#root.querySelector("ol").replaceChildren(...calls.map(row));
    this.#hideSome(calls.length > SHOWN && !this.#root.classList.contains("all"));
  }

  #showAll() {
    this.#root.classList.add("all");
    this.#hideSome(false);
    this.#root.querySelector(`li:nth-child(${SHOWN + 1})`)?.focus();
  }

  #hideSome(areSomeHidden) {
    this.#root.querySelectorAll("li").forEach((each, index) => (each.hidden = areSomeHidden && index >= SHOWN));
    this.#root.querySelector("button").hidden = !areSomeHidden;
  }
}

function row(call) {
  const item = document.querySelector("#past-call").content.cloneNode(true).firstElementChild;
  const isMissed = call.direction === "incoming" && !call.answered_at && Boolean(call.ended_at);
  item.classList.toggle("missed", isMissed);
  item.querySelector("use").setAttribute("href", `#icon-${call.direction}`);
  item.querySelector("svg").setAttribute("aria-label", call.direction);
  item.querySelector(".who").textContent = ofAddress(call.who);
  item.querySelector("time").textContent = ofMoment(call.started_at, new Date());
  item.querySelector("time").dateTime = new Date(call.started_at * 1000).toISOString();
  item.querySelector(".outcome").textContent = ofOutcome(call);
  showScore(item.querySelector(".score"), call.mos);
  return item;
}

function showScore(place, mos) {
  place.hidden = mos === null;
  if (mos === null) return;
  const [bars, word] = ofScore(mos);
  place.dataset.bars = bars;
  place.title = `${mos.toFixed(1)} of 5`;
  place.querySelector(".word").textContent = word;
}
