"""The town for the tests."""

import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.net.netns import NoNamespacesError
from tests.net.street import Street
from tests.net.town import Town, living
from tests.rig.fixtures import SHARED_MEMORY


@pytest.fixture(scope="session")
def namespaces() -> None:
    """Skip on a machine that makes no network namespaces for us, but never under CI."""
    try:
        with Street():
            pass
    except NoNamespacesError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"NO NETWORK TESTS: this machine makes no network namespaces for us: {error}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(namespaces: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """All programs of the town; one for all tests of a module."""
    memory = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as cards:
        async with living(tmp_path_factory.mktemp("town"), Path(cards)) as made:
            yield made
