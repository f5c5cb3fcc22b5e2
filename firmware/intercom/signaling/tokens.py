"""Where a station's access tokens come from: its own API key, as Twilio's stations would mint them."""

import time
from collections.abc import Callable

from intercom.errors import TokenError
from intercom.signaling import token

TTL_S = 3600.0
RENEW_EVERY_S = 0.8 * TTL_S


def from_api_key(identity: str, api_key: str, api_secret: str) -> Callable[[], str]:
    """Return a function that mints a fresh token for `identity`; it raises TokenError where there is no key."""

    def mint() -> str:
        if not api_key or not api_secret:
            raise TokenError(
                "The settings hold no API key: run `intercom station add` on the exchange and copy its lines here.",
                code=token.NOT_ALLOWED,
            )
        return token.mint(api_key, api_secret, identity, now=time.time(), ttl_s=TTL_S)

    return mint
