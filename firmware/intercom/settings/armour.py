"""Settings as a block of text that survives being pasted into a terminal: valid TOML with a SHA-256 line at its end.

Only what differs from the defaults is in it, secrets as `<set>`; no line is longer than a console takes, and none
begins with a byte that means something else there.  Pure.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from intercom.errors import SettingsError
from intercom.settings.paths import Leaf, get, leaves, shown
from intercom.settings.schema import Settings
from intercom.settings.words import key, written

BEGIN = "# BEGIN INTERCOM SETTINGS"
END = "# END INTERCOM SETTINGS, SHA-256 "
LONGEST = 64 * 1024

_WIDTH = 100
_PIECE = re.compile(r"(?:\\u[0-9A-Fa-f]{4}|\\.|[^\\]){1,60}")


def export(settings: Settings) -> str:
    """The block; raises nothing."""
    return armoured("\n".join(_sections(settings)))


def armoured(text: str) -> str:
    """Any TOML text as such a block."""
    lines = list(_stripped(text.rstrip("\n").split("\n")))
    return "\n".join([BEGIN, *lines, END + _digest(lines)])


def is_whole(text: str) -> bool:
    """Whether the line that ends a block is there."""
    *_, last, rest = ["", *text.split("\n")]
    return last.startswith(END.rstrip()) or (rest.startswith(END) and len(rest) == len(END) + 64)


def is_whole_block(text: str) -> bool:
    """Whether it is one from its first line to its last."""
    return text.startswith(BEGIN) and is_whole(text)


def bounded(text: str) -> str:
    """The text, or of one that is too long its end, which is no block."""
    return text if len(text) <= LONGEST else text[-_WIDTH:]


def opened(text: str) -> str:
    """The TOML text of a block; raises SettingsError where it isn't whole, or not as it was written."""
    lines = list(_stripped(text.strip().split("\n")))
    if lines[0] != BEGIN:
        raise SettingsError(f"This is not an export: it doesn't begin with `{BEGIN}`.", "Paste all that `export` told.")
    if not lines[-1].startswith(END) or len(lines[-1]) < len(END) + 64:
        raise SettingsError("The end of the export is missing.", "Paste all that `export` told.")
    if lines[-1] != END + _digest(lines[1:-1]):
        raise SettingsError("This is not what `export` told: something was lost or changed.", "Paste it again.")
    return "\n".join(["", *lines[1:-1]])  # so that a problem's line is that of the block


def _stripped(lines: Iterable[str]) -> Iterator[str]:
    return (line.rstrip() for line in lines)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _sections(settings: Settings) -> Iterator[str]:
    changed = [leaf for leaf in leaves().values() if get(settings, leaf.path) != leaf.default]
    for section, group in groupby(changed, key=lambda leaf: leaf.path.rpartition(".")[0]):
        inside = list(group)
        plain = [leaf for leaf in inside if not isinstance(leaf.default, dict)]
        if plain:
            yield f"[{section}]"
        for leaf in plain:
            yield _line(leaf.path.rpartition(".")[2], shown(leaf, get(settings, leaf.path)))
        for leaf in inside:
            if leaf not in plain:
                yield from _table(leaf, settings)


def _table(leaf: Leaf, settings: Settings) -> Iterator[str]:
    yield f"[{leaf.path}]"
    for name, value in get(settings, leaf.path).items():
        yield _line(key(name), value)


def _line(name: str, value: object) -> str:
    line = f"{name} = {written(value)}"
    if len(line) <= _WIDTH:
        return line
    match value:
        case str():
            return f'{name} = """\\\n{_folded(value)}"""'
        case tuple():
            return f"{name} = [\n{''.join(f'  {_line_of(item)},{chr(10)}' for item in value)}]"
    return line


def _line_of(item: object) -> str:
    """One item of a list; a text that is too long for its line is folded."""
    return f'"""\\\n{_folded(item)}"""' if isinstance(item, str) and len(item) > _WIDTH else written(item)


def _folded(text: str) -> str:
    """A text as TOML folds it: a backslash at a line's end takes all white space that follows it."""
    return "".join(f"  {_unfoldable(piece)}\\\n" for piece in _PIECE.findall(written(text)[1:-1]))


def _unfoldable(piece: str) -> str:
    """A piece whose white space at its beginning is not taken: its first one is written as what it is."""
    return f"\\u{ord(piece[0]):04X}{piece[1:]}" if piece[0].isspace() else piece
