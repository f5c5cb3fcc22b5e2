"""What holds for every file that is committed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = (".ci", "bench", "config", "firmware", "systemd", "tests")
IGNORED = re.compile(r"node_modules|__pycache__|\.egg-info|\.so$")
SOURCES = {".py", ".js", ".mjs", ".c", ".h", ".css", ".html", ".sh"}
MOST_LINES = 300

# Where packages come from and where a clone lies is each machine's own business.
PLACES = re.compile(
    r"/(work|root|home)/\w|//[\w.-]*(pypi|pythonhosted|npmjs|npmmirror|piwheels|deb\.debian|snapshot\.debian)\.|\s--(extra-)?index-url"
)


def _files() -> Iterator[Path]:
    folders = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    for path in sorted([*ROOT.glob("*"), *folders]):
        if path.is_file() and not IGNORED.search(str(path.relative_to(ROOT))):
            yield path


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in _files() if path.suffix in SOURCES], ids=_name)
def test_a_source_file_is_about_one_thing_and_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES


def test_no_file_names_a_package_index_or_this_machine() -> None:
    assert {
        _name(path): match[0] for path in _files() if (match := PLACES.search(path.read_text(errors="replace")))
    } == {}


@pytest.mark.parametrize(
    "name", ["requirements.txt", "config/setup.txt", "tests/requirements.txt", "bench/requirements.txt"]
)
def test_every_pinned_package_has_its_hashes(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().rstrip())
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
