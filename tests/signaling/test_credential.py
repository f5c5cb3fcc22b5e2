"""The token a station shows: fetched when needed, renewed in time, kept while its source fails."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.errors import NoAnswerError
from intercom.signaling.credential import Credential, held
from intercom.signaling.tokens import Source

PATIENCE_S = 10.0


def token(name: str, *, lives_s: float | None = None) -> str:
    claims: dict[str, object] = {"iss": name} if lives_s is None else {"iss": name, "exp": time.time() + lives_s}
    return jwt.encode(claims, 32 * "s", "HS256")


class Tokens:
    """A source that gives what it holds, the last again and again; None: it fails."""

    def __init__(self, *tokens: str | None) -> None:
        self._left = list(tokens)
        self.asked = 0
        self.failed = asyncio.Event()
        self.source = Source("box", self._fetch)

    async def _fetch(self) -> str:
        self.asked += 1
        given = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        if given is None:
            self.failed.set()
            raise NoAnswerError("The box is empty.")
        return given


class Shown:
    """Collects the tokens that a credential announces."""

    def __init__(self, credential: Credential) -> None:
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        credential.changed = self._queue.put_nowait

    async def next(self) -> str:
        async with asyncio.timeout(PATIENCE_S):
            return await self._queue.get()

    def is_empty(self) -> bool:
        return self._queue.empty()


@asynccontextmanager
async def kept(box: Tokens) -> AsyncIterator[tuple[Credential, Shown]]:
    credential = Credential(box.source)
    keeping = asyncio.create_task(credential.keep())
    try:
        yield credential, Shown(credential)
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


@pytest.mark.parametrize(
    ("life_s", "due_s"),
    [(3600, 2880), (86_400, 69_120), (100, 70), (40, 20), (2, 1), (0.1, 0.5), (None, inf), (-5, inf), (1e300, inf)],
)
def test_a_token_is_due_at_four_fifths_of_its_life_but_half_a_minute_before_its_end(
    life_s: float | None, due_s: float
) -> None:
    assert held("t", now=0, life_s=life_s).due == pytest.approx(due_s)


@given(st.floats() | st.none(), st.floats(0, 1e9))
def test_whatever_life_a_token_claims_it_is_due_in_the_future_and_before_its_end(
    life_s: float | None, now: float
) -> None:
    times = held("t", now=now, life_s=life_s)
    assert now < times.due <= times.good_until


async def test_a_token_is_fetched_once_and_then_given_to_all_who_ask() -> None:
    box = Tokens(token("a", lives_s=600))
    credential = Credential(box.source)
    assert await credential.current() == await credential.current()
    assert box.asked == 1


async def test_a_token_that_is_due_is_replaced_before_it_expires() -> None:
    async with kept(Tokens(token("a", lives_s=2), token("b", lives_s=600))) as (credential, shown):
        first = await credential.current()
        assert await shown.next() == first
        second = await shown.next()
        assert second != first
        assert await credential.current() == second


async def test_a_source_that_fails_leaves_the_good_token_and_is_asked_again() -> None:
    box = Tokens(token("a", lives_s=4), None, token("b", lives_s=600))
    async with kept(box) as (credential, shown):
        first = await credential.current()
        await shown.next()
        async with asyncio.timeout(PATIENCE_S):
            await box.failed.wait()
        assert await credential.current() == first
        assert credential.status()["why"] == "The box is empty."
        assert await shown.next() != first
        assert credential.status()["why"] == ""


async def test_a_source_that_gives_an_old_token_does_not_take_the_good_one_away() -> None:
    async with kept(Tokens(token("a", lives_s=3), token("old", lives_s=-5), token("b", lives_s=600))) as (
        credential,
        shown,
    ):
        first = await credential.current()
        assert await shown.next() == first
        assert jwt.decode(await shown.next(), options={"verify_signature": False})["iss"] == "b"


async def test_the_exchange_knows_better_how_long_a_token_lives() -> None:
    box = Tokens(token("a", lives_s=-1000), token("b", lives_s=600))
    async with kept(box) as (credential, shown):
        first = await credential.current()  # our clock may be wrong, so it is shown
        await shown.next()
        assert credential.status()["expires"] == ""
        credential.told(first, 2)
        assert credential.status()["expires"]
        assert await shown.next() != first


@pytest.mark.parametrize("life_s", [0, -1, inf, float("nan"), 10**400])
async def test_nonsense_about_a_tokens_life_is_ignored(life_s: float) -> None:
    credential = Credential(Tokens(token("a", lives_s=600)).source)
    first = await credential.current()
    before = credential.status()
    credential.told(first, life_s)
    assert credential.status() == before


async def test_a_refused_token_is_replaced_at_once_and_the_next_ones_more_and_more_slowly() -> None:
    async with kept(Tokens(token("a"))) as (credential, shown):
        await credential.current()
        begun = asyncio.get_running_loop().time()
        for _ in range(3):
            credential.refuse(await shown.next(), "It has expired.")
        assert credential.status() == {"state": "missing", "source": "box", "expires": "", "why": "It has expired."}
        await shown.next()
        assert asyncio.get_running_loop().time() - begun > 2.5


async def test_a_token_by_hand_takes_the_place_of_the_sources_until_it_is_due() -> None:
    async with kept(Tokens(token("a", lives_s=600))) as (credential, shown):
        mine = token("mine", lives_s=2)
        credential.give(mine)
        assert await shown.next() == mine
        assert await credential.current() == mine
        assert await shown.next() != mine


async def test_without_any_token_the_source_says_why() -> None:
    credential = Credential(Tokens(None).source)
    with pytest.raises(NoAnswerError, match="empty"):
        await credential.current()
    assert credential.status()["state"] == "missing"


async def test_neither_status_nor_log_quotes_a_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    credential = Credential(Tokens(token("a", lives_s=600)).source)
    text = await credential.current()
    credential.refuse(text, "no")
    assert not any(part in f"{credential.status()}{caplog.text}" for part in text.split("."))
