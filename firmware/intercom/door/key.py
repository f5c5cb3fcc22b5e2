"""The device key, under which codes are kept: without it a stolen list of codes can't be tried through."""

import os
import secrets
from pathlib import Path

from intercom import disk

CREDENTIAL = "door-key"
NAME = "key"
SIZE = 32
SHORTEST = 16


def load(folder: Path) -> bytes:
    """The key: systemd's credential `door-key` where there is one, else the one in `folder`, made at the first time.

    Raises OSError where it can't be read or made, ValueError where it is too short to be one.
    """
    credentials = os.environ.get("CREDENTIALS_DIRECTORY", "")
    given = Path(credentials) / CREDENTIAL
    key = given.read_bytes() if credentials and given.exists() else _own(folder / NAME)
    if len(key) < SHORTEST:
        raise ValueError(f"the device key has {len(key)} bytes, and needs {SHORTEST}")
    return key


def _own(path: Path) -> bytes:
    if not path.exists():
        disk.write(path, secrets.token_bytes(SIZE))
    path.chmod(0o600)
    return path.read_bytes()
