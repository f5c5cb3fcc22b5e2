"""What a script may choose when it sets up a device."""

from dataclasses import dataclass

from intercom.call.ports import AudioConstraints


@dataclass(frozen=True, slots=True)
class Options:
    """Setup options, with the defaults of the seed (Voice JS SDK v1, Device.setup).

    `enable_ringing_state`: surface `ringing`; off, early media counts as an answer.
    `enable_ice_restart`: a call whose media is lost is `reconnecting` until it is back or has failed.
    `allow_incoming_while_busy`: show further invites during a call.
    `audio_constraints`: how the microphone is used in every call that does not say otherwise.
    `warnings`: tell of deprecated forms.
    """

    enable_ringing_state: bool = False
    enable_ice_restart: bool = False
    allow_incoming_while_busy: bool = False
    audio_constraints: AudioConstraints | None = None
    warnings: bool = True
