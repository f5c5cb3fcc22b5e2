"""The story of one call, told to the event gateway as it happens (Voice JS SDK v1, EventPublisher)."""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from intercom.call import codes
from intercom.call.events import CallError, Ending
from intercom.call.machine import CallState
from intercom.call.options import Options
from intercom.call.ports import Gateway, Stream
from intercom.quality import moments, report
from intercom.quality.report import About, Body, Report
from intercom.quality.sample import Sample

if TYPE_CHECKING:
    from intercom.call.connection import Connection

OVERRIDES = dict.fromkeys(("RTCPeerConnection", "enumerateDevices", "getUserMedia"), False)


class Chronicle:
    """Listens to its call from the beginning to the end, the first of its listeners, and never disturbs it."""

    def __init__(self, call: "Connection", stream: Stream, gateway: Gateway, options: Options) -> None:
        self._call, self._stream, self._gateway, self._options = call, stream, gateway, options
        self._seconds: list[Body] = []
        self._was_refused = False
        told: dict[str, Callable[..., Iterable[Report]]] = {
            "observed": lambda observed: [observed],
            "ringing": lambda has_early_media: [_moment("outgoing-ringing", hasEarlyMedia=has_early_media)],
            "accept": lambda _: [Report("settings", "edge", "INFO", {"edge": stream.edge} if stream.edge else {})],
            "mute": lambda is_muted, _: [_moment("muted" if is_muted else "unmuted")],
            "error": self._error,
            "reconnecting": _reconnecting,
            "reconnected": lambda: [_moment("reconnected")],
            "reject": lambda: [_moment("rejected-by-local")],
            "cancel": lambda: [_moment("ignored-by-local" if self._is(Ending.IGNORED) else "cancel")],
            "disconnect": self._disconnected,
        }
        for event, reports in told.items():
            call.on(event, lambda *arguments, reports=reports: self._post(*reports(*arguments)))
        call.on("sample", self._sampled)
        call.on("state", self._changed)
        is_incoming = call.direction == "INCOMING"
        self._post(
            _moment("incoming") if is_incoming else _moment("outgoing", preflight=False),
            Report("settings", "init", "INFO", OVERRIDES),
        )

    async def feedback(self, score: int | None, issue: str | None) -> None:
        """Tell what a person says of the call; raises UsageError, and IntercomError where the gateway takes it not."""
        told = moments.feedback(score, issue)
        await self._gateway.send(report.EVENTS, report.event(told, self._about(), at_s=time.time()))

    def _post(self, *reports: Report) -> None:
        for each in reports:
            self._gateway.post(report.EVENTS, report.event(each, self._about(), at_s=time.time()))

    def _sampled(self, sample: Sample) -> None:
        self._seconds.append(report.record(sample, self._about(), volumes=self._call.quality.volumes))
        if len(self._seconds) == report.SAMPLES_A_BATCH:
            self._post_seconds()

    def _changed(self, state: CallState) -> None:
        if state is CallState.CLOSED and self._seconds:
            self._post_seconds()

    def _post_seconds(self) -> None:
        self._gateway.post(report.METRICS, report.metrics(self._seconds, at_s=time.time()))
        self._seconds = []

    def _error(self, error: CallError) -> list[Report]:
        self._was_refused |= error.twilio_code == codes.TWILIO_CALL_FAILED
        return [_moment("error", "ERROR", code=error.code, message=error.message)]

    def _disconnected(self, _: object) -> list[Report]:
        is_far_ends = self._was_refused or self._is(Ending.HUNG_UP_BY_FAR_END)
        return [_moment("disconnected-by-remote" if is_far_ends else "disconnected-by-local")]

    def _is(self, how: Ending) -> bool:
        return self._call.ended is not None and self._call.ended.how is how

    def _about(self) -> About:
        call, sample = self._call, self._call.quality.sample
        return About(
            direction=call.direction,
            sid=call.sid,
            temporary_sid=call.outbound_connection_id,
            codec=sample.codec_name if sample else None,
            origin=self._stream.origin,
            may_restart_ice=self._options.enable_ice_restart,
        )


def _moment(name: str, level: str = "INFO", **payload: Any) -> Report:
    return Report("connection", name, level, payload)


def _reconnecting(error: CallError) -> list[Report]:
    lost = _moment("error", "WARNING", code=error.code, message=error.message, twilioError=moments.MEDIA_LOST)
    return [lost, _moment("reconnecting")]
