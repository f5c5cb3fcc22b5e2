"""The conversation with one station over one serial device: begun, logged in, and begun again after the line broke."""

import select
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from intercom.console import scram
from intercom.console.accounts import ADMIN
from intercom.console.cable import FileCable, HungUpError
from intercom.console.device import Device
from intercom.console.talk import PATIENCE_S, Hello, Talk
from intercom.console.watch import News
from intercom.errors import ConflictError, IntercomError, NoAnswerError, RefusedError, SerialError
from intercom.remote.progress import OnProgress
from intercom.remote.silence import silence

BAUD = 115_200
HELLO_S = 5.0
REGAINED_WITHIN_S = 60.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0

_CTRL_C = b"\x03"


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the station's console, and its password."""

    user: str
    password: str = field(repr=False)


class Link:
    """Open from `open` to `close`; raises SerialError where the device can't be used, NoAnswerError for silence.

    A login is kept in memory alone, for when the line has to be opened again.
    """

    def __init__(self, port: str, *, baud: int = BAUD, login: Login | None = None) -> None:
        self._port, self._baud = port, baud
        self._login = login
        self._device: Device | None = None
        self._talk: Talk | None = None
        self.name = self._boot = ""
        self.must_change_password = False

    def open(self) -> None:
        """Begin: the line is ours until `close`."""
        self.close()
        self._device = Device(self._port, self._baud)
        try:
            self._talk = Talk(FileCable(self._device.file, baud=self._baud))
            hello = self._greeted()
            self.name, self._boot = hello.name, hello.boot
            if self._login:
                self._enter(self._login)
        except BaseException:
            self.close()
            raise

    @property
    def is_gone(self) -> bool:
        """Whether the device was unplugged, or never opened."""
        if self._device is None:
            return True
        poll = select.poll()
        poll.register(self._device.file, 0)
        return bool(poll.poll(0))

    def close(self) -> None:
        """Give the line back to people, with whoever is logged in on it."""
        device, self._device, self._talk = self._device, None, None
        if device:
            with suppress(IntercomError):
                FileCable(device.file).send(_CTRL_C)
            device.close()

    def leave(self) -> None:
        """The same, but nobody is logged in any more whom we logged in."""
        with suppress(IntercomError):
            if self._talk and self._login:
                self.log_out()
        self.close()

    def regain(self, say: Callable[[str], None] = lambda _: None, *, within_s: float = float("inf")) -> None:
        """Open it anew, again and again until it works; `say` is told why not, whenever that changes."""
        end_s, pause_s, told = time.monotonic() + within_s, FIRST_PAUSE_S, ""
        while True:
            try:
                return self.open()
            except (SerialError, NoAnswerError) as error:
                if time.monotonic() + pause_s > end_s:
                    raise
                if (reason := str(error)) != told:
                    say(told := reason)
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def log_in(self, login: Login) -> None:
        """Prove that we know the password, which does not cross the line; raises RefusedError, ConflictError."""
        self._enter(login)
        self._login = login

    @property
    def has_no_password(self) -> bool:
        """Whether nobody can log in yet, as no password was chosen; raises RefusedError while the port is locked."""
        try:
            self.ask("auth-begin", {"message": scram.Client(ADMIN, "").first()})
        except ConflictError:
            return True
        return False

    def prove(self, password: str) -> None:
        """Whether this is the password of who we logged in here; raises RefusedError."""
        if self._login:
            self._enter(Login(self._login.user, password))

    def log_out(self) -> None:
        """Nobody is logged in any more."""
        self._login = None
        self.ask("logout", {})

    def change_password(self, new: str, *, old: str, user: str) -> None:
        """Choose another one, which crosses the line; raises UsageError for one that anybody would try."""
        self.ask("password", {"name": user, "old": old, "new": new})
        if self._login and user in ("", self._login.user):
            self._login = Login(self._login.user, new)
        self.must_change_password = False

    def ask(
        self,
        verb: str,
        arguments: Mapping[str, Any],
        *,
        patience_s: float = PATIENCE_S,
        on_progress: OnProgress | None = None,
    ) -> dict[str, Any]:
        """Have it run once; what it gives.  Raises what the station raises.

        One that needs a login is not run by a station that has started anew meanwhile: it raises ConflictError, once we
        are logged in again.
        """
        try:
            return self._open.ask(verb, arguments, patience_s=patience_s, on_progress=on_progress)
        except RefusedError:
            if self._login is None or self._greeted().boot == self._boot:
                raise
        self._boot = self._greeted().boot
        self._enter(self._login)
        raise ConflictError("The station has started anew, so what was not committed is gone.", "Do it once more.")

    def events(self, kinds: Collection[str]) -> Iterator[News]:
        """News of these kinds from now on; for as long as the line holds, or who reads it goes on."""
        return self._until_left(self._open.subscribe(kinds))

    def _until_left(self, news: Iterator[News]) -> Iterator[News]:
        try:
            yield from news
        finally:
            with suppress(IntercomError):
                self.ask("subscribe", {"kinds": []})

    @property
    def _open(self) -> Talk:
        if self._talk is None:
            raise NoAnswerError("There is no line to the station.", "Open it first.")
        return self._talk

    def _greeted(self) -> Hello:
        try:
            return self._open.hello(patience_s=HELLO_S)
        except HungUpError:
            raise
        except NoAnswerError as error:
            raise silence(self._open.other, port=self._port, baud=self._baud) from error

    def _enter(self, login: Login) -> None:
        client = scram.Client(login.user, login.password)
        proof = client.final(self.ask("auth-begin", {"message": client.first()})["message"])
        told = self.ask("auth-end", {"message": proof.message})
        proof.verify(str(told["message"]))
        self.must_change_password = bool(told["must_change"])
