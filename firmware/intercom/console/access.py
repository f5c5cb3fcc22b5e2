"""Who may use which command."""

from enum import IntEnum


class Access(IntEnum):
    """Each level may do what those before it may."""

    ANYONE = 0
    VIEWER = 1
    OPERATOR = 2
