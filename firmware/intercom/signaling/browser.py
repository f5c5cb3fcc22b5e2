"""What a client tells of itself in `listen`: the members that the Voice JS SDK v1 has, with our own values."""

import platform
from importlib.metadata import version
from typing import Any

DIALECT = "1.15.1"

# `v` names the dialect that we speak; `userAgent` says who speaks it.
BROWSERINFO: dict[str, Any] = {
    "p": "browser",
    "v": DIALECT,
    "browser": {
        "userAgent": f"intercom/{version('intercom')}",
        "platform": f"{platform.system()} {platform.machine()}",
    },
    "plugin": "rtc",
}
