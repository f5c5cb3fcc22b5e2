"""SCRAM-SHA-256 between its two sides: the RFC's own example, what is refused, and anything at all for messages."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.console import scram
from intercom.console.saslprep import prepared
from intercom.console.scram import FEWEST, Client, Exchange, Verifier
from intercom.errors import RefusedError, RemoteProtocolError, UsageError

PASSWORD = "correct horse battery"
VERIFIER = scram.verifier_of(PASSWORD, salt=b"salt of the earth", iterations=FEWEST)


def known(_: str) -> Verifier:
    return VERIFIER


def begun(client: Client) -> Exchange:
    return scram.begin(client.first(), known)


def is_comparable(text: str) -> bool:
    try:
        return bool(prepared(text))
    except UsageError:
        return False


LETTERS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x24F), min_size=1, max_size=20).filter(is_comparable)


def test_the_conversation_is_that_of_rfc_7677_section_3() -> None:
    salt = b"[m\x99h\x9d\x125\x8e\xec\xa0K\x14\x126\xfa\x81"
    verifier = scram.verifier_of("pencil", salt=salt, iterations=4096)
    client = Client("user", "pencil", nonce="rOprNGfwEbeRWgbNEkqO")
    exchange = scram.begin(client.first(), lambda _: verifier, nonce="%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
    proof = client.final(exchange.challenge)
    assert client.first() == "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
    assert exchange.challenge == (
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    )
    assert proof.message == (
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    )
    said = scram.answer(exchange, scram.read_final(exchange, proof.message))
    assert said == "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    proof.verify(said)


def test_who_does_not_know_the_password_is_refused() -> None:
    client = Client("admin", "correct horse batterie")
    exchange = begun(client)
    final = scram.read_final(exchange, client.final(exchange.challenge).message)
    with pytest.raises(RefusedError, match="Name or password is wrong"):
        scram.answer(exchange, final)


def test_a_station_that_does_not_know_the_verifier_is_found_out() -> None:
    client = Client("admin", PASSWORD)
    proof = client.final(begun(client).challenge)
    with pytest.raises(RemoteProtocolError):
        proof.verify("v=AAAA")


def test_what_is_kept_of_a_password_logs_nobody_in() -> None:
    client = Client("admin", VERIFIER.stored_key.hex())
    exchange = begun(client)
    with pytest.raises(RefusedError):
        scram.answer(exchange, scram.read_final(exchange, client.final(exchange.challenge).message))


def test_a_proof_serves_for_no_other_exchange() -> None:
    client = Client("admin", PASSWORD)
    old, new = begun(client), begun(client)
    with pytest.raises(UsageError):
        scram.read_final(new, client.final(old.challenge).message)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "n,,",
        "n=admin,r=abc",
        "n,,n=,r=abc",
        "n,,n=admin,r=",
        "n,,n=ad=min,r=abc",
        "n,,n=admin,r=a\x7fb",
        "n,a=root,n=admin,r=abc",
        "p=tls-unique,,n=admin,r=abc",
        "n,,m=must,n=admin,r=abc",
        "n,,r=abc,n=admin",
        "c=biws,r=abc,p=AAAA",
        "n,,n=\x00,r=abc",
    ],
)
def test_a_first_message_that_is_none_is_refused(message: str) -> None:
    with pytest.raises(UsageError):
        scram.begin(message, known)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda final: "",
        lambda final: final.replace("c=biws", "c=eSws"),
        lambda final: final.replace("c=biws", "c=%"),
        lambda final: final.replace(",r=", ",r=x"),
        lambda final: final.partition(",p=")[0],
        lambda final: final[:-4],
        lambda final: f"{final}AAAA",
    ],
)
def test_a_last_message_that_is_none_is_refused(spoil: Callable[[str], str]) -> None:
    client = Client("admin", PASSWORD)
    exchange = begun(client)
    with pytest.raises(UsageError):
        scram.read_final(exchange, spoil(client.final(exchange.challenge).message))


def test_what_is_optional_is_read_past() -> None:
    client = Client("admin", PASSWORD)
    exchange = scram.begin(f"{client.first()},x=later", known)
    assert exchange.bare.endswith(",x=later")
    assert scram.begin(client.first().replace("n,,", "y,,"), known).header == "y,,"


@pytest.mark.parametrize(
    "challenge",
    [
        "",
        "e=other-error",
        "r=other,s=c2FsdA==,i=4096",
        "r=mine,s=c2FsdA==,i=4096",
        "r=mine1,s=c2FsdA==,i=4095",
        "r=mine1,s=c2FsdA==,i=99999999",
        "r=mine1,s=%,i=4096",
        "m=must,r=mine1,s=c2FsdA==,i=4096",
    ],
)
def test_a_client_takes_no_challenge_that_is_none(challenge: str) -> None:
    with pytest.raises(RemoteProtocolError):
        Client("admin", PASSWORD, nonce="mine").final(challenge)


def test_a_clients_password_is_in_no_log() -> None:
    assert PASSWORD not in repr(Client("admin", PASSWORD))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("a\u00adb", "ab"), ("caf\u0065\u0301", "caf\u00e9"), ("\u2168", "IX"), ("a\u00a0b", "a b"), ("a,b=c", "a,b=c")],
)
def test_a_password_is_the_same_however_it_was_typed(typed: str, kept: str) -> None:
    assert prepared(typed) == kept
    assert scram.is_password(scram.verifier_of(kept, salt=b"saltsalt", iterations=FEWEST), typed)


@pytest.mark.parametrize("text", ["a\x07b", "\ue000", "\ud800", "\u06271", "\U0001f511"])
def test_letters_that_can_not_be_compared_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        prepared(text)
    assert not scram.is_password(VERIFIER, text)


@given(st.text())
@settings(max_examples=400, deadline=None)
def test_no_first_message_does_more_than_be_refused(message: str) -> None:
    for each in (message, f"n,,n={message},r=abc", f"n,,n=admin,r={message}"):
        try:
            exchange = scram.begin(each, known)
        except UsageError:
            continue
        assert exchange.nonce.startswith(exchange.bare.partition(",r=")[2].partition(",")[0])


@given(st.text(), st.binary(max_size=64))
@settings(max_examples=400, deadline=None)
def test_nobody_gets_in_without_the_password(message: str, proof: bytes) -> None:
    exchange = begun(Client("admin", PASSWORD, nonce="mine"))
    for each in (
        message,
        f"c=biws,r={exchange.nonce},p={message}",
        f"c=biws,r={exchange.nonce},p={scram._text(proof)}",
    ):
        with pytest.raises((UsageError, RefusedError)):
            scram.answer(exchange, scram.read_final(exchange, each))


@given(LETTERS, LETTERS)
@settings(max_examples=60, deadline=None)
def test_both_sides_agree_on_every_name_and_password(name: str, password: str) -> None:
    client = Client(name, password)
    asked: list[str] = []
    verifier = scram.verifier_of(password, iterations=FEWEST)
    exchange = scram.begin(client.first(), lambda who: asked.append(who) or verifier)  # type: ignore[func-returns-value]
    proof = client.final(exchange.challenge)
    proof.verify(scram.answer(exchange, scram.read_final(exchange, proof.message)))
    assert asked == [prepared(name)]
