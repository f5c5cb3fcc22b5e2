"""The station: one inbox, one loop; take an event, look it up in the rules, act, show."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, assert_never

from intercom.audio.events import AudioChanged
from intercom.call.connection import Connection
from intercom.call.device import Device
from intercom.call.machine import CallState
from intercom.errors import ConflictError, IntercomError
from intercom.panel.events import Edge
from intercom.panel.gestures import Gesture, Gestures, Hold
from intercom.panel.patterns import Light
from intercom.settings.schema import Settings
from intercom.station import rules
from intercom.station.events import CallEnded, Changed, StationEvent
from intercom.station.rules import Action, Shows, View

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

    def __init__(self, settings: Settings, inbox: Inbox, *, device: Device, lamp: Lamp, speaker: Speaker) -> None:
        self.publish: Callable[[], None] = lambda: None
        self.turn: Callable[[str, int], None] = lambda _path, _by: None
        self._settings, self._inbox = settings, inbox
        self._device, self._lamp, self._speaker = device, lamp, speaker
        self._gestures = Gestures(settings.panel.hold_ms / 1000)
        self._pressed_in: dict[str, Shows] = {}
        self._is_leaving = False
        self._notice: _Notice | None = None
        self._latest: Connection | None = None
        self._playing: tuple[str, _Notice | None] | None = None
        self._shown: View | None = None
        for event in ("ready", "offline"):
            device.on(event, lambda _: inbox.put_nowait(Changed()))
        device.on("incoming", self._follow)

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
        return View(
            shows,
            is_muted=bool(connection and connection.is_muted()),
            is_link_lost=not is_registered,
            is_poor=bool(connection and connection.quality.is_poor),
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

    def call(self, to: str) -> None:
        """Call an identity or group; raises ConflictError during a call or while not connected."""
        if not self._device.is_registered:
            raise ConflictError("The station is not connected to its exchange, so it can't call.")
        self._follow(self._device.connect({"To": to}))

    def mute(self, flag: bool) -> None:
        """Mute the call under way or open its microphone again; raises ConflictError where there is none."""
        connection = self._device.active_connection()
        if connection is None:
            raise ConflictError(rules.REFUSALS[Action.TOGGLE_MUTE])
        connection.mute(flag)

    def send_digits(self, digits: str) -> None:
        """Send digits to the far end; raises UsageError for other signs, ConflictError where no call is under way."""
        connection = self._device.active_connection()
        if connection is None:
            raise ConflictError("There is no call in which digits could be sent.")
        connection.send_digits(digits)

    def latest_call(self) -> Connection:
        """Return the call under way, else the one that began last; raises ConflictError where there was none."""
        connection = self._device.active_connection() or self._latest
        if connection is None:
            raise ConflictError("There has been no call yet.")
        return connection

    def do(self, action: Action) -> None:
        """Carry out what a button or a command asks for; what makes no sense now raises ConflictError."""
        if action in rules.TURNS:
            self.turn(*rules.TURNS[action])
            self._speaker.play("volume")
        else:
            self._do_to(self._device.active_connection(), action)

    def _do_to(self, call: Connection | None, action: Action) -> None:
        match action, call:
            case Action.CALL, None:
                self._call_configured()
            case Action.SAY_NOT_CONNECTED, _:
                self._notify(Shows.NOT_CONNECTED)
            case Action.ACCEPT, Connection() as call if call.status() is CallState.PENDING:
                call.accept()
            case Action.REJECT, Connection() as call if call.status() is CallState.PENDING:
                call.reject()
            case Action.IGNORE, Connection() as call if call.status() is CallState.PENDING:
                call.ignore()
            case Action.HANG_UP, Connection() as call if call.status() is not CallState.PENDING:
                call.disconnect()
            case Action.TOGGLE_MUTE, Connection() as call:
                call.mute(not call.is_muted())
            case _:
                raise ConflictError(rules.REFUSALS[action])

    async def _next(self) -> StationEvent | None:
        due = [at for at in (self._gestures.due(), self._notice.until if self._notice else None) if at is not None]
        timeout_s = max(0.0, min(due) - self._now()) if due else None
        try:
            # Not asyncio.wait_for: before Python 3.12 it may swallow the cancellation that is to end the station.
            async with asyncio.timeout(timeout_s):
                return await self._inbox.get()
        except TimeoutError:
            return None

    def _pass_time(self, now: float) -> None:
        if self._notice and self._notice.until <= now:
            self._notice = None
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

    def _call_configured(self) -> None:
        if not self._settings.call.to:
            self._notify(Shows.NOT_CONFIGURED)
        elif not self._device.is_registered:
            self._notify(Shows.NOT_CONNECTED)
        else:
            self.call(self._settings.call.to)

    def _follow(self, connection: Connection) -> None:
        """Hear of each step of a call, from now on."""
        self._latest = connection
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
