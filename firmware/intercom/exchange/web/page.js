// The page: builds the parts, lets them know of each other, and says how the connection stands.
import { Account, SignedOut } from "./account.js";
import { CallView } from "./callview.js";
import { Door } from "./door.js";
import { Faceplate } from "./faceplate.js";
import { History } from "./history.js";
import { Media } from "./media.js";
import { Panel } from "./panel.js";
import { Phone } from "./phone.js";
import { Signal } from "./signal.js";
import { Sounds, toneOf } from "./sounds.js";
import { linkWords, troubleOf } from "./trouble.js";

const $ = (selector) => document.querySelector(selector);
const faceplates = new Map();

const account = new Account();
const sounds = new Sounds();
const door = new Door($("#door"), start);
const panel = new Panel(account, showStations);
const signal = new Signal(account, {
  changed: linkChanged,
  received: (type, payload) => phone.receive(type, payload),
  signedOut: signOut,
});
const phone = new Phone({
  send: (type, payload) => signal.send(type, payload),
  makeMedia: (changed) => new Media($("#speaker"), changed),
  changed: showCall,
});
const view = new CallView($("#phone"), phone);
const history = new History($("#history"));

/** Sign in with the cookie and open both links; without a cookie show how to get one. */
async function start() {
  try {
    await account.token();
  } catch (error) {
    if (error instanceof SignedOut) return signOut();
  }
  door.hide();
  $("#app").hidden = false;
  signal.open();
  panel.open();
  showCall();
  history.refresh();
}

function signOut() {
  phone.hangUp();
  signal.close();
  panel.close();
  $("#app").hidden = true;
  showLink("off");
  door.show();
}

function showStations() {
  for (const [name, plate] of faceplates) {
    if (panel.stations.has(name)) continue;
    plate.root.remove();
    faceplates.delete(name);
  }
  for (const [name, station] of panel.stations) {
    if (!faceplates.has(name)) faceplates.set(name, new Faceplate(panel, name));
    faceplates.get(name).show(station);
  }
  place([...panel.stations.keys()]);
  $("#stations").inert = !panel.isLive;
  showCall();
}

/** Put the faceplates in this order; one that moves loses the focus, so those in place stay. */
function place(names) {
  names.forEach((name, index) => {
    const { root } = faceplates.get(name);
    const there = $("#stations").children[index];
    if (there !== root) $("#stations").insertBefore(root, there ?? null);
  });
}

function showCall() {
  view.show([...panel.stations.keys()], signal.state === "ready");
  sounds.play(toneOf(phone));
  if (phone.state === "closed") history.refreshSoon();
  document.title = phone.state === "pending" ? `${phone.call.peer} is calling` : "Intercom";
  showSoundAllowed();
}

async function linkChanged(state, loss) {
  if (state === "lost") phone.linkLost();
  showLink(state);
  showCall();
  const trouble = state === "lost" ? await troubleOf(loss) : "";
  if (state !== signal.state) return;
  $("#trouble").hidden = !trouble;
  $("#trouble").textContent = trouble;
}

function showLink(state) {
  $("#link").dataset.state = state;
  $("#link").textContent = linkWords(state, account.identity);
}

function showSoundAllowed() {
  $("#allow-sound").hidden = sounds.isAllowed;
}

async function allowSound() {
  if (sounds.isAllowed) return;
  await sounds.allow();
  showSoundAllowed();
}

function draw(now) {
  for (const plate of faceplates.values()) plate.draw(now);
  requestAnimationFrame(draw);
}

for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, allowSound);
addEventListener("blur", () => faceplates.forEach((plate) => plate.releaseAll()));
addEventListener("pagehide", () => phone.hangUp());
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
requestAnimationFrame(draw);
if (!door.open()) start();
