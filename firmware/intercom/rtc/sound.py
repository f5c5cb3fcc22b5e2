"""`Sound`: the two voices of a call, between the audio threads and what carries them."""

from collections.abc import Callable
from typing import Protocol

from intercom.audio.frames import Sink, Source
from intercom.audio.remote import Output, RemoteAudio
from intercom.audio.stream import AudioStream
from intercom.call.ports import AudioConstraints, AudioReady
from intercom.rtc.sender import Sender


class Voice(Output, Protocol):
    """The microphone and the speaker."""

    def connect(self, sink: Sink, source: Source, constraints: AudioConstraints | None = None) -> None:
        """Begin to fill the sink and to play the source."""

    async def opened(self) -> None:
        """Wait for the PCM that the constraints name; raises AudioError where it can't be opened."""

    def disconnect(self) -> None:
        """Leave both alone; idempotent."""

    def mute(self, flag: bool) -> None:
        """Fill the sink with silence (True) or the microphone (False)."""

    def delays_ms(self) -> tuple[float, float]:
        """Return the microphone's period, and how long what is pulled now waits until it is heard."""


class Sound:
    """A Sink for the microphone, in frames of `frame_ms`; what the far end says is played from `source`.

    `tell` is given AudioReady once, with the first sound that arrives.  `is_missed` tells whether the far end, once
    heard, has fallen silent on the network.
    """

    def __init__(
        self,
        voice: Voice,
        sender: Sender,
        source: Source,
        *,
        frame_ms: int,
        tell: Callable[[AudioReady], None],
        is_missed: Callable[[], bool],
    ) -> None:
        self.frame_ms = frame_ms
        self._voice, self._sender, self._tell = voice, sender, tell
        self._local = AudioStream(is_muted=lambda: self._is_muted)
        self._remote = AudioStream(is_muted=is_missed)
        self._audio = RemoteAudio(source, self._remote, voice)
        self._is_open = self._is_muted = self._is_there = self._is_heard = False

    @property
    def local_stream(self) -> AudioStream | None:
        """What the far end hears of us; None before `open` and after `close` (Voice JS SDK v1, getLocalStream)."""
        return self._local if self._is_open else None

    @property
    def remote_stream(self) -> AudioStream | None:
        """What we hear of the far end; None before it has said that it sends (Voice JS SDK v1, getRemoteStream)."""
        return self._remote if self._is_there else None

    async def open(self, constraints: AudioConstraints | None = None) -> None:
        """Take the microphone and the speaker; raises AudioError."""
        self._is_open = True
        self._voice.connect(self, self._audio, constraints)
        await self._voice.opened()

    def close(self) -> None:
        """Leave them and end the streams; idempotent."""
        self._local.end()
        self._remote.end()
        if self._is_open:
            self._is_open = False
            self._voice.disconnect()

    def mute(self, flag: bool) -> None:
        """Send silence (True) or the microphone (False); another call's microphone is left alone."""
        if self._is_open:
            self._is_muted = flag
            self._voice.mute(flag)

    def announced(self) -> None:
        """Take the news that the far end is going to send."""
        self._is_there = True

    def heard(self) -> None:
        """Take the news that some of the far end's sound is there."""
        if not self._is_heard and self._is_open:
            self._is_heard = self._is_there = True
            self._tell(AudioReady(self._audio))

    def put(self, frame: bytes) -> None:
        """Take a frame of ours, in the capture thread."""
        self._local.feed(frame)
        self._sender.put(frame)
