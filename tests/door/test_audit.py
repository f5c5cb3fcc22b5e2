"""The audit log on a real disk: bounded over years, and put in order after any end of the station."""

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intercom.door import audit
from intercom.door.audit import MOST_SEGMENTS, AuditLog, read
from intercom.door.chain import BROKEN, CUT, Record, State

AT = "2026-11-23T08:00:00+01:00"

# Says the number of each record once `append` has returned.
WRITER = """
import sys
from pathlib import Path
from intercom.door.audit import AuditLog
from intercom.door.chain import Record
log = AuditLog(Path(sys.argv[1]), segment_bytes=2000)
first = log.open("x").end.n + 1
for n in range(first, first + int(sys.argv[2])):
    try:
        log.append(Record(at="x", what="asked", who=f"web{n}"))
        print(f"web{n}", flush=True)
    except OSError:
        print("", flush=True)
"""


def record(who: str = "web") -> Record:
    return Record(at=AT, what="asked", who=who, allowed=False)


def write(folder: Path, count: int, *, segment_bytes: int = audit.SEGMENT_BYTES) -> None:
    log = AuditLog(folder, segment_bytes=segment_bytes)
    for n in range(count):
        log.append(record(f"web{n}"))


def segments(folder: Path) -> list[Path]:
    return sorted(folder.glob("audit.*.jsonl"))


def test_what_is_written_is_read_by_anybody_who_reads_json(tmp_path: Path) -> None:
    write(tmp_path, 2)
    lines = [json.loads(line) for line in segments(tmp_path)[0].read_text().splitlines()]
    assert [(line["n"], line["who"], line["allowed"], line["at"]) for line in lines] == [
        (1, "web0", False, AT),
        (2, "web1", False, AT),
    ]
    assert read(tmp_path).state is State.WHOLE


def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    write(tmp_path, 2)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_the_log_stays_bounded_over_years_and_its_chain_goes_on(tmp_path: Path) -> None:
    write(tmp_path, 300, segment_bytes=2000)
    found = read(tmp_path)
    assert (found.state, found.end.n) == (State.WHOLE, 300)
    assert len(segments(tmp_path)) == MOST_SEGMENTS
    assert found.first == 300 - len(found.lines) + 1 > 1
    assert sum(path.stat().st_size for path in segments(tmp_path)) < (MOST_SEGMENTS + 1) * 2000


def test_it_goes_on_where_the_last_life_ended(tmp_path: Path) -> None:
    for _ in range(5):
        write(tmp_path, 3, segment_bytes=500)
    assert (read(tmp_path).state, read(tmp_path).end.n) == (State.WHOLE, 15)


def test_a_line_cut_at_any_byte_is_told_and_gone_after_the_next_start(tmp_path: Path) -> None:
    write(tmp_path / made("log", tmp_path), 3)
    whole = segments(tmp_path / "log")[0].read_bytes()
    begins = whole.rindex(b"\n", 0, -1) + 1
    for size in range(begins, len(whole)):
        folder = tmp_path / f"cut{size}"
        shutil.copytree(tmp_path / "log", folder)
        segments(folder)[0].write_bytes(whole[:size])
        (folder / audit.HEADS[1]).unlink()  # the head that knows the third record came after it
        assert read(folder).state is (State.CUT if size > begins else State.WHOLE)
        AuditLog(folder).append(record())
        found = read(folder)
        assert found.state is State.WHOLE
        assert [line.what for line in found.lines][2:] == ([CUT, "asked"] if size > begins else ["asked"])


def test_a_record_that_the_head_did_not_know_is_known_after_the_next_start(tmp_path: Path) -> None:
    write(tmp_path, 3)
    (tmp_path / audit.HEADS[1]).unlink()
    assert read(tmp_path).is_ahead
    AuditLog(tmp_path).open(AT)
    found = read(tmp_path)
    assert (found.state, found.is_ahead, found.end.n) == (State.WHOLE, False, 3)


def test_what_can_not_be_put_in_order_is_not_written_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 2)
    (path,) = segments(tmp_path)
    path.write_bytes(path.read_bytes() + b"half a rec")
    log = AuditLog(tmp_path)
    monkeypatch.setattr(os, "truncate", failing)
    for _ in range(2):
        with pytest.raises(OSError, match="Input/output error"):
            log.append(record())
    monkeypatch.undo()
    log.append(record("anna"))
    assert [line.who or line.what for line in read(tmp_path).lines] == ["web0", "web1", CUT, "anna"]


@pytest.mark.parametrize("damage", ["changed", "head gone", "end gone"])
def test_what_somebody_did_is_told_in_the_log_and_stays_known_whatever_is_written_later(
    tmp_path: Path, damage: str
) -> None:
    write(tmp_path, 9, segment_bytes=500)
    match damage:
        case "changed":
            path = segments(tmp_path)[0]
            path.write_bytes(path.read_bytes().replace(b"web0", b"kate"))
        case "head gone":
            for name in audit.HEADS:
                (tmp_path / name).unlink()
        case "end gone":
            segments(tmp_path)[-1].unlink()
    assert read(tmp_path).state is State.BROKEN
    for _ in range(5):
        write(tmp_path, 1)
    found = read(tmp_path)
    assert found.state is State.BROKEN
    assert [line.what for line in found.lines].count(BROKEN) == 1
    assert len(segments(tmp_path)) <= 6


def test_a_full_disk_is_an_error_and_the_log_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    write(tmp_path, 2)
    log = AuditLog(tmp_path)
    with small_files(segments(tmp_path)[0].stat().st_size + 40), pytest.raises(OSError, match="File too large"):
        log.append(record("nobody"))
    log.append(record("anna"))
    found = read(tmp_path)
    assert found.state is State.WHOLE
    assert [line.who or line.what for line in found.lines] == ["web0", "web1", CUT, "anna"]


def test_a_folder_that_can_not_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / audit.HEADS[0]).mkdir()
    with pytest.raises(IsADirectoryError):
        read(tmp_path)


def test_kill_9_at_any_moment_leaves_a_whole_log_with_all_that_was_told(tmp_path: Path) -> None:
    for life in range(12):
        with subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, "500"], stdout=subprocess.PIPE) as child:
            assert child.stdout
            told = [child.stdout.readline() for _ in range(1 + life * 3)]
            child.send_signal(signal.SIGKILL)
            told += child.stdout.read().splitlines(keepends=True)
        found = read(tmp_path)
        assert found.state in (State.WHOLE, State.CUT)
        assert {line.strip().decode() for line in told if line.endswith(b"\n")} <= {line.who for line in found.lines}


FAULTS = [
    "signal=KILL:when=1",
    "signal=KILL:when=2",
    "signal=KILL:when=5",
    "error=ENOSPC:when=1+2",
    "error=EIO:when=2+3",
]


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", ["write", "pwrite64", "fsync", "openat"])
def test_a_fault_at_any_call_to_the_disk_is_survived(tmp_path: Path, call: str, fault: str) -> None:
    folder = tmp_path / made("log", tmp_path)
    write(folder, 75, segment_bytes=2000)
    told = _written_at_fault(folder, f"{call}:{fault}")
    found = read(folder)
    assert found.state in (State.WHOLE, State.CUT), found.why
    assert told <= {line.who for line in found.lines}
    AuditLog(folder, segment_bytes=2000).append(record())
    assert read(folder).state is State.WHOLE


def _written_at_fault(folder: Path, inject: str) -> set[str]:
    """Whose records the writer says are written, though calls of it failed, as they did."""
    coming = [folder / f"audit.{n:010}.jsonl" for n in range(76, 100)]
    paths = [word for path in [folder, *folder.iterdir(), *coming] for word in ("-P", str(path))]
    trace = folder.with_name("trace")
    words = ["strace", "-f", "-qq", "-o", str(trace), *paths, "-e", f"inject={inject}"]
    ran = subprocess.run([*words, sys.executable, "-c", WRITER, folder, "20"], stdout=subprocess.PIPE, check=False)
    assert "INJECTED" in trace.read_text() or ran.returncode != 0
    return set(ran.stdout.decode().split())


def failing(*_: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


def made(name: str, folder: Path) -> str:
    (folder / name).mkdir()
    return name


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """No file of this process grows beyond that: what a full disk does in the middle of a line."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGXFSZ, ignored)
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
