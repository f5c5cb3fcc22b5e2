"""Access tokens: mint and verify.  Pure: times are arguments, in seconds since the epoch.

JWT, HS256 only, with the claims of Twilio's access tokens; `grants.intercom` is ours and holds for an exchange's own
pages.  Stations mint theirs from their API key.
"""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import jwt
import msgspec
from msgspec import Meta, Struct

from intercom.errors import TokenError

MALFORMED = 31204
EXPIRED = 31205
NOT_ALLOWED = 31201

LEEWAY_S = 60
CONTENT_TYPE = "twilio-fpa;v=1"
ACCOUNT = "AC" + 32 * "0"
APPLICATION = "AP" + 32 * "0"

ClaimsT = TypeVar("ClaimsT")

_jws = jwt.PyJWS(algorithms=["HS256"])


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says; `person` names the signed-in person of a page, if there is one."""

    issuer: str
    identity: str
    expires_at: float
    may_receive: bool
    may_call: bool
    is_page: bool
    person: str


class _Incoming(Struct, frozen=True):
    allow: bool = False


class _Voice(Struct, frozen=True):
    incoming: _Incoming = _Incoming()
    outgoing: dict[str, Any] | None = None


class _Intercom(Struct, frozen=True):
    page: bool = False
    person: str = ""


class _Grants(Struct, frozen=True):
    identity: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    voice: _Voice = _Voice()
    intercom: _Intercom = _Intercom()


class _Dated(Struct, frozen=True):
    exp: float | None = None


class _Payload(Struct, frozen=True):
    iss: str
    exp: float
    grants: _Grants
    nbf: float = 0


@dataclass(frozen=True, slots=True)
class Home:
    """Twilio's account, and the TwiML application that gets the calls of a token; an exchange of ours has but one."""

    account: str = ACCOUNT
    application: str = APPLICATION


OURS = Home()


def mint(
    issuer: str,
    secret: str,
    identity: str,
    *,
    now: float,
    ttl_s: float,
    home: Home = OURS,
    person: str | None = None,
) -> str:
    """Return a token for `identity` that may call and be called, signed with the API key `issuer`.

    `person`: it is for a page of the exchange that this person is signed in at (empty: the demo's own).
    """
    grants: dict[str, Any] = {
        "identity": identity,
        "voice": {"incoming": {"allow": True}, "outgoing": {"application_sid": home.application}},
    }
    if person is not None:
        grants["intercom"] = {"page": True, "person": person}
    payload = {
        "jti": f"{issuer}-{int(now)}",
        "iss": issuer,
        "sub": home.account,
        "iat": int(now),
        "exp": int(now + ttl_s),
        "grants": grants,
    }
    return _jws.encode(msgspec.json.encode(payload), secret, algorithm="HS256", headers={"cty": CONTENT_TYPE})


def issuer(token: str) -> str:
    """Return the API key that a token claims to be signed with; raises TokenError."""
    return _payload(token, secret=None).iss


def expiry(token: str) -> float | None:
    """Return when a token says that it expires, unverified, in seconds since the epoch; None where it doesn't say."""
    try:
        return _claims(token, None, _Dated).exp
    except TokenError:
        return None


def verify(token: str, secret: str, *, now: float) -> Claims:
    """Return what a token says; raises TokenError when malformed, out of its time, or not signed with `secret`."""
    payload = _payload(token, secret=secret)
    if payload.exp <= now:
        raise TokenError("The access token has expired.", code=EXPIRED)
    if payload.nbf > now + LEEWAY_S:
        raise TokenError("The access token is not valid yet.", code=MALFORMED)
    voice, intercom = payload.grants.voice, payload.grants.intercom
    return Claims(
        issuer=payload.iss,
        identity=payload.grants.identity,
        expires_at=payload.exp,
        may_receive=voice.incoming.allow,
        may_call=voice.outgoing is not None,
        is_page=intercom.page,
        person=intercom.person,
    )


def _payload(token: str, *, secret: str | None) -> _Payload:
    return _claims(token, secret, _Payload)


def _claims(token: str, secret: str | None, kind: type[ClaimsT]) -> ClaimsT:
    try:
        text = _jws.decode(token, secret or "", ["HS256"], options={"verify_signature": secret is not None})
        return msgspec.json.decode(text, type=kind)
    except jwt.InvalidSignatureError as error:
        raise TokenError("The access token is not signed by its key.", code=MALFORMED) from error
    except (jwt.InvalidTokenError, msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise TokenError("The access token can't be read.", code=MALFORMED) from error
