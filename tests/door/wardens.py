"""A warden's small world: its clocks can be set, its comparisons are counted, nothing else is made up."""

import hmac
import json
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from intercom.door.judge import Judge, Senses
from intercom.settings.schema import Door

CODE, OTHER, WRONG = "73948261", "5550123", "86420975"
SETTINGS = Door(allow=("kitchen",))


@dataclass
class World:
    """A Monday noon; `pass_s` lets time pass, on both clocks."""

    local: datetime = datetime(2026, 11, 23, 12, tzinfo=timezone(timedelta(hours=1)))
    running_s: float = 1000.0
    compared: list[bool] = field(default_factory=list)

    @property
    def senses(self) -> Senses:
        return Senses(lambda: self.local, lambda: self.running_s, self._compare)

    def pass_s(self, seconds: float) -> None:
        self.local += timedelta(seconds=seconds)
        self.running_s += seconds

    def judge(self, state: Path, settings: Door = SETTINGS) -> Judge:
        """One that has just started on that folder."""
        judge = Judge(settings, state / "door", self.senses)
        judge.open()
        return judge

    def _compare(self, one: bytes, other: bytes) -> bool:
        self.compared.append(hmac.compare_digest(one, other))
        return self.compared[-1]


def given(name: str, code: str = "", **terms: Any) -> dict[str, Any]:
    """A new code as the console gives it."""
    return {"name": name, "code": code, "once": False, "from": "", "to": "", "days": "", "until": ""} | terms


def records(state: Path) -> list[dict[str, Any]]:
    """What the log holds, without numbers, hashes and times."""
    lines = [line for path in sorted((state / "door").glob("audit.*.jsonl")) for line in path.read_text().splitlines()]
    return [{key: value for key, value in json.loads(line).items() if key not in ("n", "prev", "at")} for line in lines]


@contextmanager
def full_disk(*, bytes_left: int = 0) -> Iterator[None]:
    """No file of this process grows beyond that size, as when there is no room."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
