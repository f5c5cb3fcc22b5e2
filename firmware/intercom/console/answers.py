"""What a session remembers of what it answered, so that a request which comes again is answered and never run again.

Pure.
"""

from intercom.console import frames
from intercom.console.frames import Long, Reply
from intercom.console.lines import LIMIT
from intercom.console.parcels import digest
from intercom.errors import ConflictError

REMEMBERED = 16
LONG_REMEMBERED = 4


class Answers:
    """The last 16 answers by their requests' ids; of those that are too long for a line, the last 4 contents."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[str, bytes]] = {}  # empty: it is being run, or was broken off
        self._long: dict[str, bytes] = {}

    def again(self, id_: str, line: str) -> bytes | None:
        """The answer to a request that came before, None: to none; one at a time.

        Raises ConflictError where another one had this id, or where this one was never answered.
        """
        if id_ not in self._given:
            return None
        before, answer = self._given[id_]
        if before != line:
            raise ConflictError("Another request had this id.", "Count on, or say `hello` first.")
        if not answer:
            raise ConflictError("The station started anew while it ran this.", "See what it has done of it.")
        return answer

    def begin(self, id_: str, line: str) -> None:
        """Remember that the request is being run."""
        self._given[id_] = line, b""
        _shorten(self._given, REMEMBERED)

    def keep(self, line: str, reply: Reply) -> bytes:
        """Remember the reply to that request; as it goes out."""
        answer = self.fitted(reply)
        self._given.pop(reply.id, None)
        self._given[reply.id] = line, answer
        _shorten(self._given, REMEMBERED)
        return answer

    def fitted(self, reply: Reply) -> bytes:
        """The reply as a line, put off where it is too long for one."""
        frame = frames.encode(reply)
        if len(frame) > LIMIT:
            whole = frames.content(reply).encode("ascii")
            self._long[reply.id] = whole
            _shorten(self._long, LONG_REMEMBERED)
            frame = frames.encode(Long(reply.id, len(whole), digest(whole)))
        return f"{frame}\r\n".encode("ascii")

    def chunk(self, id_: str, *, at: int, size: int) -> bytes:
        """A part of a long answer's content; raises ConflictError where it is gone."""
        if id_ not in self._long:
            raise ConflictError("That answer is gone.", "Ask again.")
        return self._long[id_][at : at + size]

    def forget(self) -> None:
        """Remember nothing."""
        self._given.clear()
        self._long.clear()


def _shorten(memory: dict[str, tuple[str, bytes]] | dict[str, bytes], most: int) -> None:
    while len(memory) > most:
        del memory[next(iter(memory))]
