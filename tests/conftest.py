"""Fixtures of the whole suite."""

from tests.browser.fixtures import chromium
from tests.rig.fixtures import card, cards, plug_in

__all__ = ["card", "cards", "chromium", "plug_in"]
