"""How the settings of a file differ from those that a station tells, which hold no secrets.  Pure."""

from functools import cache

from intercom.settings.file import parse
from intercom.settings.paths import get, leaves, replace
from intercom.settings.schema import Settings
from intercom.settings.transaction import Candidate, Change

UNKNOWN = "https://secret.invalid/that-is-not-told"  # good for each setting that is a secret


def compared(text: str, exported: str, *, source: str, station: str) -> tuple[list[Change], list[str]]:
    """What taking this file's text would change, and the secrets that both have, which can't be compared.

    Raises SettingsError for a text that is no settings file; `source` and `station` name the two in its message.
    """
    used = parse(exported, source=station, secrets=_unknown())
    wanted = parse(text, source=source, secrets=used)
    hidden = [path for path in _secrets() if get(used, path) and get(wanted, path) not in ("", UNKNOWN)]
    for path in hidden:
        wanted = replace(wanted, path, UNKNOWN)
    return Candidate(used, wanted).diff(), hidden


@cache
def _unknown() -> Settings:
    """Settings whose every secret is one that nobody knows."""
    settings = Settings()
    for path in _secrets():
        settings = replace(settings, path, UNKNOWN)
    return settings


def _secrets() -> list[str]:
    return [leaf.path for leaf in leaves().values() if leaf.is_secret]
