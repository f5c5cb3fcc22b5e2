"""Every system call with which settings are written is killed, and fails for a full and for a broken disk.

Always the old or the new settings are there, whole, and the history tells which.
"""

import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from intercom.console import porter, scram
from intercom.console.accounts import ADMIN
from intercom.console.keyring import Keyring
from intercom.settings import last_good
from intercom.settings.archive import Archive
from intercom.settings.file import load
from intercom.settings.paths import replace
from intercom.settings.transaction import Commit
from tests.settings.committer import NEW, NEW_PASSWORD, OLD, OLD_PASSWORD, opened

FAULTS = ("signal=KILL", "error=ENOSPC", "error=EIO")
# What touches no file: memory, signals, the end.
INNOCENT = re.compile(r"brk|mmap|munmap|madvise|mremap|rt_sig|restart_syscall|exit|futex|getrandom|clock")
# What may be there after a start, whatever happened before it.
OUTCOMES = {
    "commit": {OLD, NEW},
    "import": {OLD, NEW},
    "rollback": {OLD, NEW},
    "commit confirm": {OLD},
    "confirm": {OLD, NEW},
    "go back": {OLD},
}
AS_TOLD = {"commit": (NEW, OLD), "import": (NEW, OLD), "rollback": (OLD, NEW)}  # after success, and after a refusal

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


class Committer:
    """The program beside this file, and a folder that it writes to."""

    def __init__(self, program: "subprocess.Popen[str]", folder: Path) -> None:
        self._program, self._folder = program, folder
        self._fresh = folder / "fresh"
        (self._fresh / "state").mkdir(parents=True)
        (self._fresh / "intercom.toml").write_text(OLD)
        opened(self._fresh)
        porter.give(self._fresh / "state", ADMIN, OLD_PASSWORD)

    def run(self, what: str, *options: str) -> tuple[int, Path]:
        """Do it under strace; the exit status, negative where it was killed, and where it was done."""
        place = self._folder / "place"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self._fresh, place)
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(f"{what}\t{place}\n")
        self._program.stdin.flush()
        child = self._program.stdout.readline().strip()
        with subprocess.Popen(
            ["strace", "-o", self._folder / "trace", *options, "-p", child], stderr=subprocess.PIPE, text=True
        ) as strace:
            assert strace.stderr
            assert "attached" in strace.stderr.readline()
            subprocess.run(["kill", "-USR1", child], check=True)
            status = int(self._program.stdout.readline())
        return status, place

    def calls(self, what: str) -> list[tuple[str, int]]:
        """Each system call on a file that is made, and which one of its kind it is."""
        status, _ = self.run(what)
        assert status == 0
        names = re.findall(r"^(\w+)\(", (self._folder / "trace").read_text(), re.MULTILINE)
        counts = Counter(name for name in names if not INNOCENT.match(name))
        return [(name, number + 1) for name, count in counts.items() for number in range(count)]


@pytest.fixture
def committer(tmp_path: Path) -> Iterator[Committer]:
    program = [sys.executable, "-m", "tests.settings.committer"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        yield Committer(running, tmp_path)
        assert running.stdin
        running.stdin.close()


class Found(NamedTuple):
    """What is there after a fault, before and after the start that follows it."""

    before: str
    after: str
    archive: Archive


def started(place: Path) -> Found:
    """As at the next start of the station."""
    file = place / "intercom.toml"
    before = file.read_text()
    settings, _ = last_good.start(file, place / "state")
    return Found(before, file.read_text(), Archive(file, place / "state", settings))


def _case(what: str, fault: str) -> Any:
    """A case as pytest takes it; all but two take long together, and are for `make soak`."""
    is_quick = "KILL" in fault and what in ("commit", "confirm")
    return pytest.param(what, fault, marks=[] if is_quick else [pytest.mark.soak])


@pytest.mark.parametrize(("what", "fault"), [_case(what, fault) for what in OUTCOMES for fault in FAULTS])
def test_settings_are_the_old_or_the_new_ones_whichever_call_fails(what: str, fault: str, committer: Committer) -> None:
    for name, number in committer.calls(what):
        case = f"{what}, {name} {number}, {fault}"
        status, place = committer.run(what, "-e", f"inject={name}:{fault}:when={number}")
        assert status in ((-signal.SIGKILL,) if "KILL" in fault else (0, 1)), case
        found = started(place)
        assert found.before in (OLD, NEW), case
        assert found.after in OUTCOMES[what], case
        if what in AS_TOLD and status >= 0:
            assert found.after == AS_TOLD[what][status], case
        told_truly(found.archive, case)


@pytest.mark.parametrize("fault", [pytest.param(fault, marks=pytest.mark.soak) for fault in FAULTS])
def test_a_password_is_the_old_or_the_new_one_whichever_call_fails(fault: str, committer: Committer) -> None:
    for name, number in committer.calls("password"):
        status, place = committer.run("password", "-e", f"inject={name}:{fault}:when={number}")
        kept = Keyring(place / "state").accounts
        assert not kept.is_fresh, (name, number)  # or who comes next might choose one
        fits = [scram.is_password(kept.verifier(ADMIN), each) for each in (OLD_PASSWORD, NEW_PASSWORD)]
        assert fits.count(True) == 1, (name, number)
        assert status < 0 or fits == [status == 1, status == 0], (name, number)


def told_truly(archive: Archive, case: str) -> None:
    """The newest revision is what the file holds, none is missing, and the next commit makes another."""
    entries = archive.entries()
    assert [entry.revision for entry in entries] == list(range(1, archive.revision + 1)), case
    assert entries[-1].settings == load(archive.path), case
    archive.commit(replace(load(archive.path), "call.to", "next"), Commit("next"))
    assert started(archive.path.parent).archive.revision == archive.revision == len(entries) + 1, case
