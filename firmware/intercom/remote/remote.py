"""A station at the far end of a serial cable, for scripts.  Synchronous; for one thread at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Self

import msgspec

from intercom.console import commands
from intercom.console.accounts import ADMIN
from intercom.console.client import Answer
from intercom.console.command import Command
from intercom.console.talk import PATIENCE_S
from intercom.console.watch import News
from intercom.errors import NoAnswerError
from intercom.remote.link import BAUD, REGAINED_WITHIN_S, Link, Login
from intercom.remote.progress import OnProgress, unseen
from intercom.remote.results import Revision, Status, Written
from intercom.settings import armour
from intercom.settings.transaction import Change


class Remote:
    """Who enters it is connected, and logged in where a password is given; who leaves is logged out.

    One that `stays` leaves the login to the next who comes, until somebody logs out or does nothing for a while.
    Every method raises what the command raises at the station, of `intercom.errors`: UsageError for wrong words,
    SettingsError for settings that can't be, ConflictError, RefusedError without the right; and SerialError where the
    device can't be used, NoAnswerError where nobody answers at it.
    """

    def __init__(
        self, port: str, *, baud: int = BAUD, user: str = ADMIN, password: str = "", stays: bool = False
    ) -> None:
        self.link = Link(port, baud=baud, login=Login(user, password) if password else None)
        self._stays = stays

    def __enter__(self) -> Self:
        self.link.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stays:
            self.link.close()
        else:
            self.link.leave()

    @property
    def name(self) -> str:
        """The station's name."""
        return self.link.name

    def run(self, *words: str) -> dict[str, Any]:
        """Run any command of the console, given as words: its result as `--json` prints it."""
        return self.answer(words).result

    def answer(self, words: Sequence[str]) -> Answer:
        """The same, with its text for people."""
        return self.do(*commands.read_words(words))

    def do(self, command: Command, given: Mapping[str, Any]) -> Answer:
        """The same with a command and its arguments by name; it may take as long as it lasts by itself."""
        lasts_s = getattr(command.checked(given), "for_s", 0.0)
        result = self.link.ask(command.verb, given, patience_s=PATIENCE_S + lasts_s)
        self._notice_name(result)
        return Answer(command, result)

    def status(self) -> Status:
        """What it does now."""
        return msgspec.convert(self.run("status"), Status)

    def show(self, path: str = "") -> dict[str, Any]:
        """The settings, or those of a section, by path; a secret is `<set>`."""
        return dict(self._do("show", path=path)["settings"])

    def set(self, path: str, value: Any) -> list[Change]:
        """Change a setting of the candidate, which `commit` applies; how it differs now from what is in use."""
        return _changes(self._do("set", path=path, value=value))

    def unset(self, path: str) -> list[Change]:
        """Give a setting of the candidate its default."""
        return _changes(self._do("unset", path=path))

    def diff(self) -> list[Change]:
        """What was changed and not committed."""
        return _changes(self._do("diff"))

    def commit(self, comment: str = "", *, confirm_s: int | None = None) -> Written:
        """Write and apply what was changed; with `confirm_s` it goes back by itself unless `confirm` comes in time."""
        if confirm_s is None:
            return msgspec.convert(self._do("commit", comment=comment), Written)
        return msgspec.convert(self._do("commit confirm", seconds=confirm_s, comment=comment), Written)

    def confirm(self) -> int:
        """Let what was committed stay; its revision."""
        return int(self._do("confirm")["revision"])

    def rollback(self, revision: int | None = None) -> list[Change]:
        """Make old settings the candidate: those of a revision, else those before the last."""
        return _changes(self._do("rollback", **({} if revision is None else {"revision": revision})))

    def history(self) -> list[Revision]:
        """Who changed what when, the newest last."""
        return msgspec.convert(self._do("history")["revisions"], list[Revision])

    def pull(self, on_progress: OnProgress = unseen) -> str:
        """The settings in use, as the text of a settings file in which each secret is `<set>`."""
        exported = self._through(lambda note: self.link.ask("export", {}, on_progress=note), on_progress)
        return f"{armour.opened(str(exported['text'])).strip()}\n"

    def push(self, text: str, on_progress: OnProgress = unseen) -> list[Change]:
        """Make a whole settings file the candidate, which `commit` applies; how it differs from what is in use.

        Where the line breaks meanwhile it is opened again, and what is over already is not sent again if the station
        still has it.  A secret that is written as `<set>` is the station's own.
        """
        block = text if text.startswith(armour.BEGIN) else armour.armoured(text)
        armour.opened(block)
        return _changes(self._through(partial(self._import, block), on_progress))

    def call(self, to: str) -> None:
        """Call an identity or a group."""
        self._do("call", to=to)

    def answer_call(self) -> None:
        """Accept the call that rings."""
        self._do("answer")

    def hang_up(self) -> None:
        """End the call, or cancel it."""
        self._do("hangup")

    def events(self, *kinds: str) -> Iterator[News]:
        """What happens from now on: `status`, `call`, `log`; for as long as the line holds."""
        return self.link.events(kinds)

    def _import(self, block: str, on_progress: OnProgress) -> dict[str, Any]:
        self.link.ask("import", {})
        return self.link.ask("import", {"text": block}, on_progress=on_progress)

    def _through(self, act: Callable[[OnProgress], dict[str, Any]], on_progress: OnProgress) -> dict[str, Any]:
        """Have it done, over breaks of the line, as long as more gets over from one to the next."""
        reached = [-1]

        def note(done: int, whole: int) -> None:
            reached.append(done)
            on_progress(done, whole)

        while True:
            before = max(reached)
            try:
                return act(note)
            except NoAnswerError:
                if max(reached) <= before:
                    raise
                self.link.regain(within_s=REGAINED_WITHIN_S)

    def _do(self, name: str, **given: Any) -> dict[str, Any]:
        return self.do(commands.COMMANDS[name], given).result

    def _notice_name(self, result: Mapping[str, Any]) -> None:
        """The name may be what a commit has changed; its result has a revision."""
        if "revision" in result:
            changes = {one["path"]: one["value"] for one in result.get("changes", [])}
            self.link.name = changes.get("station.name", self.link.name)


def _changes(result: Mapping[str, Any]) -> list[Change]:
    return msgspec.convert(result["changes"], list[Change])
