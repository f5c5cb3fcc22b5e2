"""Wi-Fi by a program that speaks as nmcli does; with NetworkManager itself the README tells what was seen."""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest

from intercom.errors import ConflictError, IntercomError, UsageError, WifiError
from intercom.system import nmcli
from intercom.system.networks import Network, merged
from intercom.system.wifi import Wifi

SECRET = r' a:b\c  "d" $e '
DEFAULTS = {"signal": 70, "security": "WPA2", "password": SECRET, "is_heard": True, "has_dhcp": True}
NETWORKS: list[dict[str, Any]] = [
    {"ssid": "home: net"},
    {"ssid": "home: net", "signal": 40},
    {"ssid": "cafe", "signal": 90, "security": "", "password": ""},
    {"ssid": "hidden", "is_heard": False},
    {"ssid": "office", "security": "WPA2 802.1X"},
    {"ssid": "full", "has_dhcp": False},
    {"ssid": "new", "security": "WPA3"},
    {"ssid": ""},
]


class Radio:
    """A machine with a radio, on the PATH; `old` is the network it is in, by a profile that is not ours."""

    def __init__(self, folder: Path, **facts: Any) -> None:
        self._file = folder / "world.json"
        program = folder / "nmcli"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -IS {Path(__file__).with_name("nmcli.py")} "$@"\n')
        program.chmod(0o755)
        old = {"name": "old", "ssid": "cafe", "psk": "", "autoconnect": "yes"}
        world = {"device": "wlan1", "is_on": True, "hangs": False, "refusal": "", "active": "old"}
        networks = [DEFAULTS | one for one in NETWORKS]
        self._file.write_text(json.dumps(world | {"networks": networks, "profiles": {"old": old}} | facts))

    @property
    def world(self) -> dict[str, Any]:
        """What NetworkManager knows."""
        found: dict[str, Any] = json.loads(self._file.read_text())
        return found

    @property
    def profiles(self) -> dict[str, str]:
        """The network of each, by its name."""
        return {one["name"]: one["ssid"] for one in self.world["profiles"].values()}

    @property
    def active(self) -> str:
        """The profile in use."""
        world = self.world
        name: str = world["profiles"].get(world["active"], {}).get("name", "")
        return name

    @property
    def arguments(self) -> str:
        """Every argument of every run."""
        return self._file.with_suffix(".argv").read_text()

    async def is_asked(self, words: str) -> None:
        """Wait until a run had these arguments."""
        async with asyncio.timeout(20):
            while not self._file.with_suffix(".argv").exists() or words not in self.arguments:
                await asyncio.to_thread(Path("/").exists)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose nmcli is the machine's."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("NMCLI_WORLD", str(tmp_path / "world.json"))
    return tmp_path


def wifi(country: Path = Path("/nowhere")) -> Wifi:
    """Ours."""
    return Wifi(country=country)


async def test_the_state_tells_network_signal_addresses_and_country(folder: Path) -> None:
    Radio(folder)
    (folder / "country").write_text("DE\n")
    assert await wifi(folder / "country").state() == {
        "device": "wlan1",
        "state": "connected",
        "ssid": "cafe",
        "signal": 90,
        "addresses": ["10.1.0.20", "fe80::b0fc:a177:9998:3d2f"],
        "country": "DE",
    }


@pytest.mark.parametrize(
    ("facts", "state"), [({"active": ""}, "disconnected"), ({"active": "", "is_on": False}, "off"), ({}, "connected")]
)
async def test_the_state_is_one_of_a_few_words(folder: Path, facts: dict[str, Any], state: str) -> None:
    Radio(folder, **facts)
    (folder / "country").write_text("00\n")
    told = await wifi(folder / "country").state()
    assert (told["state"], told["country"]) == (state, "")


async def test_each_network_in_reach_is_told_once_the_strongest_first(folder: Path) -> None:
    Radio(folder)
    told = await wifi().scan()
    assert [(one["ssid"], one["signal"]) for one in told] == [
        ("cafe", 90), ("home: net", 70), ("office", 70), ("full", 70), ("new", 70),
    ]  # fmt: skip
    assert [one["is_joined"] for one in told] == [True, False, False, False, False]


async def test_a_network_is_joined_for_good_in_place_of_what_was_joined_from_here(folder: Path) -> None:
    radio = Radio(folder)
    for _ in range(2):
        told = await wifi().join("home: net", SECRET)
        assert (told["state"], told["ssid"]) == ("connected", "home: net")
        assert radio.active == "intercom: home: net"
        assert radio.profiles == {"old": "cafe", "intercom: home: net": "home: net"}
    assert [one["autoconnect"] for one in radio.world["profiles"].values()] == ["yes", "yes"]


async def test_a_network_that_hides_is_joined_by_its_name(folder: Path) -> None:
    radio = Radio(folder)
    await wifi().join("hidden", SECRET)
    assert radio.active == "intercom: hidden"


@pytest.mark.parametrize(
    ("ssid", "password", "why"),
    [
        ("home: net", "wrong password", "The password is wrong."),
        ("new", "wrong password", "The access point refuses: the password may be wrong."),
        ("nowhere", SECRET, "No such network is in reach."),
        ("full", SECRET, "The network gave no address."),
    ],
)
async def test_where_a_join_fails_the_old_network_is_back_and_the_reason_told(
    folder: Path, ssid: str, password: str, why: str
) -> None:
    radio = Radio(folder)
    with pytest.raises(WifiError) as failure:
        await wifi().join(ssid, password)
    assert (failure.value.message, failure.value.hint) == (why, "The old network is back.")
    assert (radio.active, radio.profiles) == ("old", {"old": "cafe"})


async def test_without_a_network_before_there_is_none_to_go_back_to(folder: Path) -> None:
    radio = Radio(folder, active="")
    with pytest.raises(WifiError, match="There was no connection before"):
        await wifi().join("nowhere", SECRET)
    assert radio.profiles == {"old": "cafe"}


async def test_a_join_that_is_cut_short_leaves_the_old_network(folder: Path) -> None:
    radio = Radio(folder, hangs=True)
    joining = asyncio.create_task(wifi().join("home: net", SECRET))
    await radio.is_asked("connection up")
    joining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await joining
    assert (radio.active, radio.profiles) == ("old", {"old": "cafe"})


async def test_one_network_is_joined_at_a_time(folder: Path) -> None:
    radio, ours = Radio(folder, hangs=True), wifi()
    joining = asyncio.create_task(ours.join("home: net", SECRET))
    await radio.is_asked("connection up")
    with pytest.raises(ConflictError, match="being joined already"):
        await ours.join("cafe", "")
    joining.cancel()
    await asyncio.gather(joining, return_exceptions=True)


@pytest.mark.parametrize(
    ("ssid", "password", "kind", "why"),
    [
        ("", SECRET, UsageError, "1 to 32 bytes"),
        ("ü" * 17, SECRET, UsageError, "1 to 32 bytes"),
        ("a\nb", SECRET, UsageError, "1 to 32 bytes"),
        ("home: net", "short", UsageError, "8 to 63 ASCII"),
        ("home: net", "x" * 64, UsageError, "8 to 63 ASCII"),
        ("home: net", "lines\nlines", UsageError, "8 to 63 ASCII"),
        ("home: net", "", UsageError, "needs its password"),
        ("cafe", SECRET, UsageError, "takes no password"),
        ("office", SECRET, WifiError, "can't be joined from here"),
    ],
)
async def test_what_fits_no_network_is_refused_before_the_old_one_is_left(
    folder: Path, ssid: str, password: str, kind: type[IntercomError], why: str
) -> None:
    radio = Radio(folder)
    with pytest.raises(kind, match=why):
        await wifi().join(ssid, password)
    assert radio.active == "old"


async def test_only_what_was_joined_from_here_is_forgotten(folder: Path) -> None:
    radio = Radio(folder)
    await wifi().join("home: net", SECRET)
    with pytest.raises(UsageError, match="No network of that name was joined from here"):
        await wifi().forget("cafe")
    await wifi().forget("home: net")
    assert radio.profiles == {"old": "cafe"}
    await wifi().join("hidden", SECRET)
    await wifi().forget_all()
    assert radio.profiles == {"old": "cafe"}


async def test_the_password_is_in_no_argument_no_error_and_no_log(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    radio = Radio(folder)
    await wifi().join("home: net", SECRET)
    with pytest.raises(WifiError) as failure:
        await wifi().join("full", SECRET)
    assert "connection edit id intercom joins: home: net" in radio.arguments
    for told in (radio.arguments, caplog.text, str(failure.value)):
        assert SECRET.strip() not in told


@pytest.mark.parametrize(
    ("refusal", "why"),
    [
        ("Error: NetworkManager is not running.", "is not running"),
        ("Error: Could not create NMClient object: Could not connect.", "can't be reached"),
        ("Error: Failed to add 'x' connection: Insufficient privileges.", "doesn't let this user"),
        ("Error: not authorized to control networking.", "doesn't let this user"),
        ("Error: Timeout expired (40 seconds)", "took too long"),
        ("Error: something new", "refuses"),
    ],
)
async def test_what_networkmanager_refuses_is_told_in_our_words(folder: Path, refusal: str, why: str) -> None:
    Radio(folder, refusal=refusal)
    with pytest.raises(WifiError, match=why):
        await wifi().state()


async def test_a_machine_without_wifi_or_without_networkmanager_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Radio(folder, device="")
    with pytest.raises(WifiError, match="has no Wi-Fi"):
        await wifi().state()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(WifiError, match="has no NetworkManager"):
        await wifi().state()
    await wifi().forget_all()


async def test_a_networkmanager_that_never_answers_is_not_waited_for(folder: Path) -> None:
    (folder / "nmcli").write_text("#!/bin/sh\nexec sleep 60\n")
    (folder / "nmcli").chmod(0o755)
    with pytest.raises(WifiError, match="doesn't answer"):
        await nmcli.run("radio", wait_s=-4.5)


def test_terse_output_is_read_with_its_escapes() -> None:
    assert nmcli.rows("a\\:b:c\\\\d::\n\n*:x\n") == [["a:b", "c\\d", "", ""], ["*", "x"]]
    assert nmcli.rows("") == []


@pytest.mark.parametrize(
    ("security", "is_secured", "management"),
    [
        ("WPA1 WPA2", True, "wpa-psk"),
        ("WPA2 WPA3", True, "wpa-psk"),
        ("WPA3", True, "sae"),
        ("", False, None),
        ("OWE", False, None),
    ],
)
def test_how_a_network_is_kept_follows_from_what_it_tells(
    security: str, is_secured: bool, management: str | None
) -> None:
    network = Network("home", 50, security)
    assert network.is_secured is is_secured
    assert not management or network.key_management == management


def test_of_a_networks_access_points_the_joined_one_counts_then_the_strongest() -> None:
    rows = [(" ", "a", "80", "WPA2"), ("*", "a", "30", "WPA2"), (" ", "b", "40", ""), (" ", "b", "60", "")]
    assert [(one.ssid, one.signal, one.is_joined) for one in merged(rows)] == [("b", 60, False), ("a", 30, True)]
