// What went wrong, in words a person can act on.

// code → what to say where the exchange says nothing itself, and what to do
const BY_CODE = {
  31003: ["The other end was lost.", "Are both ends in the same network?"],
  31201: ["You may not make this call.", "Ask for a new invite link."],
  31404: ["Nobody of that name is known.", ""],
  31480: ["Nobody answered.", "Try again in a while."],
  31486: ["The line is busy.", "Another call is going on there. Try again in a while."],
  31603: ["The call was declined.", ""],
};

const BY_EXCEPTION = {
  NotAllowedError: [
    "The browser may not use the microphone.",
    "Allow it for this page (the icon beside the address, or the site settings), then call again.",
  ],
  NotFoundError: ["No microphone was found.", "Plug one in, or a headset, then call again."],
  NotReadableError: ["The microphone can't be used.", "Another program may hold it: close that, then call again."],
  SecurityError: ["The browser may not use the microphone here.", "Open this page by its https address."],
};

/** Why the far end or the exchange ended the call: [sentence, next step]. */
export function ofFailure({ code, message }) {
  const [sentence, hint] = BY_CODE[code] ?? ["The call failed.", "Try again."];
  return [message || sentence, hint];
}

/** Why the browser could not make the call's sound: [sentence, next step]. */
export function ofException(error) {
  if (!isSecureContext || !navigator.mediaDevices) return BY_EXCEPTION.SecurityError;
  return BY_EXCEPTION[error.name] ?? ["The browser could not set up the sound.", error.message];
}

export const HUNG_UP = ["The call has ended.", ""];
export const TAKEN = ["Too late: the caller hung up, or another phone answered.", ""];
export const NO_MICROPHONE = ["The microphone is gone.", "Plug it in, then call again."];
export const SOUND_LOST = ["The sound was lost.", "Is the network still there on both sides?"];
export const LINK_LOST = ["The connection to the exchange was lost.", "It comes back by itself; then call again."];

const BROKEN = new Set(["missing", "busy", "failed"]);

/** What a caller should know of a station's sound: sentences. */
export function ofAudio({ capture = {}, playback = {} }, isSameComputer) {
  const isTest = capture.state === "test voice";
  return [
    isTest && "It has no microphone, so it speaks with a test voice.",
    BROKEN.has(capture.state) && `You will hear nothing from it. ${gist(capture.why)}`,
    BROKEN.has(playback.state) && `It can't play your voice. ${gist(playback.why)}`,
    isSameComputer && !isTest && "It uses this computer's own sound: use headphones, or the two will howl.",
  ].filter(Boolean);
}

/** The cause without the advice, which is for those at the machine. */
function gist(why = "") {
  return why.split(/(?<=\.) (?=[A-Z])/)[0];
}

/** A door, where there is something to tell of it: [kind, words]. */
export function ofDoor({ tampered, alarm, lock }) {
  if (tampered) return ["alarm", "Case opened: the door stays locked"];
  if (alarm) return ["alarm", `The door is ${alarm}`];
  return lock === "open" ? ["open", "The door is open"] : ["", ""];
}

const MOVES = {
  heartbeat: "beating faintly",
  blink: "blinking slowly",
  chase: "chasing",
  spin: "spinning",
  breathe: "breathing",
  swing: "swinging to and fro",
  meter: "as long as it is loud",
  "flash-long": "one long flash",
  "flash-three": "three short flashes",
};
const OVERLAYS = {
  muted: "muted",
  "link-lost": "link lost",
  "poor-quality": "the call is poor",
  private: "privacy: the microphone is off",
  "do-not-disturb": "do not disturb",
  missed: "a call was missed",
  "last-minute": "the call is about to end",
  "door-open": "door open",
  "door-asked": "asking for the door",
  "door-granted": "the door there was opened",
  "door-refused": "the door stays shut",
  "door-held": "door held open",
  tampered: "case opened",
  "last-minute": "the call ends soon",
  private: "privacy",
  "do-not-disturb": "do not disturb",
  missed: "a call was missed",
};

/** A ring's light in words, for those who don't see it. */
export function ofLight({ pattern, colour, overlays = [] }) {
  const base = pattern === "off" ? ["dark"] : [colour, MOVES[pattern] ?? pattern];
  return [...base, ...overlays.map((name) => OVERLAYS[name] ?? name)].join(", ");
}

/** A length of time as m:ss or h:mm:ss. */
export function ofTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) parts.unshift(Math.floor(whole / 3600));
  return parts.map((part, index) => String(part).padStart(index ? 2 : 1, "0")).join(":");
}

/** When something was, at a glance: 14:03, Yesterday 14:03, Mon 12 May 14:03. */
export function ofMoment(seconds, now) {
  const moment = new Date(seconds * 1000);
  const time = moment.toLocaleTimeString(undefined, { timeStyle: "short" });
  const days = (midnight(now) - midnight(moment)) / 86_400_000;
  if (Math.round(days) === 0) return time;
  if (Math.round(days) === 1) return `Yesterday ${time}`;
  return `${moment.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short" })} ${time}`;
}

function midnight(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
}

const UNANSWERED = { 31003: "lost", 31404: "unknown name", 31486: "busy", 31603: "declined" };

/** What became of a past call: how long it lasted, or why it did not come to be. */
export function ofOutcome({ direction, answered_at, ended_at, duration_s, code }) {
  if (!ended_at) return "now";
  if (answered_at) return ofTime(duration_s);
  return UNANSWERED[code] ?? (direction === "incoming" ? "missed" : "not answered");
}

// from this score on: bars of four, and a word
const SCORES = [[4.2, 4, "very good"], [3.8, 3, "good"], [3, 2, "fair"], [0, 1, "poor"]];

/** How a call sounded, from its mean opinion score: [bars of four, word]. */
export function ofScore(mos) {
  const [, bars, word] = SCORES.find(([least]) => mos >= least);
  return [bars, word];
}

/** An address as a name: without the scheme that the wire puts before it. */
export function ofAddress(address = "") {
  return address.replace(/^client:/, "") || "somebody";
}
