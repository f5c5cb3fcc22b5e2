"""The commented settings file: what an installer starts from, and the layout of a file that is written anew."""

from collections.abc import Iterator
from itertools import groupby
from textwrap import TextWrapper

from intercom.settings.paths import Leaf, get, leaves
from intercom.settings.schema import Settings
from intercom.settings.words import written

_HEAD = """\
# Settings of an intercom station, of its exchange, or of a demo of both.
# A line that is left out has the value that stands here. `intercom config check FILE` finds mistakes;
# `intercom set PATH VALUE` and `intercom commit` change a running station's file and keep its comments.
"""

_PLAIN = ("one line of text", "true or false")
_wrap = TextWrapper(100, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False).wrap


def template(settings: Settings = Settings()) -> str:  # noqa: B008 - frozen
    """The settings as TOML with every setting, its description and its bounds."""
    return "\n".join([_HEAD, *_sections(settings)])


def _sections(settings: Settings) -> Iterator[str]:
    for section, inside in groupby(leaves().values(), key=lambda leaf: leaf.path.rpartition(".")[0]):
        yield f"[{section}]"
        for leaf in inside:
            yield from _wrap(_comment(leaf))
            yield _line(leaf, get(settings, leaf.path))
        yield ""


def _comment(leaf: Leaf) -> str:
    bounds = "" if leaf.allowed in _PLAIN else f" ({leaf.allowed})"
    example = f" For example: {written(leaf.example)}" if leaf.example and leaf.default is not None else ""
    return f"{leaf.description}{bounds}{example}"


def _line(leaf: Leaf, value: object) -> str:
    name = leaf.path.rpartition(".")[2]
    if value is None:
        return f"# {name} = {written(leaf.example)}"
    return f"{name} = {written(value)}"
