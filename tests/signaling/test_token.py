"""Access tokens, as a station mints them and an exchange verifies them."""

import base64
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.errors import TokenError
from intercom.signaling import token

KEY = "SK" + 32 * "a"
SECRET = 32 * "s"
NOW = 1_800_000_000.0


def minted(**changes: object) -> str:
    """A good token with some claims replaced; None takes a claim away."""
    payload = jwt.decode(token.mint(KEY, SECRET, "door", now=NOW, ttl_s=60), options={"verify_signature": False})
    payload |= changes
    return jwt.encode({name: value for name, value in payload.items() if value is not None}, SECRET, "HS256")


def test_a_minted_token_has_the_shape_of_an_access_token() -> None:
    text = token.mint(KEY, SECRET, "door", now=NOW, ttl_s=60)
    assert jwt.get_unverified_header(text) == {"alg": "HS256", "typ": "JWT", "cty": "twilio-fpa;v=1"}
    assert jwt.decode(text, options={"verify_signature": False}) == {
        "jti": f"{KEY}-1800000000",
        "iss": KEY,
        "sub": "AC" + 32 * "0",
        "iat": 1_800_000_000,
        "exp": 1_800_000_060,
        "grants": {
            "identity": "door",
            "voice": {"incoming": {"allow": True}, "outgoing": {"application_sid": "AP" + 32 * "0"}},
        },
    }


def test_what_is_minted_is_verified() -> None:
    text = token.mint(KEY, SECRET, "anna", now=NOW, ttl_s=60, person="7")
    assert token.issuer(text) == KEY
    assert token.verify(text, SECRET, now=NOW) == token.Claims(
        issuer=KEY, identity="anna", expires_at=NOW + 60, may_receive=True, may_call=True, is_page=True, person="7"
    )


@pytest.mark.parametrize(
    ("voice", "may_receive", "may_call"),
    [
        ({}, False, False),
        ({"incoming": {"allow": True}}, True, False),
        ({"incoming": {"allow": False}, "outgoing": {"application_sid": "AP1"}}, False, True),
    ],
)
def test_grants_are_what_the_token_says(voice: dict[str, object], may_receive: bool, may_call: bool) -> None:
    claims = token.verify(minted(grants={"identity": "door", "voice": voice}), SECRET, now=NOW)
    assert (claims.may_receive, claims.may_call) == (may_receive, may_call)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (minted(exp=NOW), 31205),
        (minted(exp=0), 31205),
        (minted(exp=None), 31204),
        (minted(exp="soon"), 31204),
        (minted(nbf=NOW + 61), 31204),
        (minted(iss=None), 31204),
        (minted(grants=None), 31204),
        (minted(grants={}), 31204),
        (minted(grants={"identity": ""}), 31204),
        (minted(grants={"identity": "a b"}), 31204),
        (token.mint(KEY, 32 * "x", "door", now=NOW, ttl_s=60), 31204),
        (jwt.encode({"iss": KEY, "exp": NOW + 60, "grants": {"identity": "door"}}, "", "none"), 31204),
        (jwt.encode({"iss": KEY, "exp": NOW + 60, "grants": {"identity": "door"}}, 64 * "s", "HS512"), 31204),
        ("", 31204),
        ("a.b.c", 31204),
        ("\ud800", 31204),
    ],
)
def test_a_bad_token_is_refused_with_the_code_of_its_fault(text: str, code: int) -> None:
    with pytest.raises(TokenError) as refused:
        token.verify(text, SECRET, now=NOW)
    assert refused.value.code == code


def test_a_clock_that_runs_a_minute_late_does_no_harm() -> None:
    assert token.verify(minted(nbf=NOW + 59), SECRET, now=NOW).identity == "door"


def test_a_refusal_never_quotes_the_token() -> None:
    text = token.mint(KEY, 32 * "x", "door", now=NOW, ttl_s=60)
    with pytest.raises(TokenError) as refused:
        token.verify(text, SECRET, now=NOW)
    assert not any(part in str(refused.value) for part in text.split("."))


@pytest.mark.parametrize(
    ("text", "expires_at"),
    [
        (minted(exp=NOW + 60), NOW + 60),
        (minted(exp=None), None),
        (minted(exp="soon"), None),
        (minted(grants=None), NOW + 60),
        ("opaque", None),
        ("", None),
    ],
)
def test_when_a_token_expires_is_read_without_its_key_where_it_says_so(text: str, expires_at: float | None) -> None:
    assert token.expiry(text) == expires_at


def b64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@given(
    st.text()
    | st.builds(lambda head, body: f"{b64(head)}.{b64(body)}.", st.dictionaries(st.text(), st.text()), st.text())
)
def test_any_text_is_verified_or_refused(text: str) -> None:
    for read in (token.issuer, lambda text: token.verify(text, SECRET, now=NOW)):
        with pytest.raises(TokenError):
            read(text)
