"""What a call's figures are worth to who hears them, in words.  Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import asdict

from intercom.quality.tally import Heard
from intercom.story.record import Warned

# What a mean opinion score stands for (ITU-T P.800: 4 good, 3 fair, 2 poor).
GRADES = ((4.0, "good"), (3.5, "fair"), (3.0, "middling"), (2.0, "poor"), (0.0, "bad"))
WI_FI = "that is mostly Wi-Fi, or a line that is full"

WARNINGS = {
    "high-rtt": f"packets took long there and back, so that both talked into each other's words; {WI_FI}",
    "high-jitter": f"packets came unevenly, which delays the sound and may tear it; {WI_FI}",
    "high-packet-loss": f"packets were lost, so that words had holes; {WI_FI}",
    "high-packets-lost-fraction": f"many packets were lost over several seconds; {WI_FI}",
    "low-mos": "the sound was poor by all figures together",
    "low-bytes-received": "nothing came from the far end: it was lost, or something on the way blocks its sound",
    "low-bytes-sent": "nothing of us went out: the network was away",
    "constant-audio-input-level": "the microphone's level stood still: muted, unplugged or broken, or all was quiet",
    "ice-connectivity-lost": "the far end was not heard at all",
}


def figures(heard: Heard | None) -> dict[str, Any]:
    """Return all figures by name, None for those that are not known."""
    return asdict(heard or Heard())


def sentences(heard: Heard | None, codec: str, warnings: Sequence[Warned]) -> Iterator[str]:
    """Say what it was like, and what the warnings mean."""
    known = facts(heard or Heard())
    if heard and heard.mos is not None:
        known = f"it sounded {grade(heard.mos)}: {known}"
    if known:
        yield f"By {codec or 'an unknown codec'} {known}."
    for warned in warnings:
        meaning = WARNINGS.get(warned.name, "a limit of the settings was passed")
        often = f"{warned.times} times, " if warned.times > 1 else ""
        yield f"Warning {warned.name} ({often}{warned.lasted_s:.0f} s): {meaning}."


def grade(mos: float) -> str:
    """Return a word for a mean opinion score."""
    return next(word for least, word in GRADES if mos >= least)


def facts(heard: Heard) -> str:
    """Return the figures that are known, in a row."""
    lowest = "" if heard.lowest_mos is None else f" (lowest {heard.lowest_mos:.1f})"
    rows = (
        ("MOS", heard.mos, ".1f", lowest),
        ("loss", heard.loss_percent, ".1f", " %"),
        ("loss there", heard.loss_there_percent, ".1f", " %"),
        ("jitter", heard.jitter_ms, ".0f", " ms"),
        ("round trip", heard.rtt_ms, ".0f", " ms"),
        ("mouth to ear about", heard.mouth_to_ear_ms, ".0f", " ms"),
    )
    return ", ".join(f"{name} {value:{form}}{unit}" for name, value, form, unit in rows if value is not None)
