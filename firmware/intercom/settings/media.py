"""The sections of sound: what is heard and said here, and how it travels."""

from typing import Annotated, Literal

from msgspec import Meta

from intercom.settings.kinds import IceUri, Secret, Section


class Audio(Section, frozen=True):
    """The microphone and the speaker."""

    capture: Annotated[str, Meta(min_length=1, description="ALSA PCM of the microphone; `arecord -L` names them.")] = (
        "default"
    )
    playback: Annotated[str, Meta(min_length=1, description="ALSA PCM of the speaker; `aplay -L` names them.")] = (
        "default"
    )
    profile: Annotated[
        Literal["auto", "normal", "low-delay", "light"],
        Meta(description="How much work sound may be; auto: what was measured at installation, else normal."),
    ] = "auto"
    period_ms: Annotated[
        int, Meta(ge=0, le=40, description="Length of one ALSA period, in ms; 0: as the profile has it.")
    ] = 0
    volume: Annotated[int, Meta(ge=0, le=100, description="Volume of the far end's voice, percent.")] = 100
    ring_volume: Annotated[int, Meta(ge=0, le=100, description="Volume of ringtone and tones, percent.")] = 60
    mic_gain_db: Annotated[float, Meta(ge=-20, le=30, description="How much louder the microphone is made, in dB.")] = (
        0.0
    )
    ringtone: Annotated[
        str,
        Meta(
            pattern=r"^(/[^\x00-\x1f\x7f-\x9f]*)?$",
            extra={"allowed": "an absolute path, or empty"},
            description="WAV file of the ringtone, plain PCM, of which 30 s are played; empty: the built-in one.",
        ),
    ] = ""
    echo: Annotated[
        Literal["auto", "aec3", "speex", "half-duplex", "off"],
        Meta(
            description="What keeps the speaker's sound from being sent back: WebRTC's AEC3, speexdsp, or a gate that "
            "lets the louder end speak; auto: the first of aec3 and speex that is installed."
        ),
    ] = "auto"
    noise: Annotated[bool, Meta(description="Take steady noise out of the microphone's sound.")] = False
    gain: Annotated[bool, Meta(description="Keep the microphone's level even by itself.")] = False


class Rtc(Section, frozen=True):
    """How sound travels."""

    codecs: Annotated[
        tuple[Literal["opus", "pcmu"], ...],
        Meta(min_length=1, max_length=2, description="Codecs that may be used, the best first."),
    ] = ("opus", "pcmu")
    bitrate: Annotated[
        int,
        Meta(ge=6_000, le=510_000, description="Bits a second of Opus, at most: what is sent, and what is asked for."),
    ] = 40_000
    packet_ms: Annotated[
        Literal[0, 10, 20], Meta(description="How much sound a packet holds, in ms; 0: as the profile has it.")
    ] = 0
    complexity: Annotated[
        int, Meta(ge=-1, le=10, description="How hard Opus works, 0 to 10; -1: as the profile has it.")
    ] = -1
    fec: Annotated[bool, Meta(description="Send each Opus packet's sound once more, coarser, in the next one.")] = True
    dtx: Annotated[bool, Meta(description="Send next to nothing while nobody speaks.")] = False
    ice_servers: Annotated[
        tuple[IceUri, ...],
        Meta(
            description="STUN and TURN servers for calls beyond this network; the first of each kind is used. "
            "None is needed within one network.",
            examples=[["stun:stun.example.org", "turn:turn.example.org:3478"]],
        ),
    ] = ()
    ice_username: Annotated[str, Meta(description="User name at the TURN server.")] = ""
    ice_credential: Annotated[Secret, Meta(description="Password at the TURN server.")] = ""
    ice_policy: Annotated[
        Literal["all", "relay"],
        Meta(description="relay: calls go through the TURN server alone, so that no address of this station is told."),
    ] = "all"
