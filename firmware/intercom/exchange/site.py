"""The web page's files, from the package into memory, and the headers that every answer carries."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePath

from aiohttp import web
from aiohttp.typedefs import Handler

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "Server": "intercom",
    "X-Content-Type-Options": "nosniff",
}
FRONT = ("/", "/join")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served; `etag` changes with its content."""

    body: bytes
    content_type: str
    etag: str


def assets() -> dict[str, Asset]:
    """Return the files of the page by their path; `index.html` is the front page and takes invite links too."""
    found = {
        f"/{file.name}": _asset(file.name, file.read_bytes())
        for file in (files("intercom.exchange") / "web").iterdir()
        if PurePath(file.name).suffix in CONTENT_TYPES
    }
    return found | dict.fromkeys(FRONT, found["/index.html"])


def routes() -> list[web.RouteDef]:
    """Serve each file; a browser asks each time whether it changed, and gets it again only then."""
    return [web.get(path, _serving(asset)) for path, asset in assets().items()]


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Add what every answer carries (aiohttp's `on_response_prepare`)."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


def _serving(asset: Asset) -> Handler:
    async def serve(request: web.Request) -> web.Response:
        headers = {"Cache-Control": "no-cache", "ETag": f'"{asset.etag}"'}
        if any(tag.value == asset.etag for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=asset.body, headers={**headers, "Content-Type": asset.content_type})

    return serve


def _asset(name: str, body: bytes) -> Asset:
    return Asset(body, CONTENT_TYPES[PurePath(name).suffix], hashlib.sha256(body).hexdigest()[:32])
