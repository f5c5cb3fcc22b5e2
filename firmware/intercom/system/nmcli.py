"""One run of `nmcli`, NetworkManager's command line, and its terse output.

A secret goes in by standard input alone: what stands in an argument list is read by every user of the machine.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator, Sequence

from intercom.errors import WifiError

SLACK_S = 5.0  # what nmcli may take beyond what it is told to wait

NOT_FOUND = "No such network is in reach."
REFUSED = "The access point refuses: the password may be wrong."

# What nmcli says, lower case, and what it means; nothing that it says is passed on.
_MEANINGS = (
    ("secrets were required", "The password is wrong."),
    ("802.1x supplicant", REFUSED),
    ("could not be found", NOT_FOUND),
    ("ip configuration", "The network gave no address."),
    ("dhcp", "The network gave no address."),
    ("not authorized", "NetworkManager doesn't let this user change the Wi-Fi: `make install` sets its rule."),
    ("insufficient privileges", "NetworkManager doesn't let this user change the Wi-Fi: `make install` sets its rule."),
    ("networkmanager is not running", "NetworkManager is not running."),
    ("could not create nmclient", "NetworkManager can't be reached."),
    ("timeout", "It took too long."),
)


def is_there() -> bool:
    """Whether this machine has it."""
    return shutil.which("nmcli") is not None


async def run(*words: str, wait_s: float = 10.0, typed: Sequence[str] = ()) -> str:
    """What `nmcli` prints; `typed` are lines for its standard input.  Raises WifiError, in a bounded time."""
    try:
        process = await asyncio.create_subprocess_exec(
            *("nmcli", "--terse", "--colors", "no", "--wait", f"{wait_s:.0f}", *words),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )
    except OSError as error:
        raise WifiError(
            "This machine has no NetworkManager, so its Wi-Fi can't be set from here.",
            "Install it: `apt-get install network-manager`.",
        ) from error
    try:
        async with asyncio.timeout(wait_s + SLACK_S):
            told, complaint = await process.communicate("".join(f"{line}\n" for line in typed).encode())
    except TimeoutError as error:
        raise WifiError("NetworkManager doesn't answer.", "`systemctl status NetworkManager` may tell why.") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise WifiError(meaning(complaint.decode(errors="replace")))
    return told.decode(errors="replace")


def meaning(complaint: str) -> str:
    """What nmcli's complaint means."""
    said = complaint.lower()
    return next((means for words, means in _MEANINGS if words in said), "NetworkManager refuses.")


def rows(told: str) -> list[list[str]]:
    """The fields of each line of terse output (nmcli(1): `:` between them, `\\` before a `:` or `\\` within)."""
    return [list(_fields(line)) for line in told.splitlines() if line]


def _fields(line: str) -> Iterator[str]:
    field = ""
    letters = iter(line)
    for letter in letters:
        if letter == ":":
            yield field
            field = ""
        else:
            field += next(letters, "") if letter == "\\" else letter
    yield field
