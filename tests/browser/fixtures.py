"""The one browser that all tests share."""

import os
from collections.abc import Iterator

import pytest

from tests.browser.chromium import Chromium

ENOUGH_BYTES = 2 * 1024**3


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """A headless Chromium; skipped on a machine with less than 2 GB of memory, but never under CI."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if memory < ENOUGH_BYTES and os.environ.get("CI") != "true":
        pytest.skip(f"NO BROWSER TESTS: they need 2 GB of memory, this machine has {memory / 1024**3:.1f} GB.")
    with Chromium() as browser:
        yield browser
