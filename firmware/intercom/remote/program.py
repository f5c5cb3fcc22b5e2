"""`intercom console`: one command, a conversation, or one command on many stations."""

import json
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from getpass import getpass

from intercom import places
from intercom.console import commands
from intercom.errors import IntercomError, UsageError
from intercom.remote import fleet
from intercom.remote.fleet import Row
from intercom.remote.progress import Progress, Sum
from intercom.remote.remote import Remote
from intercom.remote.terminal import Terminal, Told, asked, asked_once
from intercom.remote.words import run_line, run_words

Say = Callable[[str], None]
Show = Callable[[Callable[[Terminal], Iterator[Told]]], None]


def run(given: Namespace, say: Say) -> int:
    """Do what the command line asks; its exit code.  Raises as `Remote` does."""
    words, is_json = _words(given)
    reach = partial(Remote, baud=given.baud, user=given.user or "admin", password=_password(given))
    if given.all:
        return _on_many(given.all, words, reach, say=say, is_json=is_json)
    if not given.port:
        raise UsageError("Which serial device?", "Name it with --port; `ls /dev/serial/by-id` shows those there are.")
    show = _showing(say, is_json=is_json)
    with reach(given.port, stays=bool(words)) as remote:
        if words:
            show(partial(run_words, remote, words))
        elif sys.stdin.isatty() and sys.stdout.isatty():
            from intercom.remote import prompt  # noqa: PLC0415 - only who talks pays for it

            prompt.converse(remote, commands.COMMANDS, history=places.console_history())
        else:
            _read(remote, show)
    return 0


def _read(remote: Remote, show: Show) -> None:
    """Run the lines of the standard input, until one fails."""
    for line in filter(str.strip, sys.stdin):
        show(partial(run_line, remote, line.strip()))


def _showing(say: Say, *, is_json: bool) -> Show:
    """Runs something, and says what it tells, with a bar of its progress."""

    def show(act: Callable[[Terminal], Iterator[Told]]) -> None:
        progress = Progress()
        try:
            for told in act(Terminal(asked, progress.show)):
                progress.close()
                if text := told.json if is_json else told.text:
                    say(text)
        finally:
            progress.close()

    return show


def _on_many(pattern: str, words: Sequence[str], reach: Callable[..., Remote], *, say: Say, is_json: bool) -> int:
    if not words:
        raise UsageError("--all needs a command to run.", "A conversation is with one station: --port.")
    if words[0].startswith("/"):
        raise UsageError("--all takes one pattern.", f"Put it into quotes, as in --all '{pattern}'.")
    if words[0] == "pull" and words[1:] == _filled(words[1:], "", ""):
        raise UsageError("All stations would write the same file.", "Put {name} or {port} into its name.")
    devices, progress = fleet.ports(pattern), Progress()
    together, ask = Sum(progress.show), asked_once()
    rows = fleet.side_by_side(
        devices, lambda port: _row(reach(port, stays=True), port, words, Terminal(ask, together.of(port)))
    )
    progress.close()
    say(json.dumps([row.members for row in rows], ensure_ascii=False, indent=2) if is_json else fleet.table(rows))
    return fleet.worst(rows)


def _row(remote: Remote, port: str, words: Sequence[str], terminal: Terminal) -> Row:
    name = ""
    try:
        with remote:
            name = remote.name
            results = list(run_words(remote, _filled(words, name, port), terminal))
    except IntercomError as error:
        return Row(port, name, error)
    return Row(port, name, results[-1])


def _filled(words: Sequence[str], name: str, port: str) -> list[str]:
    """The words with the station's name and port in place of `{name}` and `{port}`, as files may be called."""
    each = {"{name}": name.replace("/", "-"), "{port}": port.rpartition("/")[2]}
    return [re.sub(r"\{(?:name|port)\}", lambda found: each[found[0]], word) for word in words]


def _words(given: Namespace) -> tuple[list[str], bool]:
    """The command's words, and whether a program reads the result: `--json` may also stand after them."""
    words = [word for word in given.words if word != "--json"]
    return words, given.json or len(words) < len(given.words)


def _password(given: Namespace) -> str:
    if given.password_file:
        try:
            return str(given.password_file.read_text("utf-8").partition("\n")[0])
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"The password can't be read from {given.password_file}.", "See --password-file."
            ) from error
    if not given.user:
        return ""
    if not sys.stdin.isatty():
        raise UsageError("Nobody is there to type the password.", "Name a file that holds it: --password-file.")
    return getpass(f"Password of {given.user}: ")
