"""The forms that the seed keeps of earlier times, and what is said to who uses them."""

import subprocess
import sys
import warnings
from collections.abc import Iterator

import pytest

from intercom.call.connection import Connection
from intercom.call.deprecated import _warn_of_listeners
from intercom.call.options import Options
from tests.call.world import World

FORMS = {
    # method: the event it listens to
    "accept": "accept", "cancel": "cancel", "disconnect": "disconnect", "error": "error", "ignore": "cancel",
    "mute": "mute", "reject": "reject", "volume": "volume",
}  # fmt: skip

TWO_CALLS = """
import asyncio, warnings
from tests.call.world import World
async def main():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for call in World().incoming(), World().incoming():
            for form in ("accept", "cancel", "disconnect", "error", "ignore", "mute", "reject", "volume"):
                getattr(call, form)(print)
    print([(each.category.__name__, each.filename) for each in told])
asyncio.run(main())
"""


@pytest.fixture
def silence() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("form", FORMS)
async def test_a_method_that_is_given_a_listener_adds_it_and_does_nothing_else(form: str, silence: None) -> None:
    world = World()
    connection = world.incoming()
    heard: list[object] = []
    getattr(connection, form)(heard.append)
    await world.settle()
    assert (connection.status(), connection.is_muted(), world.wire.sent) == ("pending", False, [])
    connection.emit(FORMS[form], "something")
    connection.emit(FORMS[form], "again")
    assert heard == ["something", "again"]


def test_the_listener_forms_warn_once_in_a_process_and_name_the_line_that_used_one() -> None:
    ran = subprocess.run([sys.executable, "-c", TWO_CALLS], capture_output=True, text=True, check=True, timeout=30)
    assert ran.stdout.strip() == "[('DeprecationWarning', '<string>')]"


@pytest.mark.parametrize(("old", "state", "is_muted"), [("cancel", "closed", False), ("unmute", "pending", False)])
async def test_an_old_name_does_what_the_new_one_does_and_warns(old: str, state: str, is_muted: bool) -> None:
    connection = World().incoming()
    connection.mute()
    with pytest.warns(DeprecationWarning, match=f"Connection.{old}"):
        getattr(connection, old)()
    assert (connection.status(), connection.is_muted()) == (state, is_muted)


async def test_the_option_warnings_silences_them() -> None:
    _warn_of_listeners.cache_clear()
    connection: Connection = World(Options(warnings=False)).incoming()
    connection.error(print)
    connection.unmute()
    connection.cancel()  # each warning would be an error here
    assert connection.status() == "closed"
