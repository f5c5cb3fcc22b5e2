"""Measures a call as long as it lasts, and tells those who listen to it."""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

from intercom.call.ports import Media, MediaState
from intercom.quality import moments
from intercom.quality.monitor import Change, Monitor
from intercom.quality.report import Report
from intercom.quality.sample import Figures, Sample, following
from intercom.quality.thresholds import THRESHOLDS, Threshold
from intercom.quality.volume import Meter

SAMPLE_S = 1.0
VOLUME_S = 0.05
LEVEL_S = 0.2  # enough for the warnings, where nobody listens to the volume
NOT_TOLD_WHEN_MUTED = {"constant-audio-input-level"}


class Call(Protocol):
    """A call as its gauge needs it."""

    def emit(self, event: str, *arguments: Any) -> bool: ...

    def listeners(self, event: str) -> list[Any]: ...

    def is_muted(self) -> bool: ...


class Gauge:
    """Has its call emit `sample(Sample)` each second, the second's warnings before it, and `volume` 20 times a second.

    `figures` are those of the second of `sample`.

    Where nobody listens to the volume, levels and volumes are taken less often: enough for warnings and reports.  A
    warning is cleared for those alone who were told of it (the SDK may clear what it never raised); `observed(Report)`
    tells the reports of it.
    """

    def __init__(self, call: Call, media: Media, thresholds: Sequence[Threshold] = ()) -> None:
        self.sample: Sample | None = None
        self.figures: Figures | None = None
        self.warnings: list[str] = []
        self.volumes = 0.0, 0.0
        self._call, self._media = call, media
        self._loop = asyncio.get_running_loop()
        self._monitor = Monitor(began_at=self._loop.time(), thresholds=thresholds or THRESHOLDS)
        self._meter = Meter(directions=2)
        self._levels: tuple[list[float], list[float]] = [], []
        self._is_over = False

    @property
    def is_poor(self) -> bool:
        """Whether a warning is active; a lost path is told by the call's state already."""
        return any(warning != moments.LINK_LOST for warning in self.warnings)

    async def run(self) -> None:
        """Measure until `stop` or cancelled."""
        now = self._loop.time()
        sample_at = now + SAMPLE_S
        while not self._is_over:
            period_s = VOLUME_S if self._call.listeners("volume") else LEVEL_S
            await asyncio.sleep(min(period_s, sample_at - now))
            self.listen()
            now = self._loop.time()
            if now >= sample_at:
                await self.measure(at=now)
                sample_at = max(sample_at, now - SAMPLE_S / 2) + SAMPLE_S

    def stop(self) -> None:
        """Emit nothing more."""
        self._is_over = True

    def listen(self) -> None:
        """Take the levels of this moment."""
        ours, theirs = self._meter.hear(*self._media.newest())
        for levels, heard in zip(self._levels, (ours, theirs), strict=True):
            levels.append(heard.level)
        self.volumes = ours.volume, theirs.volume
        if self._call.listeners("volume"):
            self._emit("volume", *self.volumes)

    async def measure(self, *, at: float) -> None:
        """Take the sample of the second that ends `at`, in the loop's time."""
        inputs, outputs = self._levels
        self._levels = [], []
        record = await self._media.stats()
        self.figures = self._media.figures()
        self.sample = sample = following(self.sample, record, input_levels=inputs, output_levels=outputs)
        for change in self._monitor.feed(sample, input_levels=inputs, output_levels=outputs, at=at):
            self._weigh(change)
        self._emit("sample", sample)

    def link(self, state: MediaState) -> None:
        """Take the news of the media's connection."""
        if state is MediaState.DISCONNECTED:
            self._raise(moments.LINK_LOST, None, moments.link(is_lost=True))
        elif state is MediaState.CONNECTED:
            self._clear(moments.LINK_LOST, moments.link(is_lost=False))

    def _weigh(self, change: Change) -> None:
        told = moments.warning(change)
        if change.warning == moments.OUTPUT_LEVEL:
            self._emit("observed", told)
        elif not change.is_raised:
            self._clear(change.warning, told)
        elif change.warning not in NOT_TOLD_WHEN_MUTED or not self._call.is_muted():
            self._raise(change.warning, change.evidence, told)

    def _raise(self, warning: str, evidence: object, told: Report) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)
            self._emit("observed", told)
            self._emit("warning", warning, evidence)

    def _clear(self, warning: str, told: Report) -> None:
        if warning in self.warnings:
            self.warnings.remove(warning)
            self._emit("observed", told)
            self._emit("warning-cleared", warning, None)

    def _emit(self, event: str, *arguments: object) -> None:
        if not self._is_over:
            self._call.emit(event, *arguments)
