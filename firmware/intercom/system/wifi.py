"""The machine's Wi-Fi, through NetworkManager: looked at, searched, joined, forgotten.

What is joined here is a profile of NetworkManager's whose name begins with OURS, until it has worked with NEW; no
other profile is ever changed.
"""

import asyncio
import logging
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from intercom.errors import ConflictError, UsageError, WifiError
from intercom.system import nmcli
from intercom.system.networks import Network, merged

OURS, NEW = "intercom: ", "intercom joins: "
SCAN_S, JOIN_S, RETURN_S = 20.0, 40.0, 30.0
COUNTRY = Path("/sys/module/cfg80211/parameters/ieee80211_regdom")
NO_COUNTRY = "00"

# Device states of NetworkManager (nm-dbus-types, NMDeviceState); those between are steps of joining.
_STATES = {10: "unmanaged", 20: "unavailable", 30: "disconnected", 100: "connected", 110: "disconnected", 120: "failed"}
_PASSWORD = re.compile(r"[ -~]{8,63}|[0-9A-Fa-f]{64}")

logger = logging.getLogger(__name__)


class Wifi:
    """Fulfils `console.caretaker.Radio`; all of it raises WifiError where it can't be done."""

    def __init__(self, *, country: Path = COUNTRY) -> None:
        self._country = country
        self._joining = asyncio.Lock()

    async def state(self) -> dict[str, Any]:
        """`device`, `state`, `ssid`, `signal` in percent, `addresses`, and `country`, empty where none is set."""
        device = await _device()
        switches = nmcli.rows(await nmcli.run("--fields", "WIFI-HW,WIFI", "radio"))[0]
        shown = await nmcli.run("--fields", "GENERAL.STATE,IP4.ADDRESS,IP6.ADDRESS", "device", "show", device)
        (_, number), *addresses = nmcli.rows(shown)
        joined = next((one for one in await _networks(device, is_fresh=False) if one.is_joined), None)
        return {
            "device": device,
            "state": "off" if "disabled" in switches else _STATES.get(int(number.split()[0]), "joining"),
            "ssid": joined.ssid if joined else "",
            "signal": joined.signal if joined else None,
            "addresses": [":".join(address).partition("/")[0] for _, *address in addresses],
            "country": _country(self._country),
        }

    async def scan(self) -> list[dict[str, Any]]:
        """The networks in reach, the strongest first: `ssid`, `signal` in percent, `security`, `is_joined`."""
        return [network.told() for network in await _networks(await _device(), is_fresh=True)]

    async def join(self, ssid: str, password: str) -> dict[str, Any]:
        """Join a network for good, an open one without a password; returns the state.

        Where that fails, the error tells why, and whether the network of before is back, which may take RETURN_S.
        Raises UsageError for words that fit no network, ConflictError while another one is being joined.
        """
        _check(ssid, password)
        if self._joining.locked():
            raise ConflictError("A network is being joined already.", "`wifi` tells when that is over.")
        async with self._joining:
            device = await _device()
            network = next((one for one in await _networks(device, is_fresh=True) if one.ssid == ssid), None)
            security = _security(network, password)
            before = await _active(device)
            await _remove(NEW)
            try:
                await _try(ssid, security, password)
            except WifiError as error:
                # So NetworkManager says of WPA3 and a wrong password, too.
                why = nmcli.REFUSED if network and error.message == nmcli.NOT_FOUND else error.message
                raise WifiError(why, await _go_back(before)) from error
            except asyncio.CancelledError:
                await _go_back(before)
                raise
            await _keep(ssid)
        return await self.state()

    async def forget(self, ssid: str) -> None:
        """Forget a network that was joined from here; raises UsageError where none was of that name."""
        if not await _remove(OURS, ssid):
            raise UsageError("No network of that name was joined from here.", "`wifi` tells which is joined.")

    async def forget_all(self) -> None:
        """Forget every network that was joined from here; without NetworkManager there is none."""
        if nmcli.is_there():
            await _remove(NEW)
            await _remove(OURS)


def _country(file: Path) -> str:
    try:
        country = file.read_text().strip()
    except OSError:
        return ""
    return "" if country == NO_COUNTRY else country


def _check(ssid: str, password: str) -> None:
    if not 1 <= len(ssid.encode()) <= 32 or not ssid.isprintable():
        raise UsageError("A network's name has 1 to 32 bytes.")
    if password and not _PASSWORD.fullmatch(password):
        raise UsageError("A Wi-Fi password has 8 to 63 ASCII characters, a key 64 hexadecimal digits.")


async def _device() -> str:
    devices = nmcli.rows(await nmcli.run("--fields", "DEVICE,TYPE", "device"))
    found = next((name for name, kind in devices if kind == "wifi"), None)
    if found is None:
        raise WifiError("This machine has no Wi-Fi that NetworkManager knows.", "`nmcli device` lists what it knows.")
    return found


async def _networks(device: str, *, is_fresh: bool) -> list[Network]:
    rescan = "yes" if is_fresh else "no"
    words = ("--fields", "IN-USE,SSID,SIGNAL,SECURITY", "device", "wifi", "list", "ifname", device, "--rescan", rescan)
    return merged(nmcli.rows(await nmcli.run(*words, wait_s=SCAN_S)))


async def _active(device: str) -> str:
    """The UUID of the profile that the device is connected with; empty: it is not."""
    active = nmcli.rows(await nmcli.run("--fields", "UUID,DEVICE", "connection", "show", "--active"))
    return next((uuid for uuid, used_by in active if used_by == device), "")


def _security(network: Network | None, password: str) -> tuple[str, ...]:
    """The words that tell a profile how the network is kept; one that isn't heard may hide, and is taken for WPA2."""
    if network is None:
        secured = ("wifi-sec.key-mgmt", "wpa-psk") if password else ()
        return ("wifi.hidden", "yes", *secured)
    if network.is_secured != bool(password):
        raise UsageError("That network " + ("needs its password." if network.is_secured else "takes no password."))
    return ("wifi-sec.key-mgmt", network.key_management) if password else ()


async def _try(ssid: str, security: tuple[str, ...], password: str) -> None:
    """Make the profile and connect by it; until it has worked it doesn't come back by itself.

    The password is typed into nmcli's editor, which takes each letter as it is: its file of passwords would read
    backslashes, and answer again and again with a wrong one.
    """
    words = ("type", "wifi", "con-name", f"{NEW}{ssid}", "autoconnect", "no", "ssid", ssid, *security)
    await nmcli.run("connection", "add", *words)
    if password:
        typed = ("set wifi-sec.psk", password, "save persistent", "quit")
        await nmcli.run("connection", "edit", "id", f"{NEW}{ssid}", typed=typed)
    await nmcli.run("connection", "up", "id", f"{NEW}{ssid}", wait_s=JOIN_S)


async def _keep(ssid: str) -> None:
    await _remove(OURS, ssid)
    words = ("connection.id", f"{OURS}{ssid}", "connection.autoconnect", "yes")
    await nmcli.run("connection", "modify", "id", f"{NEW}{ssid}", *words)


async def _go_back(before: str) -> str:
    """Be in the network of before again; whether that is so, in a sentence."""
    with suppress(WifiError):
        await _remove(NEW)
    if not before:
        return "There was no connection before."
    try:
        await nmcli.run("connection", "up", "uuid", before, wait_s=RETURN_S)
    except WifiError as error:
        logger.warning("wifi: the old network is not back: %s", error.message)
        return "The old network is not back yet; NetworkManager goes on trying."
    return "The old network is back."


async def _remove(beginning: str, ssid: str = "") -> bool:
    """Remove the profiles of such a name, of one network or of all; whether there were any."""
    profiles = nmcli.rows(await nmcli.run("--fields", "NAME,UUID", "connection", "show"))
    ours = [uuid for name, uuid in profiles if (name == beginning + ssid if ssid else name.startswith(beginning))]
    for uuid in ours:
        await nmcli.run("connection", "delete", "uuid", uuid)
    return bool(ours)
