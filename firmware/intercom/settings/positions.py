"""Where in a TOML text each key stands, which tomllib doesn't tell."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

KeyPath = tuple[str, ...]

# What may hold a line's end, or what looks like a bracket, and the brackets themselves.
_TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5} | \'{3}.*?'{3,5} | "(?:\\.|[^"\\])*" | '[^']*' | \#[^\n]* | [][{}\n]''',
    re.DOTALL | re.VERBOSE,
)


def positions(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, on which each table and key of a valid TOML text is first named."""
    found: dict[KeyPath, int] = {}
    header: KeyPath = ()
    for line, statement in _statements(text.replace("\r\n", "\n")):
        tree = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            header = max(_paths(tree), key=len)
            found.setdefault(header, line)
            tree = {}
        for path in _paths(tree):
            found.setdefault(header + path, line)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header, and each key with its value."""
    line, begin, depth = 1, 0, 0
    for token in _TOKEN.finditer(f"{text}\n"):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if token[0] == "\n" and depth == 0:
            statement = text[begin : token.start()]
            yield line, statement
            line += statement.count("\n") + 1
            begin = token.end()


def _paths(tree: dict[str, Any]) -> Iterator[KeyPath]:
    for name, value in tree.items():
        yield (name,)
        if isinstance(value, dict):
            yield from ((name, *path) for path in _paths(value))
