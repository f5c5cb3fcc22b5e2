"""The station: one inbox, one loop; take an event, look it up in the rules, act, show."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

from intercom.audio.events import AudioChanged
from intercom.call.connection import Connection
from intercom.call.device import Device
from intercom.errors import IntercomError
from intercom.panel.events import Edge
from intercom.panel.gestures import Gesture, Gestures, Hold
from intercom.panel.patterns import Light
from intercom.settings.schema import Settings
from intercom.station import rules
from intercom.station.actions import TURNS, Action
from intercom.station.companion import Companion
from intercom.station.events import CallEnded, Changed, StationEvent
from intercom.station.phone import Phone
from intercom.station.view import Shows, Sign, View

Inbox = asyncio.Queue[StationEvent]

logger = logging.getLogger(__name__)


class Lamp(Protocol):
    """The ring as the station needs it."""

    def show(self, light: Light) -> None: ...


class Speaker(Protocol):
    """The tones as the station needs them."""

    def play(self, tone: str) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Notice:
    """Something shown for a while in place of what is: how a call ended, why a press did nothing."""

    shows: Shows
    until: float
    connection: Connection | None = None


class Station:
    """Acts on events and commands; light and tone are functions of what it is, never set by hand.

    `publish` is called after each event, when everything is shown; `turn` with the setting of a volume and the
    percent by which a button turns it.
    """

    def __init__(
        self,
        settings: Settings,
        inbox: Inbox,
        *,
        device: Device,
        lamp: Lamp,
        speaker: Speaker,
        companions: Sequence[Companion] = (),
    ) -> None:
        self.publish: Callable[[], None] = lambda: None
        self.turn: Callable[[str, int], None] = lambda _path, _by: None
        self._settings, self._inbox = settings, inbox
        self._device, self._lamp, self._speaker = device, lamp, speaker
        self._companions = companions
        self.phone = Phone(settings.call, device, follow=self._follow, notify=self._notify)
        self._gestures = Gestures(settings.panel.hold_ms / 1000)
        self._pressed_in: dict[str, Shows] = {}
        self._is_leaving = False
        self._notice: _Notice | None = None
        self._playing: tuple[str, _Notice | None] | None = None
        self._shown: View | None = None
        for event in ("ready", "offline"):
            device.on(event, lambda _: inbox.put_nowait(Changed()))

    @property
    def connection(self) -> Connection | None:
        """The call that light, tone, buttons and status are about; an ended one while its end is shown."""
        return self._device.active_connection() or (self._notice.connection if self._notice else None)

    @property
    def view(self) -> View:
        """The facts that light, tone and buttons follow from."""
        connection, is_registered = self._device.active_connection(), self._device.is_registered
        if connection:
            shows = rules.BY_CALL_STATE[connection.status()]
        elif self._notice:
            shows = self._notice.shows
        else:
            shows = Shows.IDLE if is_registered else Shows.OFFLINE
        signs = {
            Sign.MUTED: connection and connection.is_muted(),
            Sign.LINK_LOST: not is_registered,
            Sign.POOR_QUALITY: connection and connection.quality.is_poor,
        }
        return View(
            shows,
            frozenset(sign for sign, is_true in signs.items() if is_true).union(
                *(companion.signs for companion in self._companions)
            ),
            has_early_media=bool(connection and connection.has_early_media),
        )

    async def run(self) -> None:
        """Live until cancelled, or until no call is under way after `leave_when_idle`."""
        while self.connection or not self._is_leaving:
            self._show()
            event = await self._next()
            self._pass_time(event.at if isinstance(event, Edge) else self._now())
            if event is not None:
                self._take(event)

    def leave_when_idle(self) -> None:
        """Make `run` return as soon as there is no call."""
        self._is_leaving = True
        self._inbox.put_nowait(Changed())

    def do(self, action: Action) -> None:
        """Carry out what a button or a command asks for; what makes no sense now raises IntercomError."""
        if action in TURNS:
            self.turn(*TURNS[action])
            self._speaker.play("volume")
        else:
            self.acts[action]()

    @property
    def acts(self) -> Mapping[Action, Callable[[], object]]:
        """What can be done beside turning volumes."""
        acts = dict(self.phone.acts)
        for companion in self._companions:
            acts |= companion.acts
        return acts

    async def _next(self) -> StationEvent | None:
        due = [self._gestures.due(), self._notice.until if self._notice else None]
        due += [companion.due() for companion in self._companions]
        first = min((at for at in due if at is not None), default=None)
        timeout_s = None if first is None else max(0.0, first - self._now())
        try:
            # Not asyncio.wait_for: before Python 3.12 it may swallow the cancellation that is to end the station.
            async with asyncio.timeout(timeout_s):
                return await self._inbox.get()
        except TimeoutError:
            return None

    def _pass_time(self, now: float) -> None:
        if self._notice and self._notice.until <= now:
            self._notice = None
        for companion in self._companions:
            companion.tick(now)
        for gesture in self._gestures.tick(now):
            self._act(gesture)

    def _take(self, event: StationEvent) -> None:
        match event:
            case Edge(button=button, is_down=is_down):
                if is_down:
                    self._pressed_in[button] = self.view.shows
                may_hold = rules.hold(button, self.view.shows, self._settings.panel) is not None
                gesture = self._gestures.feed(event, may_hold=may_hold)
                if gesture:
                    self._act(gesture)
            case CallEnded(connection=connection) if connection.ended and not self._device.active_connection():
                self._notify(rules.after(connection.ended), connection)
            case AudioChanged() | CallEnded() | Changed():
                pass  # it is shown after each event
            case _:
                assert_never(event)

    def _act(self, gesture: Gesture) -> None:
        shows = self.view.shows
        decide = rules.hold if isinstance(gesture, Hold) else rules.press
        # What was pressed to answer must not call back because the caller gave up meanwhile.
        is_meant = self._pressed_in.get(gesture.button, shows) is shows
        action = decide(gesture.button, shows, self._settings.panel) if is_meant else None
        logger.info("button %s: %s", gesture.button, action or "nothing to do")
        try:
            if action:
                self.do(action)
            else:
                self._speaker.play("refused")
        except IntercomError as error:
            self._speaker.play("refused")
            logger.warning("button %s: %s", gesture.button, error)

    def _follow(self, connection: Connection) -> None:
        """Hear of each step of a call, from now on."""
        for companion in self._companions:
            companion.follow(connection)
        for event in ("mute", "ringing", "sample", "warning", "warning-cleared"):
            connection.on(event, lambda *_: self._inbox.put_nowait(Changed()))
        connection.on(
            "state", lambda state: self._inbox.put_nowait(CallEnded(connection) if state == "closed" else Changed())
        )
        self._inbox.put_nowait(Changed())

    def _notify(self, shows: Shows, connection: Connection | None = None) -> None:
        self._notice = _Notice(shows, self._now() + (rules.RULES[shows].lasts_s or 0.0), connection)

    def _show(self) -> None:
        view = self.view
        self._lamp.show(rules.light(view))
        if self._shown and (click := rules.click(self._shown, view)):
            self._speaker.play(click)
        self._shown = view
        tone = rules.tone(view)
        notice = None if self._device.active_connection() else self._notice
        playing = (tone, notice) if tone else None
        if playing != self._playing:
            self._playing = playing
            if tone:
                self._speaker.play(tone)
            else:
                self._speaker.stop()
        self.publish()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
