"""What the kernel tells of its sound cards: names, microphones, who has one open."""

import contextlib
import os
import re
from pathlib import Path

CARDS = Path("/proc/asound")
DEVICES = Path("/dev/snd")
BY_NUMBER = re.compile(r"(?P<kind>\w+):(?:CARD=)?(?P<card>\d+)(?:,(?:DEV=)?(?P<device>\d+))?")


def present(*, devices: Path = DEVICES) -> list[str]:
    """Return the names of all sound devices: whether a card came or went shows in them."""
    try:
        return sorted(os.listdir(devices))  # noqa: PTH208 (names only, each few seconds)
    except OSError:
        return []


def any_captures(*, cards: Path = CARDS) -> bool:
    """Whether the kernel has a sound card with a microphone."""
    try:
        return "capture" in (cards / "pcm").read_text()
    except OSError:
        return False


def holder(side: str, *, cards: Path = CARDS, processes: Path = Path("/proc")) -> str:
    """Return the names of the programs that have a card open for "capture" or "playback"; empty: none is known."""
    names = set()
    for status in cards.glob(f"card*/pcm*{side[0]}/sub*/status"):
        with contextlib.suppress(OSError):
            words = status.read_text().replace(":", " ").split()
            if "owner_pid" in words:
                pid = words[words.index("owner_pid") + 1]
                names.add(f"{(processes / pid / 'comm').read_text().strip()} (process {pid})")
    return " and ".join(sorted(names))


def advice(pcm: str, *, cards: Path = CARDS) -> str:
    """Return a sentence on a PCM that is named by its card's number, which may be another's after a restart."""
    if not (named := BY_NUMBER.fullmatch(pcm)):
        return ""
    kind, device = named["kind"], named["device"]
    try:
        card = (cards / f"card{named['card']}/id").read_text().strip()
    except OSError:
        return f"Cards are numbered anew at each start: write the card's name for {pcm}, as `aplay -L` prints it."
    rest = f",DEV={device or 0}" if device or kind.endswith("hw") else ""
    return f"Cards are numbered anew at each start: write {kind}:CARD={card}{rest} for {pcm}."
