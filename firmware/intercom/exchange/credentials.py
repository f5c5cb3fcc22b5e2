"""Whose tokens are good: a snapshot of the accounts.  Pure."""

from dataclasses import dataclass

from intercom.errors import TokenError
from intercom.exchange.directory import Kind
from intercom.signaling import token


@dataclass(frozen=True, slots=True)
class Key:
    """An API key; `identity` is the only one that it may speak for, None on the exchange's own key."""

    id: str
    secret: str
    identity: str | None


@dataclass(frozen=True, slots=True)
class Admission:
    """A client that may come in: what it is and what its token says."""

    kind: Kind
    claims: token.Claims


@dataclass(frozen=True, slots=True)
class Credentials:
    """Keys and people that are not revoked, and every identity that was ever given to anyone."""

    keys: dict[str, Key]
    people: frozenset[str]
    identities: frozenset[str]

    def admit(self, text: str, *, now: float) -> Admission:
        """Return what the bearer of this token is; raises TokenError."""
        key = self.keys.get(token.issuer(text))
        if key is None:
            raise TokenError("The access token's key is not known here, or was revoked.", code=token.MALFORMED)
        claims = token.verify(text, key.secret, now=now)
        if key.identity not in {None, claims.identity}:
            raise TokenError("The access token's key is for another identity.", code=token.NOT_ALLOWED)
        if not self.is_good(claims):
            raise TokenError("The person of this access token was revoked.", code=token.NOT_ALLOWED)
        return Admission(_kind(key, claims), claims)

    def is_good(self, claims: token.Claims) -> bool:
        """Whether the bearer of a token that was good has not been revoked since."""
        return claims.issuer in self.keys and (not claims.person or claims.person in self.people)


def _kind(key: Key, claims: token.Claims) -> Kind:
    if key.identity is not None:
        return Kind.STATION
    return Kind.PAGE if claims.is_page else Kind.FOREIGN
