"""One direction of sound: a thread that opens its PCM while it is wanted, and comes back after every failure."""

import contextlib
import logging
import math
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from intercom.audio import cards, realtime
from intercom.audio.events import AudioChanged, DeviceState, SideName
from intercom.audio.pcm import Shape
from intercom.errors import AudioBusyError, AudioError, AudioMissingError

RETRY_FIRST_S = 0.5
RETRY_LAST_S = 2.0
IDLE_LOOK_S = 5.0
STATES = {AudioMissingError: DeviceState.MISSING, AudioBusyError: DeviceState.BUSY}

logger = logging.getLogger(__name__)


class Device(Protocol):
    """An open PCM, or what stands in for one."""

    @property
    def shape(self) -> Shape | None: ...

    def close(self) -> None: ...


DeviceT = TypeVar("DeviceT", bound=Device)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A PCM to use; `tell` is called in the thread after each try to open it, with the error or None."""

    pcm: str
    tell: Callable[[AudioError | None], object] = lambda _: None


class Side(ABC, Generic[DeviceT]):
    """A PCM and its thread.  While idle the PCM is closed and the thread sleeps, but for a look at whether
    a sound card came or went.

    `report` is called in the thread; all other methods may be called from any other.
    """

    name: ClassVar[SideName]

    def __init__(self, pcm: str, *, stand_in: DeviceT, report: Callable[[AudioChanged], None]) -> None:
        self._usual = self._choice = Choice(pcm)
        self._stand_in = stand_in
        self._report = report
        self._now = AudioChanged(self.name, DeviceState.IDLE)
        self._shape: Shape | None = None
        self._xruns = 0
        self._cards: list[str] = []
        self._is_realtime = False
        self._bell = threading.Event()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        """Begin, with a look at whether the PCM can be opened."""
        if advice := cards.advice(self.pcm):
            logger.warning("%s: %s", self.name, advice)
        self._thread.start()

    def stop(self) -> None:
        """Close the PCM and end the thread; `join` waits for it."""
        self._is_stopping = True
        self._bell.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; False when it hangs in a driver."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def status(self) -> dict[str, Any]:
        """Return what is known of the PCM; what its card agreed to as last opened."""
        return {
            "pcm": self.pcm,
            "state": str(self._now.state),
            "why": self._now.why,
            "advice": cards.advice(self.pcm),
            "rate": self._shape and self._shape.rate,
            "channels": self._shape and self._shape.channels,
            "period_ms": self._shape and round(self._shape.period_ms, 1),
            "buffer_ms": self._shape and round(self._shape.buffer_ms, 1),
            "xruns": self._xruns,
            "realtime": self._is_realtime,
        }

    @property
    def pcm(self) -> str:
        """The PCM in use, or that would be."""
        return self._choice.pcm

    @property
    def is_open(self) -> bool:
        """Whether the PCM itself is in use, no stand-in."""
        return self._now.state is DeviceState.OPEN

    @property
    def period_ms(self) -> float:
        """The length of a period as last opened; 0 before."""
        return self._shape.period_ms if self._shape else 0.0

    def use(self, choice: Choice | None = None) -> None:
        """Use another PCM from now on (None: the usual one again)."""
        self._choice = choice or self._usual
        self.wake()

    def wake(self) -> None:
        """Make the thread look again at whether its PCM is wanted."""
        self._bell.set()

    @abstractmethod
    def is_wanted(self) -> bool:
        """Whether the PCM should be open."""

    @abstractmethod
    def open(self, pcm: str) -> DeviceT:
        """Open a PCM; raises AudioError."""

    @abstractmethod
    def turn(self, device: DeviceT) -> bool:
        """Move one period, however long that takes; False after an xrun or a suspend.  Raises AudioError."""

    def state_of(self, error: AudioError) -> DeviceState:
        """Return the state that an error means."""
        return STATES.get(type(error), DeviceState.FAILED)

    def _run(self) -> None:
        self._is_realtime = realtime.ask()
        try:
            self._probe()
            while not self._is_stopping:
                self._live()
        finally:
            if not self._is_stopping:
                self._become(DeviceState.FAILED, f"The {self.name} thread ended by a mistake in this program.")

    def _live(self) -> None:
        self._bell.clear()
        if self.is_wanted():
            self._serve()
        elif not self._is_stopping and not self._bell.wait(IDLE_LOOK_S):
            self._look()

    def _serve(self) -> None:
        """Have the PCM open while it is wanted."""
        choice = self._choice
        while self._goes_on():
            choice = self._choice
            self._keep(choice)
        if self._now.state is DeviceState.OPEN:
            self._become(DeviceState.IDLE)
        elif choice is not self._choice:
            self._probe()

    def _keep(self, choice: Choice) -> None:
        """Keep this PCM open while it is the one, a stand-in in its place while it can't be."""
        pause_s = RETRY_FIRST_S
        while self._goes_on(choice):
            began = time.monotonic()
            try:
                with contextlib.closing(self.open(choice.pcm)) as device:
                    choice.tell(None)
                    self._shape = device.shape
                    self._become(DeviceState.OPEN)
                    self._pump(device, choice)
            except AudioError as error:
                choice.tell(error)
                self._become(self.state_of(error), str(error))
                if time.monotonic() - began > RETRY_LAST_S:
                    pause_s = RETRY_FIRST_S
                self._pump(self._stand_in, choice, until=time.monotonic() + pause_s)
                pause_s = min(2 * pause_s, RETRY_LAST_S)

    def _pump(self, device: DeviceT, choice: Choice, *, until: float = math.inf) -> None:
        while self._goes_on(choice) and time.monotonic() < until:
            self._xruns += not self.turn(device)

    def _goes_on(self, choice: Choice | None = None) -> bool:
        return (choice is None or choice is self._choice) and not self._is_stopping and self.is_wanted()

    def _look(self) -> None:
        """While idle: try a PCM that was bad again, and a good one when a card came or went.

        A good one is left alone otherwise: opening a speaker can be heard.
        """
        if self._now.state is not DeviceState.IDLE or cards.present() != self._cards:
            self._probe()

    def _probe(self) -> None:
        self._cards = cards.present()
        try:
            with contextlib.closing(self.open(self.pcm)) as device:
                self._shape = device.shape
            self._become(DeviceState.IDLE)
        except AudioError as error:
            self._become(self.state_of(error), str(error))

    def _become(self, state: DeviceState, why: str = "") -> None:
        before, self._now = self._now, AudioChanged(self.name, state, why)
        if self._now != before and not self._is_stopping:
            self._report(self._now)
