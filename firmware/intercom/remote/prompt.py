"""The conversation at a terminal: lines are edited, completed and remembered; colours where there are any."""

import os
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path

from prompt_toolkit import PromptSession, print_formatted_text, prompt
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import History
from prompt_toolkit.output import ColorDepth

from intercom.console.command import Command
from intercom.console.completion import choices
from intercom.errors import IntercomError
from intercom.remote import recall
from intercom.remote.progress import Progress
from intercom.remote.remote import Remote
from intercom.remote.terminal import Terminal
from intercom.remote.words import run_line

LEAVING = (None, "exit", "quit")

NAME, PLAIN, ERROR, NOTE = "bold ansigreen", "", "ansired", "ansiyellow"


def converse(remote: Remote, commands: Mapping[str, Command], *, history: Path) -> None:
    """Talk until `exit` or ^D; a line that is broken off is waited for, ^C ends the waiting."""
    keyboard = Keyboard(commands, history)
    _say(NOTE, f"This is {remote.name}. Type `help` for what can be said, ^D to leave.")
    while (line := keyboard.line(remote.name)) not in LEAVING:
        try:
            if remote.link.is_gone:
                _wait(remote)
            _run(remote, line, keyboard)
        except IntercomError as error:
            _refuse(error)
        except KeyboardInterrupt:
            _say(NOTE, "^C")


class Keyboard:
    """What is typed, line by line; several lines that are pasted at once are given one after another."""

    def __init__(self, commands: Mapping[str, Command], history: Path) -> None:
        self._pasted: deque[str] = deque()
        self._depth = ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None
        self._session: PromptSession[str] = PromptSession(
            history=Recall(history),
            completer=Completing(commands),
            complete_while_typing=False,
            color_depth=self._depth,
        )

    def line(self, name: str) -> str | None:
        """The next line; None at the end."""
        while not self._pasted:
            try:
                typed = self._session.prompt(FormattedText([(NAME, name), (PLAIN, "> ")]))
            except KeyboardInterrupt:
                continue
            except EOFError:
                return None
            self._pasted.extend(typed.splitlines())
        return self._pasted.popleft().strip()

    def ask(self, question: str, is_hidden: bool) -> str:
        """The answer to a question, which is kept nowhere; raises KeyboardInterrupt."""
        if not self._pasted or is_hidden:
            try:
                answer = prompt(question, is_password=is_hidden, color_depth=self._depth)
            except EOFError:
                raise KeyboardInterrupt from None
            if is_hidden:
                return answer
            self._pasted.extend(answer.splitlines() or [""])
        return self._pasted.popleft()


class Completing(Completer):
    """Offers what the word begun can become."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self._commands = commands

    def get_completions(self, document: Document, _: CompleteEvent) -> Iterable[Completion]:
        """As prompt_toolkit wants them."""
        line = document.text_before_cursor
        begun = len(line) - len(line.rpartition(" ")[2])
        for choice in choices(line, self._commands):
            word = choice.word if choice.word.endswith(".") else f"{choice.word} "
            yield Completion(word, start_position=begun - len(line), display=choice.word, display_meta=choice.help)


class Recall(History):
    """The lines of other days, and those of today that may be kept."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def append_string(self, string: str) -> None:
        """Keep what of it may be kept."""
        for line in filter(None, map(recall.worth_keeping, string.splitlines())):
            super().append_string(line)

    def load_history_strings(self) -> Iterable[str]:
        """The newest first."""
        return reversed(recall.kept(self._path))

    def store_string(self, string: str) -> None:
        """Keep it for other days."""
        recall.keep(self._path, string)


def _run(remote: Remote, line: str, keyboard: Keyboard) -> None:
    progress = Progress()
    try:
        for told in run_line(remote, line, Terminal(keyboard.ask, progress.show)) if line else ():
            progress.close()
            _say(PLAIN, told.text)
    finally:
        progress.close()


def _wait(remote: Remote) -> None:
    _say(NOTE, "Waiting for the station; ^C ends it.")
    remote.link.regain(lambda why: _say(NOTE, why))
    _say(NOTE, f"Here is {remote.name} again; `diff` shows what is left of your edits.")


def _refuse(error: IntercomError) -> None:
    _say(ERROR, "\n".join(f"! {line}" for line in str(error).splitlines()))


def _say(style: str, text: str) -> None:
    if text:
        print_formatted_text(FormattedText([(style, text)]))
