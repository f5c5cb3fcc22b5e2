"""Fixtures of the simulated sound card; `tests/conftest.py` offers them to every test."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rig.simcard import SimCard, write_conf

SHARED_MEMORY = Path("/dev/shm")


@pytest.fixture
def cards() -> Iterator[Path]:
    """A folder for cards, in shared memory where there is any."""
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def card(cards: Path) -> SimCard:
    """A 48 kHz card, not yet named in any configuration."""
    return SimCard(cards / "card")


@pytest.fixture
def plug_in(cards: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make cards this process's PCMs by name: `plug_in(intercom_mic=card, intercom_speaker=card)`."""

    def plug(*, converts: bool = True, **pcms: SimCard) -> None:
        conf = write_conf(cards / "asound.conf", pcms, converts=converts)
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(conf))

    return plug
