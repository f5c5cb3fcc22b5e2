"""What the command line asks of the station that runs on this machine."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from intercom import places
from intercom.console import client
from intercom.errors import NoAnswerError, UsageError
from intercom.settings import file
from intercom.settings.schema import Settings


def ask(words: list[str]) -> None:
    """Have it do what the words say, and print what it answers; raises as `client.ask` does."""
    path, state = _taken(words, "--socket"), _taken(words, "--state")
    put = partial(client.ask, path=Path(path) if path else None, state=Path(state) if state else places.demo_state())
    is_json, is_watch = _flag(words, "--json"), words[0] == "status" and _flag(words, "--watch")
    if words[0] == "import" and len(words) > 1:
        answers = iter([client.send(put, file.text_of(Path(words[1])))])
    elif words[:2] == ["test", "buttons"]:
        answers = client.follow(put, words)
    elif words == ["test", "ring"] and not is_json:
        answers = client.walk(put, words)
    elif words == ["log", "follow"]:
        answers = client.tail(put)
    else:
        answers = client.watch(put) if is_watch else iter([_asked(put, words, state)])
    try:
        for answer in answers:
            print(answer.json if is_json else answer.text, flush=True)
    except NoAnswerError:
        if words != ["test", "ring"]:
            raise
        _ring_alone()


def _ring_alone() -> None:
    """Show all lights where no station runs."""
    from intercom.station import showing  # noqa: PLC0415

    path = places.station_file()
    asyncio.run(showing.alone(file.load(path) if path else Settings(), lambda line: print(line, flush=True)))


def _asked(ask: Callable[[list[str]], client.Answer], words: list[str], state: str | None) -> client.Answer:
    """What the running station answers; the door's log is read without one, too."""
    try:
        return ask(words)
    except NoAnswerError:
        command, given = client.understood(words)
        if command.name != "door log":
            raise
        from intercom.door import report  # noqa: PLC0415

        folder = places.station_to_examine(Path(state) if state else None)
        told = report.of_folder(folder, given.count, is_verifying=given.verify)
        if told is None:
            raise
        return client.Answer(command, told)


def _flag(words: list[str], name: str) -> bool:
    is_there = name in words
    if is_there:
        words.remove(name)
    return is_there


def _taken(words: list[str], name: str) -> str | None:
    if name not in words:
        return None
    at = words.index(name)
    if at + 1 == len(words):
        raise UsageError(f"{name} needs a value.")
    value = words[at + 1]
    del words[at : at + 2]
    return value
