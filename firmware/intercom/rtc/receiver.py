"""From the far end to the speaker's thread."""

import asyncio
from collections.abc import Callable

from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from intercom.audio.frames import RATE, SAMPLE_BYTES
from intercom.rtc.pool import Pool
from intercom.rtc.transit import Transit


class Receiver:
    """Reads the far end's track in the loop and fills the playout buffer with what `through` makes of it.

    Calls `heard` for each frame.
    """

    def __init__(self, heard: Callable[[], None], through: Callable[[bytes], bytes]) -> None:
        self.playout = Pool()
        self.transit = Transit()
        self.received = 0
        self._heard, self._through = heard, through

    async def run(self, track: MediaStreamTrack) -> None:
        """Return when the far end has ended its track."""
        mono, loop = _Mono(), asyncio.get_running_loop()
        self.transit.begin()
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, AudioFrame)
            self.received += 1
            self._heard()
            self.transit.decoded(frame.pts, at_s=loop.time())
            self.playout.put(self._through(mono.convert(frame)))


class _Mono:
    """Any decoded frame to mono S16 at 48 kHz; the far end may change its codec within a call."""

    def __init__(self) -> None:
        self._form: tuple[int, str, str] | None = None

    def convert(self, frame: AudioFrame) -> bytes:
        form = frame.sample_rate, frame.layout.name, frame.format.name
        if form != self._form:
            self._form = form
            self._resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        frame.pts = None
        return b"".join(
            bytes(part.planes[0])[: part.samples * SAMPLE_BYTES] for part in self._resampler.resample(frame)
        )
