"""The far side of the control socket: what the command line asks the running station.  Synchronous, loads little."""

import json
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intercom.console import commands, frames
from intercom.console.address import candidates
from intercom.console.codes import raised
from intercom.console.command import Command
from intercom.console.frames import Reply, Request
from intercom.console.lines import LIMIT
from intercom.errors import NoAnswerError, RefusedError, UsageError
from intercom.settings import armour

PATIENCE_S = 10.0
PART = 70  # letters, each of up to 12 bytes as JSON writes it

COMMANDS, FIRST_WORDS = commands.COMMANDS, commands.FIRST_WORDS


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
) -> Answer:
    """Run one command, given as words, on the station that listens at `path`, else at the usual places.

    `patience_s` is how long the answer may take beyond what the command itself lasts.  Raises what the station
    raised, UsageError for wrong words, RefusedError without the right to ask, NoAnswerError where nobody answers.
    """
    command, given = commands.read_words(words)
    lasts_s = getattr(command.checked(given), "for_s", 0.0)
    request = Request(secrets.token_hex(4), command.verb, given)
    line = frames.encode(request)
    if len(line) > LIMIT:
        raise UsageError(f"A command has at most {LIMIT} bytes.", "Edit the settings file instead.")
    reply = _exchange(line, request.id, [path] if path else candidates(state), patience_s + lasts_s)
    if not reply.is_ok:
        raise raised(reply.members)
    return Answer(command, dict(reply.members))


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


def send(ask: Callable[[Sequence[str]], Answer], text: str) -> Answer:
    """Import a text of settings, an export or a plain file, in parts; what the last gives.  Raises SettingsError."""
    block = text if text.startswith(armour.BEGIN) else armour.armoured(text)
    armour.opened(block)
    answer = ask(["import"])
    for start in range(0, len(block), PART):
        answer = ask(["import", block[start : start + PART]])
    return answer


def walk(ask: Callable[[Sequence[str]], Answer], words: Sequence[str]) -> Iterator[Answer]:
    """Each of the `lights` that a command tells, when it begins; ends as `ask` does, which a call has it do."""
    for name in ask(words).result["lights"]:
        answer = ask([*words, name])
        yield answer
        time.sleep(answer.result["for_s"])


def _exchange(line: str, id_: str, paths: Sequence[Path], patience_s: float) -> Reply:
    with _connected(paths) as connection:
        connection.settimeout(patience_s)
        try:
            connection.sendall(f"{line}\n".encode("ascii"))
            with connection.makefile(encoding="ascii", errors="replace") as received:
                for answer in received:
                    reply = frames.decode_reply(answer.rstrip("\r\n"))
                    if reply and reply.id == id_:
                        return reply
        except TimeoutError as error:
            raise NoAnswerError(
                f"The station doesn't answer within {patience_s:.0f} s.", "`journalctl -u intercom` may tell why."
            ) from error
        except OSError as error:
            raise NoAnswerError("The station hung up.", "`journalctl -u intercom` may tell why.") from error
    raise NoAnswerError("The station ended before it answered.", "`journalctl -u intercom` may tell why.")


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
