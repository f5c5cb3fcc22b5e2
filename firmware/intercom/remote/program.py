"""`intercom console`: one command, a conversation, or one command on many stations."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from functools import partial
from getpass import getpass

from intercom import places
from intercom.console import client
from intercom.errors import IntercomError, UsageError
from intercom.remote import fleet
from intercom.remote.conversation import run_line
from intercom.remote.fleet import Row
from intercom.remote.progress import OnProgress, Progress, Sum
from intercom.remote.remote import Remote
from intercom.remote.words import told

Say = Callable[[str], None]


def run(given: Namespace, say: Say) -> int:
    """Do what the command line asks; its exit code.  Raises as `Remote` does."""
    words, is_json = _words(given)
    reach = partial(Remote, baud=given.baud, user=given.user or "admin", password=_password(given))
    if given.all:
        return _on_many(given.all, words, reach, say=say, is_json=is_json)
    if not given.port:
        raise UsageError("Which serial device?", "Name it with --port; `ls /dev/serial/by-id` shows those there are.")
    with reach(given.port, stays=bool(words)) as remote:
        if words:
            _run(remote, words, say=say, is_json=is_json)
        elif sys.stdin.isatty() and sys.stdout.isatty():
            from intercom.remote import prompt  # noqa: PLC0415 - only who talks pays for it

            prompt.converse(remote, client.COMMANDS, history=places.console_history())
        else:
            _read(remote, say, is_json=is_json)
    return 0


def _run(remote: Remote, words: Sequence[str], *, say: Say, is_json: bool) -> None:
    progress = Progress()
    try:
        for each in told(remote, words, progress.show):
            progress.close()
            say(each.json if is_json else each.text)
    finally:
        progress.close()


def _read(remote: Remote, say: Say, *, is_json: bool) -> None:
    """Run the lines of the standard input, until one fails."""
    progress = Progress()
    for line in filter(str.strip, sys.stdin):
        for each in run_line(remote, line, _asked_nobody, progress.show):
            progress.close()
            say(each.json if is_json else each.text)


def _on_many(pattern: str, words: Sequence[str], reach: Callable[..., Remote], *, say: Say, is_json: bool) -> int:
    if not words:
        raise UsageError("--all needs a command to run.", "A conversation is with one station: --port.")
    if words[0].startswith("/"):
        raise UsageError("--all takes one pattern.", f"Put it into quotes, as in --all '{pattern}'.")
    devices, progress = fleet.ports(pattern), Progress()
    together = Sum(progress.show)
    rows = fleet.side_by_side(devices, lambda port: _row(reach(port, stays=True), port, words, together.of(port)))
    progress.close()
    say(json.dumps([row.members for row in rows], ensure_ascii=False, indent=2) if is_json else fleet.table(rows))
    return fleet.worst(rows)


def _row(remote: Remote, port: str, words: Sequence[str], on_progress: OnProgress) -> Row:
    name = ""
    try:
        with remote:
            name = remote.name
            results = list(told(remote, [word.replace("{name}", name) for word in words], on_progress))
    except IntercomError as error:
        return Row(port, name, error)
    return Row(port, name, results[-1])


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


def _asked_nobody(_: str, is_hidden: bool) -> str:
    if not is_hidden and (line := sys.stdin.readline()):
        return line.rstrip("\r\n")
    raise UsageError("Nobody is there to answer.", "Name a file that holds the password: --password-file.")
