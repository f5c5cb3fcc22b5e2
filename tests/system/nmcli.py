"""Speaks as nmcli 1.52.1 does of NetworkManager with simulated radios (mac80211_hwsim), whose words were recorded.

Radio and profiles are a JSON file, `$NMCLI_WORLD`; each run's arguments are added to a file beside it.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

WORLD = Path(os.environ["NMCLI_WORLD"])
TOO_LONG = "Error: Timeout expired ({} seconds)"
NO_SECRETS = "Error: Connection activation failed: Secrets were required, but not provided"
NOT_FOUND = "Error: Connection activation failed: The Wi-Fi network could not be found"
NO_ADDRESS = (
    "Error: Connection activation failed: IP configuration could not be reserved (no available address, timeout, etc.)"
)

World = dict[str, Any]


def escaped(*fields: object) -> str:
    """A line of terse output."""
    return ":".join(str(field).replace("\\", "\\\\").replace(":", "\\:") for field in fields)


def devices(world: World, _: Sequence[str]) -> None:
    """Name and type of each."""
    kinds = {"lo": "loopback", world["device"]: "wifi", "hwsim0": "unknown"}
    say(*(escaped(name, kind) for name, kind in kinds.items() if name))


def radio(world: World, _: Sequence[str]) -> None:
    """The switches."""
    say(escaped("enabled", "enabled" if world["is_on"] else "disabled"))


def show_device(world: World, _: Sequence[str]) -> None:
    """State and addresses."""
    say("GENERAL.STATE:100 (connected)" if world["active"] else "GENERAL.STATE:30 (disconnected)")
    if world["active"]:
        say(r"IP4.ADDRESS[1]:10.1.0.20/24", "IP6.ADDRESS[1]:fe80::b0fc:a177:9998:3d2f/64")


def list_networks(world: World, _: Sequence[str]) -> None:
    """One line per access point."""
    joined = world["profiles"].get(world["active"], {}).get("ssid")
    for one in world["networks"]:
        if one["is_heard"]:
            say(escaped("*" if one["ssid"] == joined else " ", one["ssid"], one["signal"], one["security"]))


def show(world: World, words: Sequence[str]) -> None:
    """The profiles, or the one in use."""
    if "--active" in words:
        active = [(world["active"], world["device"])] if world["active"] else []
        say(*(escaped(*each) for each in [*active, ("325342fe", "lo")]))
    else:
        say(*(escaped(one["name"], uuid) for uuid, one in world["profiles"].items()))


def add(world: World, words: Sequence[str]) -> None:
    """A profile."""
    given = dict(zip(words[2::2], words[3::2], strict=True))
    uuid = f"uuid-{time.monotonic_ns()}"
    world["profiles"][uuid] = {"name": given["con-name"], "psk": "", **given}
    say(f"Connection '{given['con-name']}' ({uuid}) successfully added.")


def edit(world: World, words: Sequence[str]) -> None:
    """Its password, typed."""
    assert [sys.stdin.readline().strip()] == ["set wifi-sec.psk"]
    named(world, words)["psk"] = sys.stdin.readline().removesuffix("\n")
    assert sys.stdin.read().split("\n")[:2] == ["save persistent", "quit"]


def up(world: World, words: Sequence[str]) -> None:
    """Connect by a profile."""
    profile = named(world, words)
    network = next((one for one in world["networks"] if one["ssid"] == profile["ssid"]), None)
    world["active"] = ""
    if world["hangs"] and profile["name"].startswith("intercom joins"):
        save(world)
        time.sleep(60)
    if network is None:
        fail(world, NOT_FOUND)
    elif network["password"] != profile["psk"]:
        fail(world, NOT_FOUND if network["security"] == "WPA3" else NO_SECRETS)
    elif not network["has_dhcp"]:
        fail(world, NO_ADDRESS)
    world["active"] = next(uuid for uuid, one in world["profiles"].items() if one is profile)


def modify(world: World, words: Sequence[str]) -> None:
    """Its name and whether it comes back by itself."""
    profile, given = named(world, words), dict(zip(words[4::2], words[5::2], strict=True))
    profile |= {"name": given["connection.id"], "autoconnect": given["connection.autoconnect"]}


def delete(world: World, words: Sequence[str]) -> None:
    """A profile, and its connection."""
    del world["profiles"][words[3]]
    world["active"] = "" if world["active"] == words[3] else world["active"]


def named(world: World, words: Sequence[str]) -> dict[str, str]:
    """The profile meant by `uuid UUID` or `id NAME`."""
    key = words[3]
    found: dict[str, str] = next(one for uuid, one in world["profiles"].items() if key in (uuid, one["name"]))
    return found


def fail(world: World, why: str) -> None:
    """End as nmcli does."""
    save(world)
    sys.stderr.write(f"{why}\n")
    sys.exit(4)


def say(*lines: str) -> None:
    """Print them."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def save(world: World) -> None:
    """Keep it for the next run, whole, however this one ends."""
    new = WORLD.with_suffix(".new")
    new.write_text(json.dumps(world))
    new.rename(WORLD)


ACTS: dict[str, Callable[[World, Sequence[str]], None]] = {
    "connection show": show,
    "connection add": add,
    "connection edit": edit,
    "connection up": up,
    "connection modify": modify,
    "connection delete": delete,
    "device show": show_device,
    "device wifi": list_networks,
    "device": devices,
    "radio": radio,
}


def main() -> None:
    """One run."""
    with WORLD.with_suffix(".argv").open("a") as file:
        print(*sys.argv, file=file)
    words = sys.argv[sys.argv.index("--wait") + 2 :]
    words = words[2:] if words[0] == "--fields" else words
    world: World = json.loads(WORLD.read_text())
    if world["refusal"]:
        fail(world, world["refusal"])
    act = next(act for name, act in ACTS.items() if " ".join(words).startswith(name))
    act(world, words)
    save(world)


if __name__ == "__main__":
    main()
