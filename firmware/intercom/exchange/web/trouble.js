// How the connection to the exchange stands, in words.

const LINK = {
  connecting: () => "Connecting…",
  ready: (identity) => `Connected as ${identity}`,
  lost: () => "No connection",
  off: () => "Not signed in",
};

const UNREACHABLE =
  "The exchange can't be reached. Is it running, and is this device in its network? The page keeps trying.";
const UNTRUSTED =
  "The browser loads this page but refuses the lasting connection: it does not trust the exchange's certificate. " +
  "Install it as told below, then load the page again.";
const REFUSED = "The exchange answers, but ends the connection again and again. The page keeps trying.";
const BORNE_FAILURES = 1;

export function linkWords(state, identity) {
  return LINK[state](identity);
}

/** Why the link is lost, once that has lasted: "" while it may be a hiccup. */
export async function troubleOf({ failures, wasOpen }) {
  if (failures <= BORNE_FAILURES) return "";
  try {
    const { ok } = await fetch("/healthz", { cache: "no-store" });
    if (!ok) return UNREACHABLE;
    return wasOpen ? REFUSED : UNTRUSTED;
  } catch {
    return UNREACHABLE;
  }
}
