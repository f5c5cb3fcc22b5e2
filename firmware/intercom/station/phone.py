"""The calls of a station, as buttons and commands act on them."""

from collections.abc import Callable, Mapping

from intercom.call.connection import Connection
from intercom.call.device import Device
from intercom.call.machine import CallState
from intercom.errors import ConflictError
from intercom.settings import schema
from intercom.station import privacy
from intercom.station.actions import REFUSALS, Action
from intercom.station.view import Shows


class Phone:
    """What can be done with calls; `follow` is told of each that begins, `notify` shows something for a while.

    While it `is_private` no microphone is opened.
    """

    def __init__(
        self,
        settings: schema.Call,
        device: Device,
        *,
        follow: Callable[[Connection], None],
        notify: Callable[[Shows], None],
        is_private: Callable[[], bool],
    ) -> None:
        self._settings, self._device = settings, device
        self._follow, self._notify, self._is_private = follow, notify, is_private
        self._latest: Connection | None = None
        self._talking: Connection | None = None
        device.on("incoming", self._begin)

    @property
    def acts(self) -> Mapping[Action, Callable[[], object]]:
        """What buttons can have it do; each raises ConflictError where it makes no sense now."""
        return {
            Action.CALL: self._call_configured,
            Action.SAY_NOT_CONNECTED: lambda: self._notify(Shows.NOT_CONNECTED),
            Action.ACCEPT: lambda: self._pending(Action.ACCEPT).accept(),
            Action.REJECT: lambda: self._pending(Action.REJECT).reject(),
            Action.IGNORE: lambda: self._pending(Action.IGNORE).ignore(),
            Action.HANG_UP: lambda: self._under_way(Action.HANG_UP).disconnect(),
            Action.TOGGLE_MUTE: self._toggle_mute,
            Action.TALK: self._talk,
        }

    def call(self, to: str) -> None:
        """Call an identity or group; raises ConflictError during a call or while not connected."""
        if not self._device.is_registered:
            raise ConflictError("The station is not connected to its exchange, so it can't call.")
        self._begin(self._device.connect({"To": to}))

    def mute(self, flag: bool) -> None:
        """Mute the call under way or open its microphone again.

        Raises ConflictError where there is none, RefusedError where privacy keeps the microphone silent.
        """
        connection = self._any(Action.TOGGLE_MUTE)
        privacy.check_mute(flag, is_private=self._is_private())
        connection.mute(flag)

    def talk_no_more(self) -> None:
        """Mute again the call whose microphone is open for as long as a button is down."""
        talking, self._talking = self._talking, None
        if talking and not talking.ended:
            talking.mute(True)

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

    def _begin(self, connection: Connection) -> None:
        self._latest = connection
        self._follow(connection)

    def _call_configured(self) -> None:
        if self._device.active_connection():
            raise ConflictError(REFUSALS[Action.CALL])
        if not self._settings.to:
            self._notify(Shows.NOT_CONFIGURED)
        elif not self._device.is_registered:
            self._notify(Shows.NOT_CONNECTED)
        else:
            self.call(self._settings.to)

    def _toggle_mute(self) -> None:
        connection = self._any(Action.TOGGLE_MUTE)
        self.mute(not connection.is_muted() and not self._is_private())

    def _talk(self) -> None:
        connection = self._under_way(Action.TALK)
        privacy.check_mute(False, is_private=self._is_private())
        if connection.is_muted():
            self._talking = connection
            connection.mute(False)

    def _pending(self, action: Action) -> Connection:
        connection = self._any(action)
        if connection.status() is not CallState.PENDING:
            raise ConflictError(REFUSALS[action])
        return connection

    def _under_way(self, action: Action) -> Connection:
        connection = self._any(action)
        if connection.status() is CallState.PENDING:
            raise ConflictError(REFUSALS[action])
        return connection

    def _any(self, action: Action) -> Connection:
        connection = self._device.active_connection()
        if connection is None:
            raise ConflictError(REFUSALS[action])
        return connection
