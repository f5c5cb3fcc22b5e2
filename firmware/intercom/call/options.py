"""What a script may choose when it sets up a device."""

from dataclasses import dataclass

from intercom.call.ports import AudioConstraints, IceServer
from intercom.quality.thresholds import Threshold


@dataclass(frozen=True, slots=True)
class Options:
    """Setup options, with the defaults of the seed (Voice JS SDK v1, Device.setup).

    `enable_ringing_state`: surface `ringing`; off, early media counts as an answer.
    `enable_ice_restart`: a call whose media is lost is `reconnecting` until it is back or has failed.
    `allow_incoming_while_busy`: show further invites during a call.
    `ice_servers`: STUN and TURN servers in place of those of the settings.
    `codec_preferences`: codecs in the order to prefer them, of those that the settings allow.
    `max_average_bitrate`: of Opus, in place of that of the settings; ignored out of 6000 to 510 000 (RFC 7587).
    `force_aggressive_ice_nomination`: take the first path that works, to a far end that is ICE-lite too.
    `audio_constraints`: how the microphone is used in every call that does not say otherwise.
    `thresholds`: of the warnings about a call's quality, in place of those of the settings.
    `warnings`: tell of deprecated forms.
    """

    enable_ringing_state: bool = False
    enable_ice_restart: bool = False
    allow_incoming_while_busy: bool = False
    ice_servers: tuple[IceServer, ...] = ()
    codec_preferences: tuple[str, ...] = ()
    max_average_bitrate: int | None = None
    force_aggressive_ice_nomination: bool = False
    audio_constraints: AudioConstraints | None = None
    thresholds: tuple[Threshold, ...] = ()
    warnings: bool = True
