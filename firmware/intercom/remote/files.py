"""Whole settings files that go to a station, come from it, and are compared with what it has."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import to_builtins

from intercom import disk
from intercom.errors import IntercomError, UsageError
from intercom.remote.compare import compared
from intercom.remote.remote import Remote
from intercom.remote.terminal import Terminal, Told
from intercom.settings import armour, file
from intercom.settings.transaction import Change

HELP = {
    "push FILE [COMMIT …]": "Edit the settings of a file; with `commit …` after it, apply them, too.",
    "pull FILE": "Write the settings in use, without secrets, to a file; `-` shows them.",
    "diff FILE": "What taking that file would change.",
}


def push(remote: Remote, words: Sequence[str], terminal: Terminal) -> Iterator[Told]:
    """Make a file the candidate, and commit it where that is asked for."""
    path, *then = words
    if then and then[0] != "commit":
        raise UsageError("After the file of `push` may come `commit` and its words.")
    changes = remote.push(file.text_of(Path(path)), terminal.on_progress)
    yield _taken(changes, is_applied=bool(then))
    if then:
        answer = remote.answer(then)
        yield Told(answer.result, answer.text)


def paste(remote: Remote, _: Sequence[str], terminal: Terminal) -> Iterator[Told]:
    """Make what is pasted the candidate."""
    text = terminal.ask("| ", False)
    while not armour.is_whole(text):
        text = armour.bounded(f"{text}\n{terminal.ask('| ', False)}")
    yield _taken(remote.push(text, terminal.on_progress))


def pull(remote: Remote, words: Sequence[str], terminal: Terminal) -> Iterator[Told]:
    """Write the settings in use to a file."""
    (name,) = words
    text = remote.pull(terminal.on_progress)
    if name == "-":
        yield Told({"text": text}, text.rstrip())
        return
    try:
        disk.write(Path(name), text.encode(), strict=False)
    except OSError as error:
        raise IntercomError(f"{name} can't be written: {error.strerror}.", "Name another file.") from error
    yield Told({"file": name}, f"The settings of {remote.name} are in {name}, without secrets.")


def diff(remote: Remote, words: Sequence[str], terminal: Terminal) -> Iterator[Told]:
    """Compare a file with the settings in use."""
    (name,) = words
    text = file.text_of(Path(name))
    changes, hidden = compared(text, remote.pull(terminal.on_progress), source=name, station=remote.name)
    notes = [f"{path} is secret, so it was not compared." for path in hidden]
    yield Told({"changes": to_builtins(changes), "not_compared": hidden}, "\n".join([_lines(changes), *notes]))


def _taken(changes: Sequence[Change], *, is_applied: bool = False) -> Told:
    advice = ["`commit` applies."] if changes and not is_applied else []
    return Told({"changes": to_builtins(changes)}, "\n".join([_lines(changes), *advice]))


def _lines(changes: Sequence[Change]) -> str:
    return "\n".join(map(str, changes)) or "Nothing is changed."
