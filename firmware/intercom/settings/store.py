"""The settings file as it is written: whole or not at all, with the comments and the layout it had."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from intercom import disk
from intercom.errors import SettingsError
from intercom.settings.file import load, parse
from intercom.settings.paths import get, leaves, replace, split
from intercom.settings.schema import Settings
from intercom.settings.template import template
from intercom.settings.transaction import Candidate
from intercom.settings.words import written


class Store:
    """Writes one settings file; what it replaces stays beside it as `NAME.prev`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, settings: Settings) -> None:
        """Make the file hold these settings, through power cuts; raises SettingsError.  Blocks: call it off the loop.

        Mode and owner stay, but a file that holds a secret is its owner's alone.
        """
        path = self.path.resolve()
        try:
            old = path.stat() if path.exists() else None
            text = edited(path.read_text("utf-8-sig") if old else "", settings)
            disk.write(
                path, text.encode(), mode=_mode(old, settings), like=old, keeps_previous=old is not None, strict=False
            )
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise SettingsError(
                f"The settings file {path} can't be written: {reason}.", "The settings in use are unchanged."
            ) from error

    def put(self, values: Mapping[str, Any]) -> None:
        """Make the file hold these values, by path, and leave all else in it alone; raises SettingsError.  Blocks."""
        settings = load(self.path) if self.path.exists() else Settings()
        for path, value in values.items():
            settings = replace(settings, path, value)
        self.write(settings)


def edited(text: str, settings: Settings) -> str:
    """The TOML text changed to hold these settings, all else as it was; where that can't be, it is written anew."""
    if not text.strip():
        return template(settings)
    try:
        known = parse(text)
        document = tomlkit.parse(text)
        for path in Candidate(known, settings).paths():
            _put(document, path, get(settings, path))
        result = tomlkit.dumps(document)
        # tomlkit misplaces some keys, such as an inline table after a dotted key
        return result if parse(result) == settings else template(settings)
    except (SettingsError, TOMLKitError):
        return template(settings)


def _put(table: Any, path: str, value: Any) -> None:
    setting, entry = split(path)
    sections, _, name = setting.rpartition(".")
    for section in [*sections.split("."), *([name] if entry else [])]:
        table = table.setdefault(section, tomlkit.table())
    table, name = _place(table, entry) if entry else (table, name)
    if value is None:
        table.pop(name, None)
    else:
        table[name] = tomlkit.value(written(value))


def _place(table: Any, key: str) -> tuple[Any, str]:
    """Where a key of a table stands, which may be written with dots or with quotes."""
    name, _, rest = key.partition(".")
    is_dotted = rest and key not in table and isinstance(table.get(name), dict)
    return _place(table[name], rest) if is_dotted else (table, key)


def _mode(old: os.stat_result | None, settings: Settings) -> int:
    has_secret = any(leaf.is_secret and get(settings, leaf.path) for leaf in leaves().values())
    mode = stat.S_IMODE(old.st_mode) if old else 0o644
    return mode & 0o600 if has_secret else mode
