"""gpiozero's pins on the kernel's GPIO lines, by the official libgpiod binding.

Against gpiozero's own factories: an output takes direction and level in one request, so that it never blips; the
kernel debounces and dates each edge; one thread reads all lines, and a callback that fails ends nothing.  No PWM.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from gpiod import EdgeEvent, LineSettings
from gpiod.line import Bias, Direction, Edge, Value
from gpiozero import PinInfo
from gpiozero.exc import PinFixedPull, PinInvalidFunction, PinInvalidPull, PinSetInput, PinUnknownPi
from gpiozero.pins.local import LocalPiFactory, LocalPiPin

from intercom.panel.chips import Chip, Request, change_line, open_chip, take_line
from intercom.panel.reader import Reader

BIASES = {"up": Bias.PULL_UP, "down": Bias.PULL_DOWN, "floating": Bias.DISABLED}
EDGES = {"both": Edge.BOTH, "rising": Edge.RISING, "falling": Edge.FALLING, "none": Edge.NONE}
ANY_PI = 0xA02082  # a Pi 3B; all with a 40-pin header number its pins alike

logger = logging.getLogger(__name__)


class GpiodFactory(LocalPiFactory):  # type: ignore[misc]
    """The pins of this Pi; raises PinError where they can't be opened."""

    def __init__(self, opened: Callable[[], Chip] = open_chip) -> None:
        super().__init__()
        # LocalPiFactory shares these between factories: what a failed panel left would be in the way of the next.
        self.pins: dict[PinInfo, GpiodPin] = {}
        self._reservations: dict[PinInfo, list[object]] = defaultdict(list)
        self.pin_class = GpiodPin
        self.chip = opened()
        self.reader = Reader()

    def close(self) -> None:
        """Free every line, end the reader."""
        super().close()
        self.reader.close()
        self.chip.close()

    def _get_revision(self) -> int:
        try:
            return int(super()._get_revision())
        except PinUnknownPi:
            return ANY_PI


class GpiodPin(LocalPiPin):  # type: ignore[misc]
    """One line: taken from the kernel when its function is set or its level read, freed by `close`."""

    def __init__(self, factory: GpiodFactory, info: PinInfo) -> None:
        super().__init__(factory, info)
        self._request: Request | None = None
        self._function = "input"
        self._pull = info.pull or "floating"
        self._bounce: float | None = None
        self._edges = "both"
        self._is_watched = False

    def close(self) -> None:
        """Stop driving the line, free it."""
        self.when_changed = None
        if self._request:
            if self._function == "output":
                self._set_function("input")
            self._request.release()
            self._request = None

    def output_with_state(self, state: bool) -> None:
        """Drive the line, at this level from the first moment."""
        self._apply(LineSettings(direction=Direction.OUTPUT, output_value=_value(state)))
        self._function = "output"

    def input_with_pull(self, pull: str) -> None:
        """Read the line, pulled so from the first moment."""
        if pull not in BIASES:
            raise PinInvalidPull(f"a pull is up, down or floating, not {pull}")
        if self.info.pull not in {pull, ""}:
            raise PinFixedPull(f"{self!r} has a resistor that pulls it {self.info.pull}")
        self._pull = pull
        self._set_function("input")

    def _get_function(self) -> str:
        return self._function

    def _set_function(self, function: str) -> None:
        if function not in {"input", "output"}:
            raise PinInvalidFunction(f"a pin is an input or an output, not {function}")
        if function == "output":
            self.output_with_state(self._get_state())
        else:
            self._apply(self._as_input())
            self._function = "input"

    def _get_state(self) -> bool:
        return self._taken().get_value(self._number) is Value.ACTIVE

    def _set_state(self, state: bool) -> None:
        if self._function == "input":
            raise PinSetInput(f"{self!r} is an input")
        self._taken().set_value(self._number, _value(state))

    def _get_pull(self) -> str:
        return self._pull

    def _set_pull(self, pull: str) -> None:
        if self._function == "output":
            raise PinFixedPull(f"{self!r} is an output")
        self.input_with_pull(pull)

    def _get_bounce(self) -> float | None:
        return self._bounce

    def _set_bounce(self, seconds: float | None) -> None:
        self._bounce = seconds
        self._apply_watched()

    def _get_edges(self) -> str:
        return self._edges

    def _set_edges(self, edges: str) -> None:
        self._edges = edges
        self._apply_watched()

    def _enable_event_detect(self) -> None:
        self._is_watched = True
        self._apply_watched()
        self.factory.reader.watch(self._taken().fd, self._read)

    def _disable_event_detect(self) -> None:
        self._is_watched = False
        self.factory.reader.forget(self._taken().fd)
        self._apply(self._as_input())

    def _read(self) -> None:
        """Report the edges that wait; in the reader's thread."""
        request = self._taken()
        if not request.wait_edge_events(0):  # a wake-up meant for a line that had this descriptor before
            return
        for event in request.read_edge_events():
            self._report(event)

    def _report(self, event: EdgeEvent) -> None:
        try:
            if callback := self.when_changed:
                callback(event.timestamp_ns / 1e9, event.event_type is EdgeEvent.Type.RISING_EDGE)
        except Exception:
            logger.exception("the callback of %s failed", self)

    def _as_input(self) -> LineSettings:
        settings = LineSettings(direction=Direction.INPUT, bias=BIASES[self._pull])
        if self._is_watched:
            settings.edge_detection = EDGES[self._edges]
            settings.debounce_period = timedelta(seconds=self._bounce or 0)
        return settings

    def _apply_watched(self) -> None:
        if self._is_watched:
            self._apply(self._as_input())

    def _taken(self) -> Request:
        if self._request is None:
            self._request = take_line(self.factory.chip, self._number, self._as_input())
        return self._request

    def _apply(self, settings: LineSettings) -> None:
        if self._request is None:
            self._request = take_line(self.factory.chip, self._number, settings)
        else:
            change_line(self.factory.chip, self._request, self._number, settings)


def _value(state: bool) -> Value:
    return Value.ACTIVE if state else Value.INACTIVE
