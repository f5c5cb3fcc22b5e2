"""The access token that a station shows: held while it is good, renewed before it expires."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

from intercom.errors import IntercomError, TokenError
from intercom.signaling import token
from intercom.signaling.backoff import delays
from intercom.signaling.tokens import Source

logger = logging.getLogger(__name__)

MARGIN = 0.2
MARGIN_LEAST_S = 30.0
LIFE_LEAST_S, LIFE_MOST_S = 1.0, 10 * 365 * 86_400.0
RETRY_FIRST_S, RETRY_CAP_S = 1.0, 60.0
QUIET_S = 2 * RETRY_CAP_S


@dataclass(frozen=True, slots=True)
class Held:
    """One token and its times, in seconds of a steady clock; infinite where nobody told how long it lives."""

    token: str
    due: float
    good_until: float


def held(token_: str, *, now: float, life_s: float | None) -> Held:
    """Return a token with its times: due at 80 % of its life, 30 s before its end, or at half of it. Pure."""
    if life_s is None or not 0 < life_s < LIFE_MOST_S:
        return Held(token_, inf, inf)
    life_s = max(life_s, LIFE_LEAST_S)
    margin_s = min(max(MARGIN * life_s, MARGIN_LEAST_S), life_s / 2)
    return Held(token_, now + life_s - margin_s, now + life_s)


class Credential:
    """Gives out one source's tokens.

    `changed` is called with each token that takes another's place.  Whoever needs a token awaits `current`; while one
    is good, a source that fails disturbs nobody, and is asked again.
    """

    def __init__(self, source: Source) -> None:
        self.changed: Callable[[str], None] = lambda _: None
        self._source = source
        self._held: Held | None = None
        self._due, self._retried_at = inf, -inf
        self._expires = self._why = ""
        self._pauses = delays(RETRY_FIRST_S, RETRY_CAP_S)
        self._lock = asyncio.Lock()
        self._woken = asyncio.Event()

    async def current(self) -> str:
        """Return a token that is good now, asking the source where there is none; raises IntercomError."""
        async with self._lock:
            return self._held.token if self._held and self._is_good else await self._fetch()

    async def keep(self) -> None:
        """Renew the token whenever it is due, until cancelled."""
        while True:
            await self._wait_until_due()
            async with self._lock:
                if self._due > _now():
                    continue
                with suppress(IntercomError):  # noted, and tried again
                    await self._fetch()
                if self._due <= _now():
                    self._due = _now() + self._pause_s()

    def give(self, token_: str) -> None:
        """Take a token by hand in place of the source's; when that is due, the source's follow."""
        self._hold(token_)

    def told(self, token_: str, life_s: float) -> None:
        """Take an exchange's word for how long this token lives: its clock may be better than ours."""
        if self._held and self._held.token == token_ and 0 < life_s < LIFE_MOST_S:
            self._take(token_, life_s)

    def refuse(self, token_: str, why: str) -> None:
        """Forget this token, which the exchange doesn't take (any more), and get another."""
        if self._held and self._held.token == token_:
            self._note(why)
            self._held, self._expires = None, ""
            self._due = _now() + (0.0 if _now() - self._retried_at > QUIET_S else self._pause_s())
            self._retried_at = _now()
            self._woken.set()

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` shows: never the token."""
        state = "good" if self._is_good else "missing"
        return {"state": state, "source": self._source.name, "expires": self._expires, "why": self._why}

    @property
    def _is_good(self) -> bool:
        return self._held is not None and self._held.good_until > _now()

    async def _wait_until_due(self) -> None:
        self._woken.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(None if self._due == inf else max(0.0, self._due - _now())):
                await self._woken.wait()

    async def _fetch(self) -> str:
        try:
            fresh = await self._source.fetch()
            if self._is_good and (_life_s(fresh) or 1) <= 0:
                raise TokenError(f"The {self._source.name} gives a token that has expired.", code=token.EXPIRED)
        except IntercomError as error:
            self._note(str(error))
            raise
        if self._held is None or fresh != self._held.token:
            logger.info("signalling: a fresh access token from the %s", self._source.name)
            self._hold(fresh)
        return fresh

    def _hold(self, token_: str) -> None:
        self._take(token_, _life_s(token_))
        self.changed(token_)

    def _take(self, token_: str, life_s: float | None) -> None:
        self._held, self._why = held(token_, now=_now(), life_s=life_s), ""
        self._due = self._held.due
        self._expires = "" if self._due == inf else _moment(self._held.good_until - _now())
        self._woken.set()

    def _pause_s(self) -> float:
        """Return how long to wait before the source is asked again; short again after a quiet time."""
        if _now() - self._retried_at > QUIET_S:
            self._pauses = delays(RETRY_FIRST_S, RETRY_CAP_S)
        self._retried_at = _now()
        return next(self._pauses)

    def _note(self, why: str) -> None:
        if why != self._why:
            logger.warning("signalling: %s", why)
        self._why = why


def _life_s(token_: str) -> float | None:
    expires_at = token.expiry(token_)
    return None if expires_at is None else expires_at - time.time()


def _moment(in_s: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=in_s)).isoformat(timespec="seconds")


def _now() -> float:
    return asyncio.get_running_loop().time()
