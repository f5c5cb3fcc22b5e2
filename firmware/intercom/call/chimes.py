"""The sounds that a device makes by itself (Voice JS SDK v1, Device.sounds)."""

from intercom.call.events import Ending
from intercom.call.ports import Sounds

INCOMING, OUTGOING, DISCONNECT = "ringtone", "outgoing", "end"
SILENT = {Ending.CANCELLED, Ending.TAKEN, Ending.IGNORED, Ending.REJECTED}


class Chimes:
    """`incoming`, `outgoing`, `disconnect`: whether it rings, sounds when a call of ours opens, and when one ends."""

    def __init__(self, sounds: Sounds) -> None:
        self.incoming = self.outgoing = self.disconnect = True
        self._sounds = sounds
        self._is_ringing = False

    def ring(self, is_wanted: bool) -> None:
        """Let the ringtone play, or play no longer."""
        if self._is_ringing != (is_wanted and self.incoming):
            self._is_ringing = not self._is_ringing
            if self._is_ringing:
                self._sounds.play(INCOMING)
            else:
                self._sounds.stop()

    def opened(self) -> None:
        """Sound for a call of ours that was answered."""
        if self.outgoing:
            self._sounds.play(OUTGOING)

    def ended(self, how: Ending) -> None:
        """Sound for a call that is over, unless it was never taken here."""
        if self.disconnect and how not in SILENT and not self._is_ringing:
            self._sounds.play(DISCONNECT)
