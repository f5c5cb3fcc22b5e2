"""The line to the event gateway (Voice JS SDK v1, EventPublisher): reports go out in order and never hold a call up."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
import msgspec

from intercom.errors import IntercomError, NoAnswerError
from intercom.signaling.trust import Trust

logger = logging.getLogger(__name__)

TWILIO = "https://eventgw.twilio.com"
ANSWER_S = 5.0
LEAVE_WITHIN_S = 1.0
WAITING_AT_MOST = 128
STOPPING = "The station stops."
HINT = "The call is not disturbed; quality.reports says where reports go."


def gateway_of(reports: str, signaling_url: str) -> str:
    """Return the gateway's address for the setting `quality.reports`; empty: none.  Twilio has one of its own."""
    match reports:
        case "off":
            return ""
        case "twilio":
            return TWILIO
        case "exchange":
            host = urlsplit(signaling_url)
            is_twilio = (host.hostname or "").endswith(".twilio.com")
            return TWILIO if is_twilio else f"https://{host.netloc}" if host.netloc else ""
        case url:
            return url


def gateway_for(reports: str, signaling_url: str, trust: Trust, token: Callable[[], Awaitable[str]]) -> "Gateway":
    """Return the gateway for these settings; `trust` is for the exchange, the system's CAs vouch for any other."""
    url = gateway_of(reports, signaling_url)
    is_exchange = reports == "exchange" and url != TWILIO
    return Gateway(url, trust if is_exchange else Trust(url, ""), token)


@dataclass(frozen=True, slots=True)
class _Letter:
    """A report on its way; who waits for its fate is told."""

    path: str
    body: Mapping[str, Any]
    fate: asyncio.Future[None] | None = None


class Gateway:
    """Sends one report after another over one connection (`call.ports.Gateway`); an async context manager.

    `token` gives an access token and may raise IntercomError.  What a gateway does not take is dropped and counted;
    one that gives no answer loses all that waits, so that nothing old piles up.
    """

    def __init__(self, url: str, trust: Trust, token: Callable[[], Awaitable[str]]) -> None:
        self._url, self._trust, self._token = url, trust, token
        self._letters: deque[_Letter] = deque()
        self._woken = asyncio.Event()
        self._taken = self._dropped = 0
        self._why = ""
        self._is_leaving = False
        self._task: asyncio.Task[None] | None = None

    def post(self, path: str, body: Mapping[str, Any]) -> None:
        """Send a report some time soon, or drop it; never raises."""
        if self._url:
            self._put(_Letter(path, body))

    async def send(self, path: str, body: Mapping[str, Any]) -> None:
        """Send a report; returns when the gateway took it, raises NoAnswerError when it did not.

        Where reports are off nothing is sent.
        """
        if not self._url:
            return
        if self._task is None or self._is_leaving:
            raise NoAnswerError("No reports are sent any more.", "Start the station again.")
        fate = asyncio.get_running_loop().create_future()
        self._put(_Letter(path, body, fate))
        await fate

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` shows of the reports."""
        state = "lost" if self._why else "on" if self._url else "off"
        return {
            "gateway": self._url, "state": state, "why": self._why, "taken": self._taken, "dropped": self._dropped,
        }  # fmt: skip

    async def __aenter__(self) -> Self:
        if self._url:
            self._task = asyncio.create_task(self._deliver_all(), name="reports")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_leaving = True
        self._woken.set()
        if self._task:
            await asyncio.wait({self._task}, timeout=LEAVE_WITHIN_S)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._drop_all(STOPPING)

    def _put(self, letter: _Letter) -> None:
        if len(self._letters) >= WAITING_AT_MOST:
            self._drop(self._letters.popleft(), "Too many reports wait.")
        self._letters.append(letter)
        self._woken.set()

    async def _deliver_all(self) -> None:
        connector = aiohttp.TCPConnector(limit=1)
        async with aiohttp.ClientSession(connector=connector) as http:
            while self._letters or not self._is_leaving:
                if self._letters:
                    await self._deliver(http, self._letters.popleft())
                else:
                    self._woken.clear()
                    await self._woken.wait()

    async def _deliver(self, http: aiohttp.ClientSession, letter: _Letter) -> None:
        why = STOPPING
        try:
            status = await self._ask(http, letter)
            why = "" if 200 <= status < 300 else f"{self._url} refused a report with HTTP status {status}."
            self._note(why)
        except IntercomError as error:
            why = error.message
            self._note(why)
            self._drop_all(why)
        finally:
            if why:
                self._drop(letter, why)
            else:
                self._took(letter)

    async def _ask(self, http: aiohttp.ClientSession, letter: _Letter) -> int:
        try:
            async with asyncio.timeout(ANSWER_S):
                tls = await self._trust.context(http)
                headers = {"Content-Type": "application/json", "X-Twilio-Token": await self._token()}
                text, url = msgspec.json.encode(letter.body), self._url + letter.path
                async with http.post(url, data=text, headers=headers, ssl=tls, allow_redirects=False) as answer:
                    return answer.status
        except TimeoutError as error:
            raise NoAnswerError(f"{self._url} took no report within {ANSWER_S:.0f} s.", HINT) from error
        except (aiohttp.ClientError, OSError) as error:
            raise NoAnswerError(f"{self._url} can't be reached for reports ({error}).", HINT) from error

    def _took(self, letter: _Letter) -> None:
        self._taken += 1
        if letter.fate and not letter.fate.done():
            letter.fate.set_result(None)

    def _drop_all(self, why: str) -> None:
        while self._letters:
            self._drop(self._letters.popleft(), why)

    def _drop(self, letter: _Letter, why: str) -> None:
        self._dropped += 1
        if letter.fate and not letter.fate.done():
            letter.fate.set_exception(NoAnswerError(f"The report was not taken. {why}", HINT))

    def _note(self, why: str) -> None:
        """Log a change for the worse or the better, once."""
        if bool(why) != bool(self._why):
            logger.log(logging.WARNING if why else logging.INFO, "reports: %s", why or "they are taken again")
        self._why = why
