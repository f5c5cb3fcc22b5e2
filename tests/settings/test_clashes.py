"""What two settings may not say together."""

import pytest

from intercom.errors import SettingsError
from intercom.settings.file import parse

KEY = f'api_key = "SK{"0" * 32}"\napi_secret = "s"\n'
TWILIO = f'{KEY}account_sid = "AC{"0" * 32}"\napplication_sid = "AP{"0" * 32}"\n'
NOWHERE = 'url = ""\n'
URL, FILE = 'token_url = "https://example.com/token?for=hall"\n', 'token_file = "/run/token"\n'
PIN = f'ca_pin = "{"A" * 43}="\n'
EDGE, REGION = 'edge = ["dublin"]\n', 'region = "ie1"\n'


@pytest.mark.parametrize(
    "lines",
    [
        KEY, KEY + PIN, URL, FILE + PIN, NOWHERE, NOWHERE + PIN, TWILIO, NOWHERE + TWILIO, NOWHERE + TWILIO + EDGE,
        NOWHERE + URL + REGION, NOWHERE + FILE + EDGE,
    ],
)  # fmt: skip
def test_one_source_of_tokens_for_one_exchange_is_clear(lines: str) -> None:
    parse(f"[signaling]\n{lines}")


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (KEY + URL, "signaling.token_url and signaling.api_key exclude each other"),
        (KEY + FILE, "signaling.token_file and signaling.api_key exclude each other"),
        (URL + FILE, "signaling.token_file and signaling.token_url exclude each other"),
        (NOWHERE + TWILIO + EDGE + REGION, "signaling.region and signaling.edge exclude each other"),
        (
            TWILIO.replace("application_sid", "#"),
            "signaling.account_sid and signaling.application_sid must be set both",
        ),
        (TWILIO.replace("account_sid", "#"), "signaling.account_sid and signaling.application_sid must be set both"),
        (NOWHERE + TWILIO.removeprefix(KEY), "signaling.account_sid needs signaling.api_key"),
        (NOWHERE + URL + PIN, "signaling.ca_pin must be empty at Twilio"),
        (KEY + EDGE, 'signaling.edge is for Twilio: set signaling.url to ""'),
        (NOWHERE + KEY + REGION, 'signaling.region is for Twilio: set signaling.url to ""'),
        ('token_url = "http://example.com/token"', "signaling.token_url must be https://HOST/PATH"),
        ('token_file = "token"', "signaling.token_file must be an absolute path"),
        ('edge = ["Dublin"]', "signaling.edge must be a list"),
        ('edge = "dublin"', "signaling.edge must be a list"),
        ('account_sid = "SK1"', "signaling.account_sid must be AC and 32 digits"),
    ],
)
def test_what_can_not_be_meant_is_refused_in_one_sentence(lines: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse(f"[signaling]\n{lines}")
    assert problem in refused.value.message
    assert "\n" not in refused.value.message
    assert "for=hall" not in refused.value.message


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('ice_policy = "relay"', "rtc.ice_policy needs a TURN server"),
        ('ice_policy = "relay"\nice_servers = ["stun:a.example"]', "rtc.ice_policy needs a TURN server"),
        ('ice_username = "me"', "rtc.ice_username and rtc.ice_credential must be set both"),
        ('ice_servers = ["http://a.example"]', "rtc.ice_servers must be a list, each stun:HOST:PORT"),
        ('ice_servers = ["turns:a.example?transport=udp"]', "rtc.ice_servers must be a list"),
    ],
)
def test_ice_servers_that_no_call_could_use_are_refused(lines: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse(f"[rtc]\n{lines}")
    assert problem in refused.value.message


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("pin = 26\npulse_s = 11", "door.longest_s must be at least door.pulse_s"),
        ("contact = 4", "door.contact needs door.pin"),
        ("tamper = 4", "door.tamper needs door.pin"),
        ("pin = 8", "door.pin must be 9 to 27"),
        ("pin = 14", "door.pin must be none of 14 and 15"),
        ("pin = 15\nactive_high = false", "door.pin must be none of 14 and 15"),
        ('pin = 2\nlock = "fail-safe"\nactive_high = false', "door.pin must be 9 to 27"),
    ],
)
def test_a_door_that_could_let_in_by_accident_or_has_no_lock_is_refused(lines: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse(f"[door]\n{lines}")
    assert problem in refused.value.message


@pytest.mark.parametrize(
    "lines",
    [
        "pin = 9", "pin = 26\ncontact = 4\ntamper = 25", "pin = 8\nactive_high = false",
        'pin = 8\nlock = "fail-safe"', 'pin = 26\nlock = "fail-safe"', "pin = 26\npulse_s = 10",
    ],
)  # fmt: skip
def test_other_doors_are_as_they_are_named(lines: str) -> None:
    parse(f"[door]\n{lines}")


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('kind = "gpio"\nwiring = "rgb"\npins = [5, 6]', "panel.ring.pins must name three pins, red, green and blue"),
        ('kind = "ws2812"\ncount = 12\ntop = 12', "panel.ring.top must be below panel.ring.count"),
        ('kind = "apa102"\nwhite = true', 'panel.ring.white must be false unless panel.ring.kind is "sk6812"'),
        ('kind = "ws2812"\n[panel.buttons]\ncall = 10', "panel.buttons.call must have a pin of its own: the ring on "),
        ('kind = "apa102"\nspi = "/dev/spidev1.0"\n[door]\npin = 20', "needs pin 20 for its bus"),
        ('kind = "ws2812"\ncount = 241', "panel.ring.count must be a whole number from 1 to 240"),
        ('kind = "ws2812"\nspi = "spidev0.0"', "panel.ring.spi must be /dev/spidevBUS.DEVICE"),
    ],
)
def test_a_ring_that_can_not_be_wired_so_is_refused(lines: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse(f"[panel.ring]\n{lines}")
    assert problem in refused.value.message
    assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    "lines",
    [
        'kind = "gpio"\nwiring = "rgb"\npins = [5, 6, 13]',
        'kind = "sk6812"\nwhite = true\ncount = 240\ntop = 239',
        'kind = "ws2812"\n[panel.buttons]\ncall = 20',
        'kind = "ws2812"\nspi = "/dev/spidev1.0"\n[panel.buttons]\ncall = 10',
        'kind = "none"\n[panel.buttons]\ncall = 10',
    ],
)
def test_a_ring_that_can_be_wired_so_is_taken(lines: str) -> None:
    parse(f"[panel.ring]\n{lines}")
