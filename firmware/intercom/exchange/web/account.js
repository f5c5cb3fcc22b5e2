// Who this page is: tokens for the cookie that an invite link has set.

const RENEW_AT = 0.8;

/** The exchange's codes for a token that it does not take. */
export const TOKEN_REFUSED = new Set([31201, 31204, 31205]);

/** The exchange knows no cookie of ours: the page needs an invite link. */
export class SignedOut extends Error {}

export class Account {
  #token = "";
  #renewAt = 0;

  /** The identity in the token: who others call. */
  identity = "";

  /** A token with some life left; raises SignedOut, or TypeError where the exchange can't be reached. */
  async token() {
    if (this.renewInMs > 0) return this.#token;
    const response = await fetch("/token", { method: "POST" });
    if (response.status === 401) throw new SignedOut();
    if (!response.ok) throw new TypeError(`/token answered ${response.status}`);
    const { token, identity, ttl } = await response.json();
    this.#token = token;
    this.#renewAt = performance.now() + ttl * 1000 * RENEW_AT;
    this.identity = identity;
    return token;
  }

  /** How long the token is good for before a new one should be fetched, in ms. */
  get renewInMs() {
    return this.#token ? Math.max(0, this.#renewAt - performance.now()) : 0;
  }

  /** Fetch a new one next time: the exchange refused this one. */
  forget() {
    this.#token = "";
  }
}

/** Trade an invite's one-time code for the cookie; false when it is used up or too old; raises TypeError as `token`. */
export async function join(code) {
  const response = await fetch("/join", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  });
  if (response.status >= 500) throw new TypeError(`/join answered ${response.status}`);
  return response.ok;
}
