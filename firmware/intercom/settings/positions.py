"""Where in a TOML text each key stands, which tomllib doesn't tell."""

import tomllib
from collections.abc import Iterator
from typing import Any

KeyPath = tuple[str, ...]


def positions(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, on which each table and key of a valid TOML text is first named."""
    found: dict[KeyPath, int] = {}
    header: KeyPath = ()
    for line, statement in _statements(text):
        tree = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            header = max(_paths(tree), key=len)
            found.setdefault(header, line)
            tree = {}
        for path in _paths(tree):
            found.setdefault(header + path, line)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header and key with its value: the fewest lines that are valid TOML by themselves."""
    statement: list[str] = []
    for line, content in enumerate(text.split("\n"), start=1):
        statement.append(content)
        joined = "\n".join(statement)
        try:
            tomllib.loads(joined)
        except tomllib.TOMLDecodeError:
            continue
        yield line - len(statement) + 1, joined
        statement.clear()


def _paths(tree: dict[str, Any]) -> Iterator[KeyPath]:
    for name, value in tree.items():
        yield (name,)
        if isinstance(value, dict):
            yield from ((name, *path) for path in _paths(value))
