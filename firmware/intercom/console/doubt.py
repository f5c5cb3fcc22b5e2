"""Whether somebody reads at the other end, or something that answers whatever it is sent.

A tty that nobody has set raw sends back all that is printed, a shell or a login prompt answers every line; the answers
to those answers would go on for ever, at the line's full rate.  Sans-I/O; times are seconds of any steady clock.
"""

import re
from collections import deque
from dataclasses import dataclass

from intercom.console import frames
from intercom.console.lines import Echo, Event, Interrupted, Line, Refused
from intercom.console.noise import LOOKED_AT, is_noise

SILENCE_S = 1.0
BABBLE, BABBLE_S = 5, 2.0  # lines in a row that nobody understands, and within what time
REMEMBERED = 1024  # lines that were printed

ECHO = "the other end sends back what it is sent"
DRIVEL = "the other end sends line after line that mean nothing here"
NOISE = "only noise is heard; is the baud right?"

SENTENCES = {
    ECHO: "The other end sent back what it was sent, so nothing more of it was read. Where that goes on, set its tty "
    "raw: `stty -F DEVICE raw -echo`; `intercom console --port DEVICE` does so itself.",
    DRIVEL: "Line after line meant nothing here, so no more of them were read. Settings are pasted after `import`; a "
    "shell or a login prompt at the other end, or a wrong baud rate, sends such lines too.",
}

_REFUSAL, _COLUMNS = b"! ", b"   "
_KEYS = b"\x03\x15"  # ^C and ^U: somebody types, as nothing that is printed here has them
_PARTS = re.compile(rb"[\x03\x15][^\x03\x15]*|[^\x03\x15]+")


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the line shows just now: the line `begun`, behind which `prompt`; whether settings are pasted, and whether
    a question is asked, to which anything may be the answer.
    """

    begun: bytes
    prompt: bytes
    is_pasting: bool
    is_asked: bool

    def is_printed(self, line: bytes) -> bool:
        """Whether no person types such a line: it begins by what stands before those, or as a refusal, or is a table's.

        An echo has holes where its tty had no room for all of it, so a line of a table may name a command.
        """
        stands = self.prompt.rpartition(b"\n")[2]
        return self._is_tables(line) or line.startswith((stands or _REFUSAL, _REFUSAL))

    def _is_tables(self, line: bytes) -> bool:
        name, gap, _ = line.lstrip().partition(_COLUMNS)
        return bool(gap) and not (self.is_pasting or self.is_asked or b'"' in name or b"'" in name)


class Doubt:
    """Of one line.  While `is_deaf`, what comes is neither read nor echoed nor answered, until a second of silence.

    Then one sentence tells why; after it, nothing does until a command was understood.
    """

    def __init__(self) -> None:
        self.due: float | None = None
        self._why, self._is_told = "", False
        self._printed: deque[int] = deque(maxlen=REMEMBERED)
        self._missed: deque[float] = deque(maxlen=BABBLE)
        self._tail = b""

    @property
    def is_deaf(self) -> bool:
        """Whether what comes must be left alone."""
        return self.due is not None

    @property
    def why(self) -> str:
        """What is wrong at the other end; empty: nothing that is known."""
        return NOISE if is_noise(self._tail) else self._why

    def hear(self, data: bytes, now: float) -> None:
        """Something came."""
        self._tail = (self._tail + data)[-LOOKED_AT:]
        if any(key in data for key in _KEYS):
            self._trust()
        elif self.is_deaf:
            self.due = now + SILENCE_S

    def print(self, answer: bytes) -> None:
        """Something is printed that nobody typed."""
        lines = (line.strip() for line in answer.decode(errors="replace").split("\n"))
        self._printed.extend(hash(line) for line in lines if line)

    def drops(self, event: Event, sitting: Sitting, now: float) -> bool:
        """Whether this must be left alone, which may begin with it; frames of a machine, which have a check, never."""
        match event:
            case Line(text) if text.startswith("@"):
                return False
            case Interrupted():
                return False
            case Echo() if not self.is_deaf and sitting.is_printed(sitting.begun):
                self._begin(ECHO, now)
            case Line(text) if not self.is_deaf and self._is_echo(text, sitting):
                self._begin(ECHO, now)
            case Refused() if not self.is_deaf:
                self.miss(now)
        return self.is_deaf

    def miss(self, now: float) -> None:
        """A line meant nothing."""
        self._missed.append(now)
        if len(self._missed) == BABBLE and now - self._missed[0] <= BABBLE_S:
            self._begin(DRIVEL, now)

    def understand(self) -> None:
        """A line was a command."""
        self._tail = b""
        self._trust()

    def tick(self, now: float) -> str | None:
        """Let time pass; None, or once it is over the sentence to print, if any."""
        if self.due is None or now < self.due:
            return None
        self.due = None
        sentence = "" if self._is_told else SENTENCES[self._why]
        self._is_told = True
        return sentence

    def _begin(self, why: str, now: float) -> None:
        self._why, self.due = why, now + SILENCE_S
        self._missed.clear()

    def _is_echo(self, text: str, sitting: Sitting) -> bool:
        """What is pasted may well be what was printed: an export."""
        if sitting.is_printed(text.encode()) or _is_machines(text):
            return True
        return not sitting.is_pasting and hash(text.strip()) in self._printed

    def _trust(self) -> None:
        self._why, self._is_told, self.due = "", False, None
        self._missed.clear()


def parts(data: bytes) -> list[bytes]:
    """What came, cut before each key that no echo has: what came before it may be one."""
    return _PARTS.findall(data)


def _is_machines(text: str) -> bool:
    """Whether it is an answer or news for a program."""
    return text.startswith(("%", "!")) and frames.ends_like_frame(text)
