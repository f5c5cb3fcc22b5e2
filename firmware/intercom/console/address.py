"""Where the control socket is: the same list for the station that listens and for the far side that looks for it."""

import os
from pathlib import Path

NAME = "control.sock"
SYSTEM = Path("/run/intercom")


def candidates(state: Path | None = None) -> list[Path]:
    """The places of the control socket, the first one that can be used wins; `state` is the state folder, if known."""
    runtime, user = os.environ.get("RUNTIME_DIRECTORY"), os.environ.get("XDG_RUNTIME_DIR")
    folders = [
        Path(runtime.split(":")[0]) if runtime else None,
        Path(user) / "intercom" if user else None,
        SYSTEM,
        state,
    ]
    return [folder / NAME for folder in folders if folder]


def to_listen(state: Path) -> Path:
    """The first place whose folder may be written; one in the user's runtime folder is made."""
    user = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.access(user, os.W_OK | os.X_OK):
        (Path(user) / "intercom").mkdir(mode=0o700, exist_ok=True)
    places = (path for path in candidates(state) if os.access(path.parent, os.W_OK | os.X_OK))
    return next(places, state / NAME)
