"""What set-up does on machines that lack something, with the system's own programs replaced by small scripts."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# A machine with three programs and no package of Debian's, where a user may act as root.
BARE = {
    "dpkg-query": "exit 1",
    "apt-get": 'echo "apt-get $*" >> "$RECORD"',
    "id": "echo 1000",
    "sudo": '[ "$1" = -n ] && shift; exec "$@"',
    **dict.fromkeys(("gcc", "arecord", "baresip"), "exit 0"),
}


class Machine:
    """A folder of programs that stands first in PATH; `record` is what apt-get was told."""

    def __init__(self, folder: Path, **programs: str) -> None:
        self._record, self._bin = folder / "record", folder / "bin"
        self._bin.mkdir()
        for name, script in (BARE | {key.replace("_", "-"): value for key, value in programs.items()}).items():
            program = self._bin / name
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)

    def set_up(self, target: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ROOT / "config/setup.sh", target],
            env={"PATH": f"{self._bin}:/usr/bin:/bin", "RECORD": str(self._record)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @property
    def record(self) -> list[str]:
        return self._record.read_text().splitlines() if self._record.exists() else []


def test_without_rights_it_prints_the_one_line_to_run_and_stops(tmp_path: Path) -> None:
    machine = Machine(tmp_path, sudo="exit 1")
    ran = machine.set_up("run")
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "&& sudo apt-get install -y --no-install-recommends python3-venv" in ran.stderr.splitlines()[-1]
    assert machine.record == []


@pytest.mark.parametrize(("uid", "sudo"), [("0", "exit 1"), ("1000", BARE["sudo"])])
def test_as_root_or_with_sudo_it_installs_what_is_missing_in_one_step(tmp_path: Path, uid: str, sudo: str) -> None:
    machine = Machine(tmp_path, id=f"echo {uid}", sudo=sudo, python3="echo Python 3.10.2; exit 1")
    ran = machine.set_up("run")
    assert [line.partition("Retries=3 ")[2] for line in machine.record] == [
        "update",
        "install -y --no-install-recommends python3-venv python3-dev libc6-dev libasound2-dev libopus0 libspeexdsp1",
    ]
    assert ran.stderr.startswith("set-up: python3 is Python 3.10.2, but 64-bit Python 3.11 or newer is needed")


def test_a_bare_machine_learns_what_localhost_is(tmp_path: Path) -> None:
    told = 'echo "$*" >> "$RECORD"'
    machine = Machine(tmp_path, getent="exit 2", sudo=told, python3="exit 1")
    assert "set-up: Adding localhost to /etc/hosts\n" in machine.set_up("run").stdout
    assert machine.record[-1] == '-n sh -c echo "127.0.0.1 localhost" >>/etc/hosts'


def test_a_program_from_anywhere_makes_its_package_unnecessary(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.set_up("bench").stdout == ""
    assert machine.record == []


def test_a_step_that_fails_shows_what_it_said(tmp_path: Path) -> None:
    machine = Machine(tmp_path, apt_get="echo no space left; exit 1", id="echo 0")
    ran = machine.set_up("run")
    assert ran.returncode == 1
    assert "no space left" in ran.stderr
    assert ran.stderr.endswith("set-up: That failed; what it said stands above.\n")


def test_the_second_time_make_has_nothing_to_do(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.txt", "pyproject.toml", "config/setup.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((ROOT / name).read_text())
    (tmp_path / ".venv").mkdir()
    script = tmp_path / "config/setup.sh"
    script.write_text('#!/bin/sh\necho "setting up $1"\n')
    script.chmod(0o755)
    said = [subprocess.check_output(["make", "-s", "setup"], cwd=tmp_path, text=True) for _ in "12"]
    assert said == ["setting up run\n", ""]
