"""A station played by a test: what it publishes on `/panel`, what it is asked there."""

from typing import Any

from tests.exchange.wires import Net, Wire

QUIET = {"capture": {"state": "idle", "why": ""}, "playback": {"state": "idle", "why": ""}}


def status(pattern: str = "heartbeat", colour: str = "white", **members: Any) -> dict[str, Any]:
    """Return a snapshot in the shape of `intercom status --json`."""
    return {
        "identity": "intercom",
        "registration": "ready",
        "call": None,
        "pending": [],
        "light": {"pattern": pattern, "colour": colour, "overlays": []},
        "audio": QUIET,
        "panel": {"pins": "simulated", "buttons": ["answer", "mute"], "leds": 12, "state": "open", "why": ""},
        **members,
    }


async def appear(net: Net, identity: str = "intercom", *, simulated: bool = True, **members: Any) -> Wire:
    """Connect a station's panel and publish a first snapshot."""
    wire = await net.wire("/panel")
    await wire.say("listen", token=net.station(identity), role="station", simulated=simulated)
    await wire.hear("connected")
    await wire.say("snapshot", status=status(**{"identity": identity, **members}))
    return wire


def url(net: Net, path: str = "/") -> str:
    """Return the page's address."""
    return f"https://localhost:{net.port}{path}"
