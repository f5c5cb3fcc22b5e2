"""The station: one inbox, one loop; take an event, look it up in the rules, act, show."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

from intercom.audio.events import AudioChanged
from intercom.call.connection import Connection
from intercom.call.device import Device
from intercom.call.events import End
from intercom.door.events import (
    DoorEvent,
    DoorForced,
    DoorHeld,
    DoorMoved,
    GuardLost,
    LockMoved,
    LockRefused,
    Tampered,
)
from intercom.errors import ConflictError, IntercomError
from intercom.panel.events import Edge, Flood
from intercom.panel.gestures import Gesture, Kind
from intercom.panel.patterns import Light
from intercom.settings.schema import Settings
from intercom.station import rules
from intercom.station.actions import REFUSALS, TURNS, Action
from intercom.station.begun import Begun
from intercom.station.companion import Companion
from intercom.station.events import CallEnded, Changed, StationEvent
from intercom.station.phone import Phone
from intercom.station.presses import Presses
from intercom.station.rulebook import Rulebook
from intercom.station.trial import Trial
from intercom.station.view import CALLING, Shows, Sign, View
from intercom.story.hand import hand

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
    percent by which a button turns it; `touched` at each press, before what it does;
    `door_moved` with each event of the door; `unplaced` with why a call could not even be begun.
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
        self.touched: Callable[[], None] = lambda: None
        self.door_moved: Callable[[DoorEvent], None] = lambda _: None
        self.unplaced: Callable[[Shows], None] = lambda _: None
        self.turn: Callable[[str, int], None] = lambda _path, _by: None
        self._settings, self._inbox = settings, inbox
        self._device, self._lamp, self._speaker = device, lamp, speaker
        self._companions = companions
        self.phone = Phone(
            settings.call,
            device,
            follow=self._follow,
            notify=self._unplaced,
            is_private=lambda: Sign.PRIVATE in self.view.signs,
        )
        self.rulebook = Rulebook.of(settings)
        self.trial = Trial(settings.panel)
        self.presses = Presses(self.rulebook, self.trial)
        self._begun = Begun()
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
        others = frozenset[Sign]().union(*(companion.signs for companion in self._companions))
        if connection:
            shows = rules.shows(connection.status(), others)
        elif self._notice:
            shows = self._notice.shows
        else:
            shows = Shows.IDLE if is_registered else Shows.OFFLINE
        signs = {
            Sign.MUTED: connection and (connection.is_muted() or Sign.PRIVATE in others),
            Sign.LINK_LOST: not is_registered,
            Sign.POOR_QUALITY: connection and connection.quality.is_poor,
        }
        return View(
            shows,
            others.union(sign for sign, is_true in signs.items() if is_true),
            has_early_media=bool(connection and connection.has_early_media),
        )

    async def run(self) -> None:
        """Live until cancelled, or until no call is under way after `leave_when_idle`."""
        while self.connection or not self._is_leaving:
            self._show()
            event = await self._next()
            self._pass_time(event.at if isinstance(event, Edge | Flood) else self._now())
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
            act = self.acts.get(action)
            if act is None:
                raise ConflictError(REFUSALS.get(action, "This station can't do that."))
            act()

    @property
    def acts(self) -> Mapping[Action, Callable[[], object]]:
        """What can be done beside turning volumes."""
        acts = dict(self.phone.acts)
        for companion in self._companions:
            acts |= companion.acts
        return acts

    async def _next(self) -> StationEvent | None:
        due = [self.presses.due(), self._notice.until if self._notice else None]
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
        for gesture in self.presses.tick(now):
            self._act(gesture)

    def _take(self, event: StationEvent) -> None:
        match event:
            case Edge() | Flood():
                for gesture in self.presses.take(event, self.view.shows):
                    self._act(gesture)
                if isinstance(event, Flood):
                    self._take_back(event)
            case CallEnded(connection=connection) if connection.ended and not self._device.active_connection():
                self._notify(self._after(connection, connection.ended), connection)
            case LockMoved() | LockRefused() | GuardLost() | DoorMoved() | DoorForced() | DoorHeld() | Tampered():
                self.door_moved(event)
            case AudioChanged() | CallEnded() | Changed():
                pass  # it is shown after each event
            case _:
                assert_never(event)

    def _act(self, gesture: Gesture) -> None:
        if gesture.kind is Kind.TALK_END:
            self.phone.talk_no_more()
            return
        shows = self.view.shows
        if self._begun.is_hammering(gesture.button, self._now(), is_calling=shows in CALLING):
            logger.info("button %s: it has just begun a call", gesture.button)
            return
        # What was pressed to answer must not call back because the caller gave up meanwhile.
        is_meant = gesture.within == shows
        action = self.rulebook.action(gesture.button, shows, gesture.kind) if is_meant else None
        logger.info("button %s: %s", gesture.button, action or "nothing to do")
        self.touched()
        try:
            if action:
                with hand(f"the {gesture.button} button"):
                    self.do(action)
            else:
                self._speaker.play("refused")
        except IntercomError as error:
            self._speaker.play("refused")
            logger.warning("button %s: %s", gesture.button, error)
        else:
            if action:
                self._begun.note(gesture.button, action, self._device.active_connection(), self._now())

    def _take_back(self, flood: Flood) -> None:
        if connection := self._begun.mistaken(flood):
            logger.warning("call %s: ended, as no person began it", connection.sid)
            connection.disconnect()

    def _after(self, connection: Connection, end: End) -> Shows:
        wanted = (companion.after(connection) for companion in self._companions)
        return next((shows for shows in wanted if shows), rules.after(end))

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

    def _unplaced(self, shows: Shows) -> None:
        self.unplaced(shows)
        self._notify(shows)

    def _notify(self, shows: Shows, connection: Connection | None = None) -> None:
        self._notice = _Notice(shows, self._now() + self.rulebook.lasts_s(shows), connection)

    def _show(self) -> None:
        view = self.view
        self._lamp.show(self.rulebook.light(view))
        if self._shown and (click := rules.click(self._shown, view)):
            self._speaker.play(click)
        self._shown = view
        tone = self.rulebook.tone(view)
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
