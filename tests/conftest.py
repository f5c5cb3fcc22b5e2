"""Fixtures of the whole suite."""

from hypothesis import settings

from tests.browser.fixtures import chromium
from tests.figures import figures, pytest_terminal_summary
from tests.rig.fixtures import card, cards, plug_in

__all__ = ["card", "cards", "chromium", "figures", "plug_in", "pytest_terminal_summary"]

settings.register_profile("suite", deadline=None)  # a busy machine is no failure
settings.load_profile("suite")
