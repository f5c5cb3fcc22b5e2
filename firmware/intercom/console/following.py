"""`log follow` at a person's terminal: each line of the log as it is written, until a key is pressed."""

from dataclasses import asdict, replace

from intercom.console import log
from intercom.console.command import Nothing, Result
from intercom.console.desk import Desk
from intercom.console.doubt import Doubt
from intercom.console.machine import Write
from intercom.console.watch import News, Watch
from intercom.errors import ConflictError

BEFORE = 10  # lines to begin with

_ESCAPE = b"\x1b"


class Following:
    """Of one terminal.  What a slow line misses is counted and told; nobody waits for it."""

    def __init__(self, desk: Desk, doubt: Doubt) -> None:
        self._desk, self._doubt = desk, doubt
        self._watch: Watch | None = None
        self.own = {log.FOLLOW.verb: replace(log.FOLLOW, act=self._begin)}

    @property
    def is_on(self) -> bool:
        """Whether it goes on."""
        return self._watch is not None and bool(self._watch.kinds)

    def end(self, keys: bytes) -> bytes:
        """Take the key that ends it and means nothing else; what was typed behind it, or a program's frame."""
        if self._watch and keys != b"\n":  # which the terminal sent behind the command's CR
            self._watch.want([])
        if keys.startswith(b"@"):
            return keys
        return b"" if keys.startswith(_ESCAPE) else keys[1:].removeprefix(b"\n")

    async def stream(self, write: Write) -> None:
        """Tell line after line while it is on, until cancelled."""
        with self._desk.operator.watch([]) as self._watch:
            number = 0
            while True:
                news = await self._watch.next()
                missed, number = news.number - number - 1, news.number
                if self.is_on:
                    told = _told(news, missed)
                    self._doubt.print(told)
                    await write(told)

    async def _begin(self, desk: Desk, _: Nothing) -> Result:
        if self._watch is None:
            raise ConflictError("There is no news on this line.", "Type `log`.")
        self._watch.want(["log"])
        return {"lines": [asdict(line) for line in desk.operator.log_lines.latest(BEFORE)]}


def _told(news: News, missed: int) -> bytes:
    left_out = [f"! {missed} lines are left out, as they came faster than this line takes them."] if missed else []
    lines = [*left_out, *log.told_line(news.members).split("\n")]
    return "".join(f"{line}\r\n" for line in lines).encode()
