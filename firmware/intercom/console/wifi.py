"""The commands about the machine's Wi-Fi: their arguments, what they do, and their results as people read them."""

from typing import Any

from msgspec import Struct

from intercom.console.access import Access
from intercom.console.command import Command, Nothing, Result, say
from intercom.console.desk import Desk
from intercom.console.dialogue import Ask, Dialogue
from intercom.settings.kinds import Secret

PASSWORD = Ask("Password of the network, empty where it has none: ", is_hidden=True)
NO_COUNTRY = (
    "No country is set, so some channels stay unused; on a Raspberry Pi none is used: "
    "`sudo raspi-config nonint do_wifi_country DE` sets one."
)


class Scan(Struct, forbid_unknown_fields=True):
    """Whether it may disturb a call."""

    now: bool = False
    for_s = 25.0  # how long the answer may take


class Join(Struct, forbid_unknown_fields=True):
    """The network, its password, and whether it may cut a call."""

    ssid: str
    password: Secret = ""
    now: bool = False
    for_s = 120.0


class Forget(Struct, forbid_unknown_fields=True):
    """The network, and whether it may cut a call."""

    ssid: str
    now: bool = False


async def wifi(desk: Desk, _: Nothing) -> Result:
    """How it stands."""
    return await desk.operator.caretaker.wifi()


async def scan(desk: Desk, given: Scan) -> Result:
    """What is in reach."""
    return {"networks": await desk.operator.caretaker.networks(is_now=given.now)}


async def join(desk: Desk, given: Join) -> Result:
    """Join a network."""
    return await desk.operator.caretaker.join(given.ssid, given.password, is_now=given.now)


async def ask_join(desk: Desk, given: Join) -> Dialogue:
    """Ask for the password, once the network may be joined at all."""
    desk.operator.caretaker.check_call(is_now=given.now)
    password = yield PASSWORD
    yield told_wifi(await desk.operator.caretaker.join(given.ssid, password, is_now=given.now))


async def forget(desk: Desk, given: Forget) -> Result:
    """Forget it."""
    await desk.operator.caretaker.forget(given.ssid, is_now=given.now)
    return {"ssid": given.ssid}


def told_wifi(result: dict[str, Any]) -> str:
    """The state, the network and the addresses in a line."""
    network = f"{result['ssid']}, {result['signal']} %" if result["ssid"] else ""
    facts = [result["state"], network, *result["addresses"], result["country"]]
    told = f"{result['device']}: {', '.join(fact for fact in facts if fact)}"
    return told if result["country"] else f"{told}\n{NO_COUNTRY}"


def told_scan(result: dict[str, Any]) -> str:
    """One line per network, the strongest first."""
    lines = (
        f"{one['signal']:>3} %  {one['ssid']}  {one['security'] or 'open'}{'  joined' * one['is_joined']}"
        for one in result["networks"]
    )
    return "\n".join(lines) or "No network is in reach."


COMMANDS = [
    Command(
        "wifi", "", "The network that is joined, its signal, our address.", Access.VIEWER, Nothing, wifi, told_wifi
    ),
    Command(
        "wifi scan",
        "[--now]",
        "The networks in reach; `--now`: in a call too.",
        Access.OPERATOR,
        Scan,
        scan,
        told_scan,
    ),
    Command(
        "wifi join",
        "SSID [--now]",
        "Join a network, whose password is asked for; where that fails, the old one is back.",
        Access.OPERATOR,
        Join,
        join,
        told_wifi,
        ask=ask_join,
        secret="password",
    ),
    Command(
        "wifi forget",
        "SSID [--now]",
        "Forget a network that was joined from here.",
        Access.OPERATOR,
        Forget,
        forget,
        say("{ssid} is forgotten."),
    ),
]
