"""Where a station's tokens come from, and how long it waits between attempts."""

from itertools import islice

import pytest

from intercom.errors import TokenError
from intercom.signaling import token, tokens
from intercom.signaling.backoff import delays


async def test_a_station_mints_its_own_tokens_from_its_api_key() -> None:
    minted = await tokens.from_api_key("hall", "SK" + "0" * 32, "0123456789abcdef" * 2).fetch()
    assert token.issuer(minted) == "SK" + "0" * 32


@pytest.mark.parametrize(("key", "secret"), [("", ""), ("SK" + "0" * 32, ""), ("", "secret")])
async def test_a_station_without_a_key_says_where_to_get_one(key: str, secret: str) -> None:
    with pytest.raises(TokenError, match="intercom station add"):
        await tokens.from_api_key("hall", key, secret).fetch()


def test_delays_double_up_to_their_cap_and_never_end() -> None:
    assert list(islice(delays(uniform=lambda low, _: low), 8)) == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_delays_differ_from_station_to_station() -> None:
    assert list(islice(delays(), 5)) != list(islice(delays(), 5))
