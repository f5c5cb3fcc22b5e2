"""The section of the door: lock, contact, and who may open."""

from typing import Annotated, Literal

from msgspec import Meta

from intercom.settings.kinds import Identity, PinNumber, Section


class Door(Section, frozen=True):
    """The electric lock at this station; codes are kept apart (`intercom door code`)."""

    pin: Annotated[PinNumber | None, Meta(description="BCM number of the relay; left out: no door.", examples=[26])] = (
        None
    )
    active_high: Annotated[bool, Meta(description="Whether the relay pulls in when its pin is high.")] = True
    lock: Annotated[
        Literal["fail-secure", "fail-safe"],
        Meta(description="fail-secure: current opens. fail-safe: current locks, so that a power cut opens."),
    ] = "fail-secure"
    pulse_s: Annotated[float, Meta(ge=0.1, le=30, description="How long the lock is open, in seconds.")] = 3.0
    longest_s: Annotated[
        float, Meta(ge=0.1, le=60, description="The longest time it may be open, however often it is opened again.")
    ] = 10.0
    contact: Annotated[
        PinNumber | None,
        Meta(description="BCM number of the contact that is closed, to ground, while the door is.", examples=[4]),
    ] = None
    held_open_s: Annotated[
        int, Meta(ge=5, le=3600, description="How long the door may stand open before that is reported, in seconds.")
    ] = 60
    tamper: Annotated[
        PinNumber | None,
        Meta(description="BCM number of the contact that is closed, to ground, while the case is.", examples=[25]),
    ] = None
    allow: Annotated[
        tuple[Identity, ...],
        Meta(
            max_length=256, description="Who opens by the door button of a station in a call.", examples=[["kitchen"]]
        ),
    ] = ()
    inband: Annotated[
        bool, Meta(description="Whether a code may come as tones within the voice, which anybody near can imitate.")
    ] = False
