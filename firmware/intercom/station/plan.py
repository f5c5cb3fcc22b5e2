"""What new settings mean for a running station: what is taken alive, and what is built anew.  Pure."""

from enum import StrEnum, auto

from intercom.settings.paths import find, replace
from intercom.settings.schema import Settings
from intercom.settings.transaction import Candidate

# What a running station takes at once, in a call too.
ALIVE = frozenset({"audio.volume", "audio.ring_volume", "audio.mic_gain_db", "audio.ringtone"})


class Part(StrEnum):
    """What is built anew by itself."""

    LOG = auto()
    SERIAL = auto()
    EXCHANGE = auto()
    STATION = auto()


# The part that a section is for, and what it means to whoever sits at the console; other sections are the station's.
PARTS = {"log": Part.LOG, "console": Part.SERIAL, "exchange": Part.EXCHANGE}
WORDS = {
    Part.LOG: "The log takes it now.",
    Part.SERIAL: "The serial line is opened anew with it now.",
    Part.EXCHANGE: "An exchange takes it when it is started anew.",
    Part.STATION: "The station starts anew with it {when}.",
}


def touched(before: Settings, after: Settings) -> frozenset[Part]:
    """The parts whose settings have changed, but for those that are taken alive."""
    changed = Candidate(fixed(before), fixed(after)).paths()
    return frozenset(PARTS.get(path.partition(".")[0], Part.STATION) for path in changed)


def is_taken_alive(before: Settings, after: Settings) -> bool:
    """Whether nothing needs to be built anew."""
    return not touched(before, after)


def told(parts: frozenset[Part], *, is_in_call: bool) -> list[str]:
    """What happens to these parts, in sentences: a call in progress is never cut."""
    when = "when the call has ended" if is_in_call else "now"
    return [WORDS[part].format(when=when) for part in Part if part in parts]


def fixed(settings: Settings) -> Settings:
    """The settings without what is taken alive: alike where no part needs to be built anew."""
    for path in ALIVE:
        settings = replace(settings, path, find(path).default)
    return settings
