"""Which of the configured ICE servers a call uses."""

import pytest
from hypothesis import given, settings
from msgspec import inspect

from intercom.call.ports import IceServer
from intercom.errors import UsageError
from intercom.rtc.servers import Servers, choose
from intercom.settings.paths import leaves
from tests.settings.strategies import of_kind

STUN = "stun:stun.example:3478"
UDP, TCP, TLS = "turn:turn.example", "turn:turn.example:3479?transport=tcp", "turns:turn.example"
STUN_ADDRESS = ("stun.example", 3478)


@pytest.mark.parametrize(
    ("urls", "chosen"),
    [
        ([], Servers()),
        ([STUN], Servers(stun=STUN_ADDRESS)),
        ([UDP], Servers(turn=("turn.example", 3478), username="me", credential="secret")),
        ([TCP], Servers(turn=("turn.example", 3479), turn_transport="tcp", username="me", credential="secret")),
        (
            [TLS],
            Servers(turn=("turn.example", 5349), turn_transport="tcp", is_tls=True, username="me", credential="secret"),
        ),
        ([STUN, UDP], Servers(STUN_ADDRESS, ("turn.example", 3478), username="me", credential="secret")),
    ],
)
def test_what_a_server_is_read_as(urls: list[str], chosen: Servers) -> None:
    assert choose([IceServer(tuple(urls), "me", "secret")]) == chosen


def test_the_first_of_each_kind_is_used_and_the_log_names_the_others(caplog: pytest.LogCaptureFixture) -> None:
    servers = [IceServer(("stun:first.example",)), IceServer((STUN, TCP, UDP), "me", "secret")]
    chosen = choose(servers)
    assert (chosen.stun, chosen.turn, chosen.turn_transport) == (("first.example", 3478), ("turn.example", 3479), "tcp")
    assert f"not used: {STUN}, {UDP}" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("url", ["stuns:stun.example", "turns:turn.example?transport=udp"])
def test_what_can_not_be_used_is_named(url: str, caplog: pytest.LogCaptureFixture) -> None:
    assert choose([IceServer((url,))]) == Servers()
    assert url in caplog.text


@pytest.mark.parametrize("url", ["", "turn.example", "http://turn.example", "stun:a?transport=udp", "turn:"])
def test_what_is_no_address_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        choose([IceServer((url,))])


@settings(max_examples=30)
@given(of_kind(inspect.type_info(leaves()["rtc.ice_servers"].kind)))
def test_whatever_the_settings_allow_is_used_or_named(urls: tuple[str, ...]) -> None:
    chosen = choose([IceServer(urls)])
    assert bool(urls) == bool(chosen.stun or chosen.turn)


def test_a_credential_is_not_shown() -> None:
    assert "secret" not in repr(IceServer((UDP,), "me", "secret"))
