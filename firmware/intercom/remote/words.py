"""What may be said to a station from the far side: the console's commands, and a few that need this end, too."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from intercom.console import client, commands, log
from intercom.console.command import Command
from intercom.errors import UsageError
from intercom.remote import files, logins
from intercom.remote.remote import Remote
from intercom.remote.terminal import Terminal, Told
from intercom.settings.paths import find

LOG_BEFORE = "10"  # lines

Act = Callable[[Remote, Sequence[str], Terminal], Iterator[Told]]


class Own(NamedTuple):
    """A command that is more than a question to the station; `most` and `least` words follow its name."""

    name: str
    least: int
    most: int
    act: Act


def run_line(remote: Remote, line: str, terminal: Terminal) -> Iterator[Told]:
    """Do what a person's line says, which is not empty: one result, or one after another where it goes on.

    Raises as `Remote` does.
    """
    words = line.split()
    own = _own(words)
    return own(remote, words, terminal) if own else _plain(remote, *commands.read_line(line), terminal)


def run_words(remote: Remote, words: Sequence[str], terminal: Terminal) -> Iterator[Told]:
    """The same with words such as a shell's."""
    own = _own(words)
    return own(remote, words, terminal) if own else _plain(remote, *commands.read_words(words), terminal)


def _plain(remote: Remote, command: Command, given: dict[str, Any], terminal: Terminal) -> Iterator[Told]:
    """Have the station do it, once a secret that it needs was asked for."""
    if (secret := _secret(command, given)) and secret not in given:
        given = given | {secret: terminal.ask(f"{given.get('path', secret.capitalize())}: ", True)}
    answer = remote.do(command, given)
    yield Told(answer.result, answer.text)


def _secret(command: Command, given: dict[str, Any]) -> str:
    if command.name == "set" and "path" in given and find(given["path"]).is_secret:
        return "value"
    return command.secret


def _help(remote: Remote, words: Sequence[str], _: Terminal) -> Iterator[Told]:
    answer = remote.answer(words)
    width = max(map(len, files.HELP))
    own = [f"{usage:{width}}  {does}" for usage, does in files.HELP.items()]
    yield Told(answer.result, "\n".join([answer.text, "At this end of the line:", *own]))


def _follow_log(remote: Remote, _: Sequence[str], __: Terminal) -> Iterator[Told]:
    news = remote.events("log")
    answer = remote.answer(["log", LOG_BEFORE])
    yield Told(answer.result, answer.text)
    for each in news:
        if each.members["number"] > answer.result["last"]:
            yield Told(each.members, log.told_line(each.members))


def _watch(remote: Remote, words: Sequence[str], _: Terminal) -> Iterator[Told]:
    for answer in client.follow(remote.answer, words):
        yield Told(answer.result, answer.text)


def _walk(remote: Remote, words: Sequence[str], _: Terminal) -> Iterator[Told]:
    for answer in client.walk(remote.answer, words):
        yield Told(answer.result, answer.text)


def _behind(act: Act) -> Act:
    """An act that takes only the words behind its name, which is one word."""
    return lambda remote, words, terminal: act(remote, words[1:], terminal)


_OWN = (
    Own("push", 1, 100, _behind(files.push)),
    Own("pull", 1, 1, _behind(files.pull)),
    Own("diff", 1, 1, _behind(files.diff)),
    Own("import", 0, 0, _behind(files.paste)),
    Own("login", 0, 1, _behind(logins.log_in)),
    Own("logout", 0, 0, _behind(logins.log_out)),
    Own("password", 0, 1, _behind(logins.change)),
    Own("help", 0, 0, _help),
    Own("log follow", 0, 0, _follow_log),
    Own("test buttons", 0, 2, _watch),
    Own("test ring", 0, 0, _walk),
)


def _own(words: Sequence[str]) -> Act | None:
    for own in _OWN:
        count = len(own.name.split())
        if " ".join(words[:count]) == own.name and own.least <= len(words) - count <= own.most:
            return own.act
    if words[0] in ("push", "pull"):
        raise UsageError("It is used as `push FILE [commit …]` or `pull FILE`.")
    return None
