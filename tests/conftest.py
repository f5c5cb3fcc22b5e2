"""Fixtures of the whole suite."""

from tests.browser.fixtures import chromium

__all__ = ["chromium"]
