"""What new settings mean for a running station.  Pure."""

from intercom.settings.schema import Settings
from intercom.settings.transaction import Candidate

# What a running station takes at once, in a call too; all else needs it to start anew.
ALIVE = frozenset({"audio.volume", "audio.ring_volume", "audio.mic_gain_db", "audio.ringtone"})


def needs_restart(before: Settings, after: Settings) -> bool:
    """Whether something has changed that is not taken alive."""
    return not ALIVE.issuperset(Candidate(before, after).paths())
