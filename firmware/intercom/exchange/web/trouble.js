// How the connection to the exchange stands, in words.

const LINK = {
  connecting: () => "Connecting…",
  ready: (identity) => `Connected as ${identity}`,
  lost: () => "No connection",
  evicted: () => "Signed off",
  "signed out": () => "Not signed in",
};

const UNREACHABLE =
  "The exchange can't be reached. Is it running, and is this device in its network? The page keeps trying.";
const UNTRUSTED =
  "The browser loads this page but refuses the lasting connection: it does not trust the exchange's certificate. " +
  "Install it as told below, then load the page again.";
const PATIENT_ATTEMPTS = 2;

export function linkWords(state, identity) {
  return LINK[state](identity);
}

/** Why the link is lost, once that has lasted: "" while it may be a hiccup. */
export async function troubleOf(attempt) {
  if (attempt < PATIENT_ATTEMPTS) return "";
  try {
    const { ok } = await fetch("/healthz", { cache: "no-store" });
    return ok ? UNTRUSTED : UNREACHABLE;
  } catch {
    return UNREACHABLE;
  }
}
