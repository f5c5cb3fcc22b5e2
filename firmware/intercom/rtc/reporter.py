"""When both ends of a call report to each other."""

import asyncio
import time
from collections.abc import Callable
from random import random

from intercom.rtc.reports import Reports
from intercom.rtc.sender import Sender
from intercom.rtc.stats import Inbound

INTERVAL_S = 1.0  # a half more or less of it: RFC 3550, section 6.3.1, as browsers scale it


class Reporter:
    """Sends our reports from `begin` to `stop`, while there is a path; has what is lost at the far end coded for."""

    def __init__(self, reports: Reports, sender: Sender, inbound: Inbound, send: Callable[[bytes], None]) -> None:
        self._reports, self._sender, self._inbound, self._send = reports, sender, inbound, send
        self._loop = asyncio.get_running_loop()
        self._epoch_s = time.time() - self._loop.time()
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Report some time soon, then again and again; idempotent."""
        if self._timer is None:
            self._timer = self._loop.call_later(INTERVAL_S * random(), self._report)

    def stop(self) -> None:
        """Tell the far end that nothing more comes."""
        if self._timer:
            self._timer.cancel()
            self._send(self._reports.leave())

    def received(self, packet: bytes) -> None:
        """Take a packet of the far end's RTCP, whatever it holds."""
        line, reports = self._sender.line, self._reports
        if reports.read(packet, at_s=self._now_s()) and line and reports.loss is not None:
            line.encoder.adapt(loss=reports.loss)

    def _report(self) -> None:
        if self._sender.has_path:
            stamp = self._sender.line.timestamp if self._sender.line else 0
            self._send(self._reports.compose(self._sender.sent, stamp, self._inbound, at_s=self._now_s()))
        self._timer = self._loop.call_later(INTERVAL_S * (0.5 + random()), self._report)

    def _now_s(self) -> float:
        return self._epoch_s + self._loop.time()
