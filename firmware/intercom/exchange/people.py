"""Sign-in of people: an invite's code for a cookie, the cookie for an access token."""

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from intercom.errors import IntercomError, RefusedError
from intercom.exchange import accounts
from intercom.exchange.accounts import Person
from intercom.exchange.addresses import is_loopback

COOKIE = "__Host-intercom"
COOKIE_LIFE_S = 400 * 86_400
TOKEN_LIFE_S = 3600.0
SIGNED_OUT = RefusedError("This browser is not signed in.", "Open an invite link: `intercom invite NAME` prints one.")
FOREIGN_ORIGIN = RefusedError("This was sent by another site's page.", "Open the exchange's own page.")


class People:
    """`page_identity` is who this machine's own browsers are signed in as, without any link: for the demo only."""

    def __init__(self, state: Path, page_identity: str | None) -> None:
        self._state, self._page_identity = state, page_identity

    def routes(self) -> list[web.RouteDef]:
        """Serve `POST /token` and `POST /join`."""
        return [web.post("/token", self._token), web.post("/join", self._join)]

    async def person(self, request: web.Request) -> Person | None:
        """Return who this browser is signed in as, None for a stranger; raises IntercomError."""
        cookie = request.cookies.get(COOKIE)
        person = await asyncio.to_thread(accounts.person_of, self._state, cookie) if cookie else None
        if person is None and self._page_identity and _is_local(request):
            return Person("", self._page_identity)
        return person

    async def _token(self, request: web.Request) -> web.Response:
        """Trade the cookie for an access token of that person, good for one hour."""
        if not _is_same_origin(request):
            return refusal(403, FOREIGN_ORIGIN)
        try:
            person = await self.person(request)
            if person is None:
                return refusal(401, SIGNED_OUT)
            token = await asyncio.to_thread(accounts.mint_page_token, self._state, person, TOKEN_LIFE_S)
        except IntercomError as error:
            return refusal(503, error)
        return web.json_response({"token": token, "identity": person.identity, "ttl": int(TOKEN_LIFE_S)})

    async def _join(self, request: web.Request) -> web.Response:
        """Trade an invite's one-time code for the cookie; by POST, so that the preview of a link does not use it up."""
        if not _is_same_origin(request):
            return refusal(403, FOREIGN_ORIGIN)
        try:
            cookie, person = await asyncio.to_thread(accounts.redeem, self._state, await _code(request))
        except RefusedError as error:
            return refusal(403, error)
        except IntercomError as error:
            return refusal(503, error)
        response = web.json_response({"identity": person.identity})
        response.set_cookie(COOKIE, cookie, max_age=COOKIE_LIFE_S, secure=True, httponly=True, samesite="Strict")
        return response


def _is_same_origin(request: web.Request) -> bool:
    return request.headers.get("Origin") == f"https://{request.host}"


def _is_local(request: web.Request) -> bool:
    """Whether it comes from this machine and was sent to it by that name: a page that rebinds its DNS name is not."""
    return is_loopback(request.remote or "") and is_loopback(urlsplit(f"//{request.host}").hostname or "")


async def _code(request: web.Request) -> str:
    try:
        body: Any = json.loads(await request.read())
    except ValueError:
        body = None
    return str(body.get("code", "")) if isinstance(body, dict) else ""


def refusal(status: int, error: IntercomError) -> web.Response:
    return web.json_response({"error": {"message": error.message, "hint": error.hint}}, status=status)
