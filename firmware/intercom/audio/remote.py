"""The far end's voice on its way from the network to the speaker."""

from typing import Protocol

from intercom.audio.frames import Source
from intercom.audio.mixer import Fader
from intercom.audio.stream import AudioStream
from intercom.errors import UsageError


class Output(Protocol):
    """The speaker, as far as a call may choose it."""

    @property
    def playback_pcm(self) -> str: ...

    def play_on(self, pcm: str) -> None: ...


class RemoteAudio:
    """Fulfils `call.ports.RemoteAudio`, and is the Source that the speaker plays.

    The stream has the voice as it came, whatever the volume.
    """

    def __init__(self, source: Source, stream: AudioStream, output: Output) -> None:
        self.stream = stream
        self._source, self._output = source, output
        self._volume = 1.0
        self._fader = Fader()

    @property
    def volume(self) -> float:
        """How loud it is, from 0.0 to 1.0, a linear factor; any other number raises UsageError.

        A new one is reached within 300 ms, without a click.
        """
        return self._volume

    @volume.setter
    def volume(self, volume: float) -> None:
        if not 0 <= volume <= 1:
            raise UsageError("The volume of a voice is a number from 0.0 to 1.0.", "1.0 is as loud as it came.")
        self._volume = float(volume)

    @property
    def pcm(self) -> str:
        """The ALSA PCM that the speaker plays on."""
        return self._output.playback_pcm

    def play_on(self, pcm: str) -> None:
        """Play on another PCM until the call ends, tones included; one that can't be opened leaves the call one-way.

        `intercom status` then tells why.  Nothing happens after the end of the call.
        """
        if not self.stream.ended:
            self._output.play_on(pcm)

    def pull(self, samples: int, *, most: int = 0) -> bytes:
        """Return the next samples, in the playback thread."""
        pcm = self._source.pull(samples, most=most)
        self.stream.feed(pcm)
        return self._fader.feed(pcm, self._volume)
