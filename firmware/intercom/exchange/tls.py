"""The TLS context that the exchange serves with, kept up to date while it runs."""

import logging
import ssl
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from intercom.errors import SettingsError
from intercom.exchange import addresses, certificates
from intercom.settings import schema

logger = logging.getLogger(__name__)


class Tls:
    """`load` is to be called before the first use, and once a minute: addresses change, certificates run out."""

    def __init__(self, settings: schema.Exchange, state: Path) -> None:
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._settings, self._state = settings, state
        self._loaded: tuple[Path, int] | None = None

    def load(self) -> None:
        """Load the certificate where it is new; blocks on the disk.  Raises SettingsError, or as the state fails."""
        path, key = self._files()
        try:
            version = (path, path.stat().st_mtime_ns)
            if version != self._loaded:
                self.context.load_cert_chain(path, key)
                self._loaded = version
                logger.info("TLS certificate loaded from %s", path)
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"The certificate {path} can't be used ({error}).",
                "Correct exchange.certificate and exchange.certificate_key, or empty both.",
            ) from error

    def routes(self) -> list[web.RouteDef]:
        """Serve the private CA's certificate, for phones and stations to trust."""
        return [] if self._settings.certificate else [web.get("/ca.crt", self._ca)]

    def _files(self) -> tuple[Path, Path | None]:
        """Return the PEM file of the chain, and that of the key where it is another."""
        given, key = self._settings.certificate, self._settings.certificate_key
        if given:
            return Path(given), Path(key) if key else None
        names = addresses.own_names(self._settings.names)
        return certificates.ensure(self._state, names, datetime.now(UTC)), None

    async def _ca(self, _request: web.Request) -> web.Response:
        return web.Response(body=certificates.ca(self._state), content_type="application/x-x509-ca-cert")
