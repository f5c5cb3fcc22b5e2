"""Debian's libopus by ctypes, which lets go of the GIL: 1.3.1 to 1.5 (opus.h, opus_defines.h).

A state lies in memory of Python's, so that nothing needs to be given back.
"""

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_int16, c_int32, c_void_p
from functools import cache
from typing import Any

from intercom.errors import MediaError

SONAME = "libopus.so.0"
VOIP, LOW_DELAY, VOICE = 2048, 2051, 3001
SET_BITRATE, SET_COMPLEXITY, SET_IN_BAND_FEC, SET_PACKET_LOSS, SET_DTX, SET_SIGNAL = 4002, 4010, 4012, 4014, 4016, 4024
GET_LOOK_AHEAD = 4027
MOST_FRAMES = 48  # of 2.5 ms, in one packet

# Each function, and what it takes; all return an int.  `*_ctl` take one more, as the request has it.
FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "opus_encoder_get_size": (c_int,),
    "opus_encoder_init": (c_void_p, c_int32, c_int, c_int),
    "opus_encoder_ctl": (c_void_p, c_int),
    "opus_encode": (c_void_p, c_char_p, c_int, c_void_p, c_int32),
    "opus_decoder_get_size": (c_int,),
    "opus_decoder_init": (c_void_p, c_int32, c_int),
    "opus_decode": (c_void_p, c_char_p, c_int32, c_void_p, c_int, c_int),
    "opus_packet_parse": (c_char_p, c_int32, c_void_p, c_void_p, POINTER(c_int16), POINTER(c_int)),
}


@cache
def library() -> ctypes.CDLL:
    """Return libopus; raises MediaError where there is none."""
    return load(SONAME)


def load(name: str) -> ctypes.CDLL:
    """Return the library of that name or path; raises MediaError where there is none that does."""
    try:
        found = ctypes.CDLL(name)
        for function, takes in FUNCTIONS.items():
            getattr(found, function).argtypes = takes
    except (OSError, AttributeError) as error:
        raise MediaError(f"The Opus codec is missing: {error}.", "Run `apt-get install libopus0`.") from error
    return found


def checked(result: int) -> int:
    """Return what a function of libopus gave; raises MediaError where that is one of its errors, which are negative."""
    if result < 0:
        raise MediaError(f"libopus refuses what it was asked for (its error {result}).", "Look at the settings of rtc.")
    return result
