"""The section of calls: whom the station calls, how long it lets ring and talk, and who may disturb."""

from typing import Annotated

from msgspec import Meta

from intercom.settings.kinds import Identity, Section

_DAY = "(mon|tue|wed|thu|fri|sat|sun)"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"
QuietTime = Annotated[
    str,
    Meta(
        pattern=f"^({_DAY}(-{_DAY})? )?{_TIME}-{_TIME}$",
        extra={"allowed": "HH:MM-HH:MM or DAY-DAY HH:MM-HH:MM, such as sat-sun 13:00-15:00"},
    ),
]
Callers = tuple[Identity, ...]


class Call(Section, frozen=True):
    """Whom the station calls, how long calls ring and last, and who may disturb."""

    to: Annotated[
        str,
        Meta(max_length=128, description="Identity or group that the answer button calls when idle; empty: nobody."),
    ] = ""
    ring_timeout_s: Annotated[
        int,
        Meta(
            ge=0,
            le=600,
            description="How long a call of ours waits for an answer, and one that comes rings here; 0: as long as the "
            "exchange lets it.",
        ),
    ] = 0
    longest_min: Annotated[
        int,
        Meta(
            ge=0,
            le=1440,
            description="How many minutes a call may last; a press of the answer button in its last minute gives it "
            "as many again. 0: no limit.",
        ),
    ] = 30
    auto_answer: Annotated[
        Callers,
        Meta(
            max_length=256,
            description="Whose calls are answered here by themselves, after an announcement that is heard here.",
            examples=[["kitchen"]],
        ),
    ] = ()
    auto_answer_after_s: Annotated[
        int, Meta(ge=2, le=60, description="How long the announcement sounds before the microphone opens.")
    ] = 3
    quiet: Annotated[
        tuple[QuietTime, ...],
        Meta(
            max_length=32,
            description="When calls show their light and make no sound, in local time; a time over midnight belongs "
            "to the day on which it begins.",
            examples=[["22:00-07:00", "sat-sun 13:00-15:00"]],
        ),
    ] = ()
    urgent: Annotated[
        Callers,
        Meta(max_length=256, description="Whose calls sound all the same.", examples=[["gate"]]),
    ] = ()
    privacy_remote: Annotated[
        bool,
        Meta(description="Whether privacy may be switched off from elsewhere than the panel."),
    ] = False
