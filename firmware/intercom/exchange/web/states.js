// The life of this page's call, as one table: state → event → next state.

export const STATES = {
  idle: { dial: "connecting", invited: "pending" },
  pending: { accept: "connecting", end: "closed" },
  connecting: { farEndRings: "ringing", answered: "open", end: "closed" },
  ringing: { answered: "open", end: "closed" },
  open: { soundLost: "reconnecting", end: "closed" },
  reconnecting: { soundBack: "open", end: "closed" },
  closed: { dial: "connecting", invited: "pending", rest: "idle" },
};

/** The state after an event, or null where the event means nothing. */
export function after(state, event) {
  return STATES[state][event] ?? null;
}

export const isBusy = (state) => state !== "idle" && state !== "closed";
