"""What may be asked of a station at the far end: the console's commands, and whole files of settings."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from intercom import disk
from intercom.console import client
from intercom.errors import IntercomError, UsageError
from intercom.remote.compare import compared
from intercom.remote.progress import OnProgress, unseen
from intercom.remote.remote import Remote
from intercom.settings import file
from intercom.settings.transaction import Change

FILES = {
    "push FILE [COMMIT …]": "Edit the settings of a file; with `commit …` after it, apply them, too.",
    "pull FILE": "Write the settings in use, without secrets, to a file; `-` is the screen.",
    "diff FILE": "What pushing that file would change.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A result, and its text for people."""

    result: Mapping[str, Any]
    text: str

    @property
    def json(self) -> str:
        """The result for programs."""
        return json.dumps(self.result, ensure_ascii=False, indent=2)


def told(remote: Remote, words: Sequence[str], on_progress: OnProgress = unseen) -> Iterator[Told]:
    """Do it: one result, or one after another where the command goes on.  Raises as `Remote` does."""
    match list(words):
        case ["push", name, *then]:
            yield from _push(remote, Path(name), then, on_progress)
        case ["pull", name]:
            yield _pull(remote, name, on_progress)
        case ["diff", name]:
            yield _compared(remote, Path(name), on_progress)
        case ["push" | "pull", *_]:
            raise UsageError("It is used as `push FILE [commit …]` or `pull FILE`.")
        case ["log", "follow"]:
            for news in remote.events("log"):
                yield Told(news.members, str(news.members["line"]))
        case _:
            for answer in _answers(remote.answer, words):
                yield Told(answer.result, answer.text)


def taken(changes: Sequence[Change], *, is_applied: bool = False) -> Told:
    """What the candidate has become, and what to do with it."""
    advice = ["`commit` applies."] if changes and not is_applied else []
    return Told({"changes": to_builtins(changes)}, "\n".join([_lines(changes), *advice]))


def _answers(ask: Callable[[Sequence[str]], client.Answer], words: Sequence[str]) -> Iterator[client.Answer]:
    """What the command answers, which may go on."""
    match words:
        case ["test", "buttons", *_]:
            return client.follow(ask, words)
        case ["test", "ring"]:
            return client.walk(ask, words)
        case _:
            return iter([ask(words)])


def _push(remote: Remote, path: Path, then: Sequence[str], on_progress: OnProgress) -> Iterator[Told]:
    if then and then[0] != "commit":
        raise UsageError("After the file of `push` may come `commit` and its words.")
    changes = remote.push(file.text_of(path), on_progress)
    yield taken(changes, is_applied=bool(then))
    if then:
        answer = remote.answer(then)
        yield Told(answer.result, answer.text)


def _compared(remote: Remote, path: Path, on_progress: OnProgress) -> Told:
    exported = remote.pull(on_progress)
    changes, unknown = compared(file.text_of(path), exported, source=str(path), station=remote.name)
    notes = [f"{name} is secret, so it was not compared." for name in unknown]
    return Told({"changes": to_builtins(changes), "not_compared": unknown}, "\n".join([_lines(changes), *notes]))


def _lines(changes: Sequence[Change]) -> str:
    return "\n".join(map(str, changes)) or "Nothing is changed."


def _pull(remote: Remote, name: str, on_progress: OnProgress) -> Told:
    text = remote.pull(on_progress)
    if name == "-":
        return Told({"text": text}, text)
    path = Path(name)
    try:
        disk.write(path, f"{text}\n".encode(), strict=False)
    except OSError as error:
        raise IntercomError(f"{path} can't be written: {error.strerror}.", "Name another file.") from error
    return Told({"file": name}, f"The settings of {remote.name} are in {name}, without secrets.")
