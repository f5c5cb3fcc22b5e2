"""Where a station's access tokens come from: an API key, a URL, or a file.

No message here quotes a token, nor a URL but for its host: it may hold a secret.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from ssl import create_default_context
from urllib.parse import urlsplit

import aiohttp
import msgspec

from intercom.errors import NoAnswerError, TokenError
from intercom.settings import schema
from intercom.signaling import token

TTL_S = 3600.0
FETCH_WITHIN_S = 10.0
LIMIT_BYTES = 16_384

_TOKEN = re.compile(r"[A-Za-z0-9._=-]{1,8192}")
_FORM = "It must hold the token alone, or as the member `token` of a JSON object."


@dataclass(frozen=True, slots=True)
class Source:
    """`name` says which it is; `fetch` returns a fresh token and raises IntercomError."""

    name: str
    fetch: Callable[[], Awaitable[str]]


def source(settings: schema.Signaling, identity: str) -> Source:
    """Return the one source that the settings name."""
    if settings.token_url:
        return from_url(settings.token_url)
    if settings.token_file:
        return from_file(Path(settings.token_file))
    home = token.Home(settings.account_sid, settings.application_sid) if settings.account_sid else token.OURS
    return from_api_key(identity, settings.api_key, settings.api_secret, home=home)


def from_api_key(identity: str, api_key: str, api_secret: str, *, home: token.Home = token.OURS) -> Source:
    """Mint tokens for `identity` on this device, with a key of our exchange's or, at that `home`, of Twilio's."""

    async def mint() -> str:
        if not api_key or not api_secret:
            raise TokenError(
                "The settings hold no API key.",
                "Run `intercom station add` on the exchange and copy its lines into the settings.",
                code=token.NOT_ALLOWED,
            )
        return token.mint(api_key, api_secret, identity, now=time.time(), ttl_s=TTL_S, home=home)

    return Source("station API key" if home == token.OURS else "Twilio API key", mint)


def from_url(url: str) -> Source:
    """Fetch tokens by HTTPS; the server must prove itself to the system's CAs, and redirects are not followed."""
    server = f"The token URL's server, {urlsplit(url).hostname},"

    async def fetch() -> str:
        patience = aiohttp.ClientTimeout(total=FETCH_WITHIN_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=patience) as http,
                http.get(url, ssl=create_default_context(), allow_redirects=False) as answer,
            ):
                if answer.status != 200:
                    raise NoAnswerError(f"{server} answered {answer.status}.", "Check signaling.token_url.")
                return _token(await _body(answer), server)
        except TimeoutError as error:
            raise NoAnswerError(f"{server} doesn't answer within {FETCH_WITHIN_S:.0f} s.") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # The error's own words may quote the URL, which may hold a secret.
            reason = type(error).__name__
            raise NoAnswerError(f"{server} can't be reached ({reason}).", "Check signaling.token_url.") from error

    return Source(f"token URL at {urlsplit(url).hostname}", fetch)


def from_file(path: Path) -> Source:
    """Read tokens from a file, which another program writes; it is read again at each renewal."""

    async def read() -> str:
        try:
            body = await asyncio.to_thread(_content, path)
        except OSError as error:
            reason = error.strerror or "no regular file"
            raise TokenError(
                f"The token file {path} can't be read: {reason}.",
                "Check signaling.token_file, and that the station's user may read it.",
                code=token.NOT_ALLOWED,
            ) from error
        return _token(body, f"The token file {path}")

    return Source(f"token file {path}", read)


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > LIMIT_BYTES:
            break
    return body


def _content(path: Path) -> bytes:
    if not path.is_file():
        path.stat()  # tells why not; what is there but no file would let us wait for ever
        raise OSError
    with path.open("rb") as file:
        return file.read(LIMIT_BYTES + 1)


class _Answer(msgspec.Struct):
    token: str


def _token(body: bytes, whose: str) -> str:
    """Return the token in an answer or file; raises TokenError where there is none."""
    try:
        text = body.decode("ascii").strip()
        found = msgspec.json.decode(text, type=_Answer).token if text.startswith("{") else text
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        found = ""
    if len(body) > LIMIT_BYTES or not _TOKEN.fullmatch(found):
        raise TokenError(f"{whose} holds no access token.", _FORM, code=token.MALFORMED)
    return found
