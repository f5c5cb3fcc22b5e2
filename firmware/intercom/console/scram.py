"""SCRAM-SHA-256, by which a program logs in without a password on the wire (RFC 5802, 7677).  Pure.

Messages are text, as `auth` carries them.  No channel binding: there is no channel but the cable.  What is kept of a
password logs nobody in, and a conversation that was tapped serves for no other.
"""

import hmac
import re
import secrets
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import pbkdf2_hmac, sha256
from typing import Annotated

from msgspec import Meta, Struct

from intercom.console.saslprep import prepared
from intercom.errors import RefusedError, RemoteProtocolError, UsageError

ITERATIONS = 20_000  # some 0.2 s of a Pi Zero 2
FEWEST, MOST = 4096, 10_000_000
SALT_BYTES, NONCE_BYTES = 16, 18
WRONG = "Name or password is wrong."

_FIRST = re.compile(r"(?P<header>[ny],,)(?P<bare>n=(?P<name>[^,]+),r=(?P<nonce>[!-+\--~]+)(?:,.*)?)")
_CHALLENGE = re.compile(r"r=(?P<nonce>[!-+\--~]+),s=(?P<salt>[^,]+),i=(?P<iterations>[0-9]{1,8})(?:,.*)?")
_FINAL = re.compile(r"(?P<unproved>c=(?P<header>[^,]+),r=(?P<nonce>[^,]+)(?:,.*)?),p=(?P<proof>[^,]+)")
_NAME = re.compile(r"(?:[^=,]|=2C|=3D)+")

Key = Annotated[bytes, Meta(min_length=32, max_length=32)]


class Verifier(Struct, frozen=True):
    """What is kept of a password."""

    salt: Annotated[bytes, Meta(min_length=8, max_length=64)]
    iterations: Annotated[int, Meta(ge=FEWEST, le=MOST)]
    stored_key: Key
    server_key: Key


@dataclass(frozen=True, slots=True)
class Exchange:
    """A login that has begun: for whom, and what both sides said so far; `challenge` is what is answered."""

    name: str
    verifier: Verifier
    header: str
    bare: str
    nonce: str

    @property
    def challenge(self) -> str:
        """The server's first message."""
        return f"r={self.nonce},s={_text(self.verifier.salt)},i={self.verifier.iterations}"


@dataclass(frozen=True, slots=True)
class Final:
    """A client's final message, taken apart."""

    unproved: str
    proof: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """The client's final `message`, and the server's that is due for it."""

    message: str
    due: str

    def verify(self, server_final: str) -> None:
        """Whether the far end knows the password's verifier; raises RemoteProtocolError."""
        if not hmac.compare_digest(server_final.encode(), self.due.encode()):
            raise RemoteProtocolError("Who answered is not the station that knows this password.", "See to the cable.")


@dataclass(frozen=True, slots=True)
class Client:
    """The side of who logs in."""

    name: str
    password: str = field(repr=False)
    nonce: str = field(default_factory=lambda: _text(secrets.token_bytes(NONCE_BYTES)))

    def first(self) -> str:
        """The message that begins."""
        return f"n,,{self._bare}"

    def final(self, challenge: str) -> Proof:
        """What proves that we know the password; takes its time.  Raises RemoteProtocolError."""
        said = _CHALLENGE.fullmatch(challenge)
        if not said or not said["nonce"].startswith(self.nonce) or said["nonce"] == self.nonce:
            raise RemoteProtocolError("The station answered this login with something else.", "Try it again.")
        if not FEWEST <= (iterations := int(said["iterations"])) <= MOST:
            raise RemoteProtocolError(f"The station asks for less than {FEWEST} or more than {MOST} iterations.")
        try:
            salt = _bytes(said["salt"])
        except UsageError as error:
            raise RemoteProtocolError("The station's salt is none.", "Try it again.") from error
        client_key, verifier = _keys(self.password, salt, iterations)
        unproved = f"c={_text(b'n,,')},r={said['nonce']}"
        spoken = f"{self._bare},{challenge},{unproved}"
        proof = _xor(client_key, _hmac(verifier.stored_key, spoken))
        return Proof(f"{unproved},p={_text(proof)}", f"v={_text(_hmac(verifier.server_key, spoken))}")

    @property
    def _bare(self) -> str:
        return f"n={prepared(self.name).replace('=', '=3D').replace(',', '=2C')},r={self.nonce}"


def verifier_of(password: str, *, salt: bytes = b"", iterations: int = ITERATIONS) -> Verifier:
    """What is to be kept of a password, with a new salt unless one is given; takes its time.  Raises UsageError."""
    return _keys(password, salt or secrets.token_bytes(SALT_BYTES), iterations)[1]


def is_password(verifier: Verifier, password: str) -> bool:
    """Whether this is the password; takes as long whether or not."""
    try:
        given = verifier_of(password, salt=verifier.salt, iterations=verifier.iterations)
    except UsageError:
        return False
    return hmac.compare_digest(given.stored_key, verifier.stored_key)


def begin(message: str, known: Callable[[str], Verifier], *, nonce: str = "") -> Exchange:
    """Take a client's first message; `known` gives the verifier of any name.  Raises UsageError."""
    said = _FIRST.fullmatch(message)
    if not said or not _NAME.fullmatch(said["name"]):
        raise _unreadable()
    name = prepared(said["name"].replace("=2C", ",").replace("=3D", "="))
    ours = nonce or _text(secrets.token_bytes(NONCE_BYTES))
    return Exchange(name, known(name), said["header"], said["bare"], said["nonce"] + ours)


def read_final(exchange: Exchange, message: str) -> Final:
    """Take a client's final message; raises UsageError where it is none, or one of another exchange."""
    said = _FINAL.fullmatch(message)
    if not said or said["nonce"] != exchange.nonce or _bytes(said["header"]) != exchange.header.encode():
        raise _unreadable()
    proof = _bytes(said["proof"])
    if len(proof) != sha256().digest_size:
        raise _unreadable()
    return Final(said["unproved"], proof)


def answer(exchange: Exchange, final: Final) -> str:
    """The server's final message; raises RefusedError where the proof is wrong."""
    verifier, spoken = exchange.verifier, f"{exchange.bare},{exchange.challenge},{final.unproved}"
    client_key = _xor(final.proof, _hmac(verifier.stored_key, spoken))
    if not hmac.compare_digest(sha256(client_key).digest(), verifier.stored_key):
        raise RefusedError(WRONG)
    return f"v={_text(_hmac(verifier.server_key, spoken))}"


def _keys(password: str, salt: bytes, iterations: int) -> tuple[bytes, Verifier]:
    salted = pbkdf2_hmac("sha256", prepared(password).encode(), salt, iterations)
    client_key = _hmac(salted, "Client Key")
    return client_key, Verifier(salt, iterations, sha256(client_key).digest(), _hmac(salted, "Server Key"))


def _unreadable() -> UsageError:
    return UsageError("That is no message of this SCRAM exchange.", "Begin it again: `auth begin`, then `auth end`.")


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), sha256)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _text(value: bytes) -> str:
    return b64encode(value).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError) as error:
        raise _unreadable() from error
