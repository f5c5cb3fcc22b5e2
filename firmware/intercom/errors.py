"""Every failure that an operator can act on: one class per thing to do about it.

    IntercomError
    ├── SettingsError           the settings file can't be used        -> correct the lines it names
    ├── UsageError              a command was given wrong words        -> `help` shows the right ones
    ├── RefusedError            the caller may not do this             -> log in, or ask who may
    ├── ConflictError           not in the state the command needs     -> look at `intercom status`
    ├── NoAnswerError           the station or exchange is not there   -> start it, check the address
    ├── PortInUseError          another program listens there          -> stop it or choose another port
    ├── AudioError              the sound card can't be used
    │   ├── AudioMissingError       no such PCM                        -> `arecord -L` names them
    │   ├── AudioBusyError          another program holds it           -> `fuser -v /dev/snd/*` names it
    │   ├── AudioDeniedError        this user may not use it           -> join the group `audio`
    │   └── AudioFormatError        it can't do what is needed         -> use a `plughw:` name
    ├── PinError                the pins can't be used                 -> rights, wiring, other programs
    ├── DoorError               the lock can't be opened               -> `intercom status` says why
    ├── SerialError             the serial port can't be used          -> rights, cable, other programs
    ├── WifiError               the Wi-Fi can't be used or joined      -> password, reach, NetworkManager
    ├── MediaError              no sound can flow between the two ends
    ├── TokenError              an access token is not good            -> mint a new one
    └── ProtocolError
        ├── LocalProtocolError      we would break the protocol: our bug
        └── RemoteProtocolError     the far end broke it

The message is one sentence that names what is wrong, the hint one sentence that names the next step;
`str()` gives both.  A message never quotes what came over a wire: it may hold a secret.
"""

from typing import ClassVar


class IntercomError(Exception):
    """A failure with a cause and a next step, both for people; `exit_code` is what the command line ends with."""

    hint: str = ""
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or type(self).hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class SettingsError(IntercomError):
    """A settings file or value that can't be used; the message holds one line per error."""

    exit_code = 2


class UsageError(IntercomError):
    """A command that was given the wrong words."""

    exit_code = 2
    hint = "Type `help` for the commands and their words."


class RefusedError(IntercomError):
    """The caller has no right to do this."""

    exit_code = 3


class ConflictError(IntercomError):
    """The station is not in a state in which this can be done."""

    exit_code = 4
    hint = "`intercom status` shows the state it is in."


class NoAnswerError(IntercomError):
    """Nobody answers where the station or the exchange should be."""

    exit_code = 5


class PortInUseError(IntercomError):
    """Another program listens at this address."""

    hint = "Stop that program (`ss -ltnp` names it) or choose another port."


class AudioError(IntercomError):
    """A PCM that can't be used."""


class AudioMissingError(AudioError):
    """There is no such PCM."""

    hint = "Run `arecord -L` and `aplay -L`, and set audio.capture and audio.playback to names they print."


class AudioBusyError(AudioError):
    """Another program holds the PCM."""

    hint = "Close the program that `fuser -v /dev/snd/*` names, or choose another PCM."


class AudioDeniedError(AudioError):
    """The PCM may not be used by this user."""

    hint = "Add the user to the group `audio` (`usermod -aG audio NAME`), then log in again."


class AudioFormatError(AudioError):
    """The PCM offers no rate, channel count or sample format that we can use."""

    hint = "Use its `plughw:` name, which converts."


class PinError(IntercomError):
    """The GPIO pins can't be used."""


class DoorError(IntercomError):
    """The lock can't be opened."""

    hint = "`intercom status` shows the door."


class SerialError(IntercomError):
    """The serial port can't be used."""


class WifiError(IntercomError):
    """The Wi-Fi can't be used, or a network not be joined."""


class MediaError(IntercomError):
    """No sound can flow between the two ends of the call."""


class TokenError(IntercomError):
    """An access token is malformed, expired, not signed by a known key, or not allowed to do this.

    `code` is the Twilio error code that the wire carries: 31201, 31204 or 31205.
    """

    hint = "Mint a new one with `intercom token`."

    def __init__(self, message: str, hint: str = "", *, code: int) -> None:
        super().__init__(message, hint)
        self.code = code


class ProtocolError(IntercomError):
    """A rule of a protocol was broken."""


class LocalProtocolError(ProtocolError):
    """We would break the protocol: a mistake in this program or in a script that uses it."""


class RemoteProtocolError(ProtocolError):
    """The far end broke the protocol; the message never quotes what it sent."""
