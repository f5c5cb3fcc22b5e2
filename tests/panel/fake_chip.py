"""A GPIO chip without a kernel: what gpiod.Chip and gpiod.LineRequest do, with a real pipe as a line's descriptor."""

import errno
import os
import select
import threading
import time
from copy import copy
from datetime import timedelta

from gpiod import ChipInfo, EdgeEvent, LineInfo, LineSettings
from gpiod.line import Bias, Clock, Direction, Drive, Edge, Value

from intercom.panel.chips import Config


class FakeLine:
    """One requested line; `history` is each setting that it was given, in order."""

    def __init__(self, line: int, settings: LineSettings | None, *, wired_to: Value | None = None) -> None:
        self._line, self._wired_to = line, wired_to
        self._events: list[EdgeEvent] = []
        self._lock = threading.Lock()
        self.fd, self._writes = os.pipe()
        self.history: list[LineSettings] = []
        self.is_released = False
        self.level = Value.INACTIVE
        self._set_up(settings)

    @property
    def settings(self) -> LineSettings:
        return self.history[-1]

    def _set_up(self, settings: LineSettings | None) -> None:
        self.history.append(copy(settings) if settings else LineSettings())
        if self.settings.direction is Direction.OUTPUT:
            self.level = self.settings.output_value
        else:
            pulled = Value.ACTIVE if self.settings.bias is Bias.PULL_UP else Value.INACTIVE
            self.level = pulled if self._wired_to is None else self._wired_to

    def change(self, level: Value, *, at: float | None = None) -> None:
        """The world outside changes the level of an input."""
        self.level = level
        if self.settings.edge_detection is Edge.NONE:
            return
        kind = EdgeEvent.Type.RISING_EDGE if level is Value.ACTIVE else EdgeEvent.Type.FALLING_EDGE
        at_ns = time.monotonic_ns() if at is None else round(at * 1e9)
        with self._lock:
            self._events.append(EdgeEvent(kind.value, at_ns, self._line, 0, 0))
            os.write(self._writes, b"!")

    def break_off(self) -> None:
        """The chip goes away while the line is held."""
        os.write(self._writes, b"!")

    def get_value(self, line: int | str) -> Value:
        return self.level

    def set_value(self, line: int | str, value: Value) -> None:
        self.level = value

    def reconfigure_lines(self, config: Config) -> None:
        self._set_up(config[self._line])

    def wait_edge_events(self, timeout: timedelta | float | None = None) -> bool:
        assert timeout == 0
        return bool(select.select([self.fd], [], [], 0)[0])

    def read_edge_events(self, max_events: int | None = None) -> list[EdgeEvent]:
        with self._lock:
            os.read(self.fd, 4096)
            events, self._events = self._events, []
        if not events:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return events

    def release(self) -> None:
        self.is_released = True
        os.close(self.fd)
        os.close(self._writes)


class FakeChip:
    """Some lines; `held` names who holds one, `broken` which the kernel refuses, `wired` the level a contact gives."""

    def __init__(self, label: str = "pinctrl-bcm2711", *, count: int = 54) -> None:
        self.label = label
        self.count = count
        self.held: dict[int, str] = {}
        self.broken: set[int] = set()
        self.wired: dict[int, Value] = {}
        self.lines: dict[int, FakeLine] = {}
        self.is_closed = False

    def get_info(self) -> ChipInfo:
        return ChipInfo("gpiochip0", self.label, self.count)

    def get_line_info(self, line: int | str) -> LineInfo:
        number = int(line)
        facts = (Direction.INPUT.value, False, Bias.AS_IS.value, Drive.PUSH_PULL.value)
        return LineInfo(
            number, "", number in self.held, self.held.get(number, ""), *facts,
            Edge.NONE.value, Clock.MONOTONIC.value, False, 0,
        )  # fmt: skip

    def request_lines(self, config: Config, consumer: str | None = None) -> FakeLine:
        ((line, settings),) = config.items()
        assert isinstance(line, int)
        if line >= self.count:
            raise ValueError("line offset of out range")
        if line in self.held:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        if line in self.broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self.lines[line] = FakeLine(line, settings, wired_to=self.wired.get(line))
        return self.lines[line]

    def close(self) -> None:
        self.is_closed = True
