"""What a button or a command can ask a station to do."""

from enum import StrEnum, auto


class Action(StrEnum):
    """What a button can do."""

    CALL = auto()
    ACCEPT = auto()
    REJECT = auto()
    IGNORE = auto()
    HANG_UP = auto()
    TOGGLE_MUTE = "mute"
    TALK = auto()
    SAY_NOT_CONNECTED = auto()
    VOLUME_UP = auto()
    VOLUME_DOWN = auto()
    RING_UP = auto()
    RING_DOWN = auto()
    TOGGLE_PRIVACY = "privacy"
    TOGGLE_DO_NOT_DISTURB = "do_not_disturb"
    PROLONG = auto()
    ASK_DOOR = auto()
    OPEN_DOOR = auto()


# The volume that an action turns, and by how many percent.
TURNS: dict[Action, tuple[str, int]] = {
    Action.VOLUME_UP: ("audio.volume", 10),
    Action.VOLUME_DOWN: ("audio.volume", -10),
    Action.RING_UP: ("audio.ring_volume", 10),
    Action.RING_DOWN: ("audio.ring_volume", -10),
}

# What is said to who asks for something that makes no sense now.
REFUSALS: dict[Action, str] = {
    Action.CALL: "A call is under way already.",
    Action.ACCEPT: "Nobody is calling, so there is nothing to answer.",
    Action.REJECT: "Nobody is calling, so there is nothing to reject.",
    Action.IGNORE: "Nobody is calling, so there is nothing to ignore.",
    Action.HANG_UP: "There is no call to hang up; a call that rings here is answered, rejected or ignored.",
    Action.TOGGLE_MUTE: "There is no call to mute.",
    Action.TALK: "There is no call in which you could talk.",
    Action.PROLONG: "No call is about to end, so there is nothing to prolong.",
    Action.ASK_DOOR: "There is no call, so there is no other end whose door could be opened.",
}

# What a spike on a button's wire must not do: its press counts only where it was steady for a moment.
CAREFUL = {Action.OPEN_DOOR}
