"""The far side of the control socket: what the command line asks the running station.  Synchronous, loads little."""

import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intercom.console import commands
from intercom.console.address import candidates
from intercom.console.cable import FileCable
from intercom.console.command import Command
from intercom.console.loglines import MOST
from intercom.console.talk import Talk
from intercom.console.unseen import typed
from intercom.errors import NoAnswerError, RefusedError
from intercom.settings import armour

PATIENCE_S = 10.0

COMMANDS = {name: command for name, command in commands.COMMANDS.items() if not command.is_for_serial}
FIRST_WORDS = frozenset(name.partition(" ")[0] for name in COMMANDS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the station answered: as JSON in `result`, as people read it in `text`."""

    command: Command
    result: dict[str, Any]

    @property
    def text(self) -> str:
        """The result in words."""
        return self.command.text(self.result)

    @property
    def json(self) -> str:
        """The result for programs."""
        return json.dumps(self.result, ensure_ascii=False, indent=2)


def ask(
    words: Sequence[str],
    *,
    path: Path | None = None,
    state: Path | None = None,
    patience_s: float = PATIENCE_S,
    unseen: Callable[[str], str] = typed,
) -> Answer:
    """Run one command, given as words, on the station that listens at `path`, else at the usual places.

    `patience_s` is how long the answer may take beyond what the command itself lasts; `unseen` asks for what is no
    word, as it is secret.  Raises what the station raised, UsageError for wrong words, RefusedError without the right
    to ask, NoAnswerError where nobody answers.
    """
    command, given = commands.read_words(words)
    if command.secret:
        given[command.secret] = unseen(f"{command.secret.capitalize()}: ")
    lasts_s = getattr(command.checked(given), "for_s", 0.0)
    return Answer(command, _exchange(command.verb, given, [path] if path else candidates(state), patience_s + lasts_s))


def understood(words: Sequence[str]) -> tuple[Command, Any]:
    """The command that words name, and its arguments as their type; raises UsageError."""
    command, given = commands.read_words(words)
    return command, command.checked(given)


def watch(ask: Callable[[Sequence[str]], Answer], *, every_s: float = 0.5) -> Iterator[Answer]:
    """The status now and whenever it has changed, of the station that `ask` asks; ends as `ask` does."""
    last: Answer | None = None
    while True:
        answer = ask(["status"])
        if answer != last:
            yield answer
        last = answer
        time.sleep(every_s)


def follow(ask: Callable[[Sequence[str]], Answer], words: Sequence[str]) -> Iterator[Answer]:
    """What was seen, again and again until nothing is: for commands whose result is what was `seen` meanwhile."""
    while True:
        answer = ask(words)
        yield answer
        if not answer.result["seen"]:
            return


def tail(ask: Callable[[Sequence[str]], Answer], *, every_s: float = 0.5) -> Iterator[Answer]:
    """The latest lines of the log, and then each new one; ends as `ask` does."""
    answer = ask(["log"])
    while True:
        if answer.result["lines"]:
            yield answer
        time.sleep(every_s)
        answer = ask(["log", str(MOST), "--after", str(answer.result["last"])])


def send(ask: Callable[[Sequence[str]], Answer], text: str) -> Answer:
    """Import a text of settings, an export or a plain file, whole; what it gives.  Raises SettingsError."""
    block = text if text.startswith(armour.BEGIN) else armour.armoured(text)
    armour.opened(block)
    return ask(["import", block])


def walk(ask: Callable[[Sequence[str]], Answer], words: Sequence[str]) -> Iterator[Answer]:
    """Each of the `lights` that a command tells, when it begins; ends as `ask` does, which a call has it do."""
    for name in ask(words).result["lights"]:
        answer = ask([*words, name])
        yield answer
        time.sleep(answer.result["for_s"])


def _exchange(verb: str, given: Mapping[str, Any], paths: Sequence[Path], patience_s: float) -> dict[str, Any]:
    with _connected(paths) as connection:
        cable = FileCable(connection.fileno(), hint="`journalctl -u intercom` may tell why.")
        return Talk(cable).ask(verb, given, patience_s=patience_s)


def _connected(paths: Sequence[Path]) -> socket.socket:
    for path in paths:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
        except PermissionError as error:
            connection.close()
            raise RefusedError(
                f"You may not use the control socket {path}.", "Join its group: `sudo usermod -aG intercom $USER`."
            ) from error
        except OSError:
            connection.close()
        else:
            return connection
    raise NoAnswerError(
        f"No station answers at {', '.join(map(str, paths))}.",
        "Start it with `make run` or `systemctl start intercom`, or name its socket with --socket.",
    )
