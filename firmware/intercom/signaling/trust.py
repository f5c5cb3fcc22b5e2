"""Which exchange a station trusts: the one whose CA has the pinned public key, or one that the system's CAs know."""

import hmac
import ssl
from base64 import b64encode
from hashlib import sha256

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from intercom.errors import NoAnswerError, RefusedError

LIMIT_BYTES = 16_384


class Trust:
    """Makes the TLS context for an exchange; the pin outlives leaf certificates, host names and addresses."""

    def __init__(self, url: str, ca_pin: str) -> None:
        self._ca_url = url.replace("wss://", "https://", 1).removesuffix("/signal") + "/ca.crt"
        self._ca_pin = ca_pin
        self._context: ssl.SSLContext | None = None

    async def context(self, http: aiohttp.ClientSession) -> ssl.SSLContext:
        """Return the context; with a pin, the exchange's CA is fetched once and held against it.

        Raises RefusedError where the CA is not the pinned one, NoAnswerError where it can't be had.
        """
        if self._context is None:
            pem = await self._pinned_ca(http) if self._ca_pin else None
            self._context = ssl.create_default_context(cadata=pem)
        return self._context

    def forget(self) -> None:
        """Fetch the CA anew next time: the exchange may have been set up again."""
        self._context = None

    async def _pinned_ca(self, http: aiohttp.ClientSession) -> str:
        # The CA is public and proves itself by the pin, so the line that brings it needs no trust.
        async with http.get(self._ca_url, ssl=False) as answer:
            body = await answer.content.read(LIMIT_BYTES)
        try:
            certificate = x509.load_pem_x509_certificate(body)
        except ValueError as error:
            raise NoAnswerError(f"{self._ca_url} holds no certificate.", "Is an exchange there?") from error
        if not hmac.compare_digest(spki_pin(certificate), self._ca_pin):
            raise RefusedError(
                f"The exchange at {self._ca_url.removesuffix('/ca.crt')} is not the one that signaling.ca_pin names.",
                "Run `intercom station add` on the right exchange and copy its lines into the settings.",
            )
        return certificate.public_bytes(Encoding.PEM).decode()


def spki_pin(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of the certificate's public key in base64 (RFC 7469 section 2.4)."""
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(sha256(key).digest()).decode()
