"""The client for scripts, over real pseudo-terminals."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intercom import Remote
from intercom.errors import ConflictError, UsageError
from intercom.settings.transaction import Change
from tests.remote.fixtures import Served, served


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as made:
        yield made


def test_a_script_asks_changes_and_calls(station: Served) -> None:
    with Remote(station.port) as remote:
        assert remote.name == "hall"
        assert remote.status().registration == "ready"
        assert remote.set("audio.volume", 60) == [Change("audio.volume", 60, 100)]
        assert remote.diff() == [Change("audio.volume", 60, 100)]
        written = remote.commit("too loud", confirm_s=60)
        assert (written.revision, written.changes) == (2, (Change("audio.volume", 60, 100),))
        assert remote.confirm() == 2
        assert remote.show("audio.volume") == {"audio.volume": 60}
        assert remote.history()[-1].comment == "too loud"
        assert remote.rollback() == [Change("audio.volume", 100, 60)]
        assert remote.run("unset", "audio.volume")["changes"] != []
        remote.call("anna")
        call = remote.status().call
        assert call is not None
        assert call.status == "ringing"
        remote.hang_up()
        with pytest.raises(ConflictError, match="There is no call"):
            remote.hang_up()
        with pytest.raises(UsageError, match="such setting"):
            remote.set("audio.loudness", 1)
