"""Who may use the exchange: API keys of stations, people, one-time invites, the exchange's own minting key.

Each function opens the exchange's file by itself, so the command line may call it while the exchange runs; the
running exchange sees the change at once.  All raise RefusedError where rights to the state folder are missing.
"""

import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from intercom.errors import RefusedError, UsageError
from intercom.exchange import certificates, database
from intercom.exchange.credentials import Credentials, Key
from intercom.signaling import token

INVITE_S = 600.0
IDENTITY = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class StationKey:
    """What a station's settings need; `ca_pin` is empty where the system's CAs vouch for the exchange."""

    api_key: str
    api_secret: str
    ca_pin: str


@dataclass(frozen=True, slots=True)
class Account:
    """An API key of a station as it is listed: without its secret; times in seconds since the epoch."""

    api_key: str
    identity: str
    made_at: float
    revoked_at: float | None


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in browser: whose it is, and how its tokens name it."""

    id: str
    identity: str


def add_station(state: Path, identity: str, *, certificate: str = "") -> StationKey:
    """Make an API key for a station; `certificate` is the setting of that name.  Raises UsageError."""
    key = Key("SK" + secrets.token_hex(16), secrets.token_hex(16), _checked(identity))
    with _open(state) as db:
        introduce(db, identity)
        db.execute(
            "INSERT INTO keys (id, secret, identity, made_at) VALUES (?, ?, ?, ?)",
            (key.id, key.secret, identity, time.time()),
        )
    return _station_key(state, key, certificate)


def station_key(state: Path, identity: str, *, certificate: str = "") -> StationKey:
    """Return the newest good API key of a station, made where it has none: for a station in the same program."""
    with _open(state) as db:
        row = db.execute(
            "SELECT id, secret, identity FROM keys WHERE identity = ? AND revoked_at IS NULL ORDER BY made_at DESC",
            (_checked(identity),),
        ).fetchone()
    return _station_key(state, Key(*row), certificate) if row else add_station(state, identity, certificate=certificate)


def list_stations(state: Path) -> list[Account]:
    """Return every API key that was ever made for a station, the oldest first."""
    with _open(state) as db:
        rows = db.execute(
            "SELECT id, identity, made_at, revoked_at FROM keys WHERE identity IS NOT NULL ORDER BY made_at"
        ).fetchall()
    return [Account(*row) for row in rows]


def revoke_station(state: Path, name: str) -> int:
    """Revoke an API key, or every key of an identity; returns how many.  Raises UsageError where there is none."""
    with _open(state) as db:
        revoked = db.execute(
            "UPDATE keys SET revoked_at = ? WHERE identity IS NOT NULL AND ? IN (id, identity) AND revoked_at IS NULL",
            (time.time(), name),
        ).rowcount
    if not revoked:
        raise UsageError(f"No station has a key by the name of {name}.", "`intercom station list` shows them.")
    return revoked


def mint_token(state: Path, identity: str, ttl_s: float) -> str:
    """Return an access token for any identity, signed with the exchange's own key.  Raises UsageError."""
    with _open(state) as db:
        introduce(db, _checked(identity))
        own = _own_key(db)
    return token.mint(own.id, own.secret, identity, now=time.time(), ttl_s=ttl_s)


def mint_page_token(state: Path, person: Person, ttl_s: float) -> str:
    """Return an access token for our own page."""
    with _open(state) as db:
        own = _own_key(db)
    now = time.time()
    return token.mint(own.id, own.secret, person.identity, now=now, ttl_s=ttl_s, person=person.id)


def invite(state: Path, name: str) -> str:
    """Return the path of a link that signs one browser in as `name`, once, within 10 minutes.  Raises UsageError.

    The code is in the fragment, which a preview of the link never sends.
    """
    code = secrets.token_urlsafe(16)
    with _open(state) as db:
        introduce(db, _checked(name))
        db.execute("INSERT INTO invites VALUES (?, ?, ?)", (_hash(code), name, time.time() + INVITE_S))
    return f"/join#{code}"


def redeem(state: Path, code: str) -> tuple[str, Person]:
    """Trade an invite's code for a new cookie; raises RefusedError when it is used, too old or made up."""
    cookie = secrets.token_urlsafe(32)
    with _open(state) as db:
        now = time.time()
        db.execute("DELETE FROM invites WHERE expires_at <= ?", (now,))
        row = db.execute("DELETE FROM invites WHERE code_hash = ? RETURNING identity", (_hash(code),)).fetchone()
        if row is None:
            raise RefusedError(
                "This link was used already or is too old.", "Ask for a new one: `intercom invite NAME`."
            )
        added = db.execute(
            "INSERT INTO people (cookie_hash, identity, made_at) VALUES (?, ?, ?)", (_hash(cookie), row[0], now)
        )
    return cookie, Person(str(added.lastrowid), row[0])


def person_of(state: Path, cookie: str) -> Person | None:
    """Return whose browser shows this cookie."""
    with _open(state) as db:
        row = db.execute(
            "SELECT id, identity FROM people WHERE cookie_hash = ? AND revoked_at IS NULL", (_hash(cookie),)
        ).fetchone()
    return Person(str(row[0]), row[1]) if row else None


def revoke_person(state: Path, name: str) -> int:
    """Sign out every browser of a person and void their invites; returns how many browsers."""
    with _open(state) as db:
        db.execute("DELETE FROM invites WHERE identity = ?", (name,))
        return db.execute(
            "UPDATE people SET revoked_at = ? WHERE identity = ? AND revoked_at IS NULL", (time.time(), name)
        ).rowcount


def introduce(db: sqlite3.Connection, identity: str) -> None:
    """Make an identity known: calling it then says that it is away, not that nobody has that name."""
    db.execute("INSERT OR IGNORE INTO identities VALUES (?)", (identity,))


def read(db: sqlite3.Connection) -> Credentials:
    """Return the accounts as they are now."""
    keys = [Key(*row) for row in db.execute("SELECT id, secret, identity FROM keys WHERE revoked_at IS NULL")]
    people = [str(row[0]) for row in db.execute("SELECT id FROM people WHERE revoked_at IS NULL")]
    identities = [row[0] for row in db.execute("SELECT name FROM identities")]
    return Credentials({key.id: key for key in keys}, frozenset(people), frozenset(identities))


@contextmanager
def _open(state: Path) -> Iterator[sqlite3.Connection]:
    with closing(database.connect(state)) as db, db, database.failures():
        db.execute("PRAGMA synchronous = FULL")  # who was told of a key, or that one is revoked, can rely on it
        db.execute("BEGIN IMMEDIATE")
        yield db


def _own_key(db: sqlite3.Connection) -> Key:
    row = db.execute("SELECT id, secret, identity FROM keys WHERE identity IS NULL").fetchone()
    if row:
        return Key(*row)
    key = Key("SK" + secrets.token_hex(16), secrets.token_hex(16), None)
    db.execute("INSERT INTO keys (id, secret, made_at) VALUES (?, ?, ?)", (key.id, key.secret, time.time()))
    return key


def _station_key(state: Path, key: Key, certificate: str) -> StationKey:
    return StationKey(key.id, key.secret, "" if certificate else certificates.pin(state))


def _checked(identity: str) -> str:
    if not IDENTITY.fullmatch(identity):
        raise UsageError("A name has 1 to 64 letters of A–Z, a–z, digits, _ . or -.", "Choose another name.")
    return identity


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
