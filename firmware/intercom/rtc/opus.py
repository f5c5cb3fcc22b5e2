"""Opus, coded by libopus (RFC 6716; RTP: RFC 7587): one channel, 48 kHz."""

import ctypes
from typing import ClassVar

import numpy as np

from intercom.audio.frames import RATE, SAMPLE_BYTES
from intercom.rtc import libopus
from intercom.rtc.coding import GRAIN, Samples, Sending
from intercom.rtc.libopus import checked
from intercom.rtc.redundancy import Expectation, least_percent

MOST_BYTES = 1276  # of a packet of one frame
MOST_SAMPLES = 5_760  # 120 ms
DTX_BYTES = 2  # up to these a packet holds no sound
APPLICATIONS = {"voip": libopus.VOIP, "lowdelay": libopus.LOW_DELAY}

# Samples of one frame, by the first five bits of a packet (RFC 6716, table 2): SILK, hybrid, CELT.
FRAMES = (480, 960, 1920, 2880) * 3 + (480, 960) * 2 + (120, 240, 480, 960) * 4
FIRST_CELT, STEREO, CODE, COUNT = 16, 0x04, 0x03, 0x3F
SILK_SAMPLES = 960  # longer frames are made of several of SILK


class Encoder:
    """Variable bit rate, for voices; `lowdelay` has no FEC, as CELT alone repeats nothing."""

    rate_hz: ClassVar[int] = RATE

    def __init__(self, how: Sending) -> None:
        """Raises MediaError where libopus is missing, or refuses."""
        library = libopus.library()
        self._state = ctypes.create_string_buffer(checked(library.opus_encoder_get_size(1)))
        checked(library.opus_encoder_init(self._state, RATE, 1, APPLICATIONS[how.application]))
        self._encode, self._control = library.opus_encode, library.opus_encoder_ctl
        self._packet = ctypes.create_string_buffer(MOST_BYTES)
        self._frame_bytes = RATE * how.packet_ms // 1000 * SAMPLE_BYTES
        self._is_silent = False
        self._expectation = Expectation(
            least_percent(bitrate=how.bitrate, complexity=how.complexity, packet_ms=how.packet_ms) if how.fec else 0
        )
        self._percent = self._expectation.percent
        for request, value in (
            (libopus.SET_BITRATE, how.bitrate),
            (libopus.SET_COMPLEXITY, how.complexity),
            (libopus.SET_SIGNAL, libopus.VOICE),
            (libopus.SET_IN_BAND_FEC, how.fec),
            (libopus.SET_PACKET_LOSS, self._percent),
            (libopus.SET_DTX, how.dtx),
        ):
            self._set(request, value)

    @property
    def look_ahead_ms(self) -> float:
        samples = ctypes.c_int32()
        checked(self._control(self._state, libopus.GET_LOOK_AHEAD, ctypes.byref(samples)))
        return samples.value * 1000 / RATE

    def encode(self, pcm: bytes) -> bytes:
        """Return a packet; raises ValueError for another length than one holds.

        Of the packets without sound (DTX) only the first of a row is worth sending: it tells the far end.
        """
        if len(pcm) != self._frame_bytes:
            raise ValueError(f"a packet holds {self._frame_bytes} bytes of sound")
        if self._percent != self._expectation.percent:
            self._percent = self._expectation.percent
            self._set(libopus.SET_PACKET_LOSS, self._percent)
        size = checked(self._encode(self._state, pcm, len(pcm) // SAMPLE_BYTES, self._packet, MOST_BYTES))
        was_silent, self._is_silent = self._is_silent, size <= DTX_BYTES
        return b"" if was_silent and self._is_silent else self._packet.raw[:size]

    def adapt(self, *, loss: float) -> None:
        self._expectation.reported(loss)

    def _set(self, request: int, value: int) -> None:
        checked(self._control(self._state, request, ctypes.c_int32(value)))


class Decoder:
    """Takes what any far end sends: stereo too, and packets of 2.5 to 120 ms."""

    rate_hz: ClassVar[int] = RATE

    def __init__(self) -> None:
        """Raises MediaError where libopus is missing."""
        library = libopus.library()
        self._state = ctypes.create_string_buffer(checked(library.opus_decoder_get_size(1)))
        checked(library.opus_decoder_init(self._state, RATE, 1))
        self._decode = library.opus_decode
        self._sound = np.empty(MOST_SAMPLES, np.int16)
        self._address = self._sound.ctypes.data
        self._was_celt = False

    def duration(self, payload: bytes) -> int:
        """Tell it by the first byte or two, RFC 6716, section 3; what follows may be junk still."""
        count = _count(payload)
        if not 0 < (samples := count and count * _frame_samples(payload)) <= MOST_SAMPLES:
            raise ValueError("an Opus packet holds 2.5 to 120 ms")
        return samples

    def decode(self, payload: bytes) -> Samples:
        if not payload:
            raise ValueError("an Opus packet has at least one byte")
        sound = self._run(payload, MOST_SAMPLES)
        self._was_celt = _is_celt(payload)
        return sound

    def recover(self, following: bytes, samples: int) -> Samples | None:
        """Do it where the packet holds the sound twice (LBRR); what of the loss is longer than that is concealed."""
        if self._was_celt or not repeats(following) or samples < (repeated := _frame_samples(following)):
            return None
        return np.concatenate((self.conceal(samples - repeated), self._run(following, repeated, is_lost=True)))

    def conceal(self, samples: int) -> Samples:
        whole = -(-samples // GRAIN) * GRAIN
        parts = [self._run(None, min(whole - at, MOST_SAMPLES)) for at in range(0, whole, MOST_SAMPLES)]
        return np.concatenate([self._sound[:0], *parts])[:samples]

    def _run(self, payload: bytes | None, most: int, *, is_lost: bool = False) -> Samples:
        """Decode a packet, of at most so many samples; `is_lost`: what it repeats; without one, go on."""
        size = len(payload) if payload else 0
        samples = self._decode(self._state, payload, size, self._address, most, is_lost)
        if samples < 0:
            raise ValueError(f"libopus can't decode that (its error {samples})")
        return self._sound[:samples].copy()


def repeats(payload: bytes) -> bool:
    """Tell whether a packet holds the sound of the one before once more (RFC 6716, section 4.2.4); junk does not."""
    if not payload or _is_celt(payload):
        return False
    sizes, begin = (ctypes.c_int16 * libopus.MOST_FRAMES)(), ctypes.c_int()
    frames = libopus.library().opus_packet_parse(payload, len(payload), None, None, sizes, ctypes.byref(begin))
    if frames < 1 or not sizes[0]:
        return False
    # From the highest bit on, for each channel: whether each 20 ms hold a voice, then what is asked for.
    voices = max(_frame_samples(payload) // SILK_SAMPLES, 1)
    asked = 1 << 7 - voices
    if payload[0] & STEREO:
        asked |= 1 << 6 - 2 * voices
    return bool(payload[begin.value] & asked)


def _count(payload: bytes) -> int:
    """Return how many frames a packet says it holds, 0 where it does not say."""
    match payload[:1] and payload[0] & CODE:
        case 0:
            return 1
        case 1 | 2:
            return 2
        case 3 if len(payload) > 1:
            return payload[1] & COUNT
        case _:
            return 0


def _frame_samples(payload: bytes) -> int:
    return FRAMES[payload[0] >> 3]


def _is_celt(payload: bytes) -> bool:
    return payload[0] >> 3 >= FIRST_CELT
