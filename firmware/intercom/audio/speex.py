"""speexdsp (Debian's libspeexdsp1): echo canceller, residual echo and noise suppressor, gain control; at 16 kHz.

Gentler to the near end than AEC3, but for one clock only: where microphone and speaker drift apart it loses the echo.
"""

import ctypes
import functools
import weakref

from intercom.audio.frames import SAMPLE_BYTES

FILE = "libspeexdsp.so.1"
ABSENT = "speexdsp is not installed (Debian package libspeexdsp1)."

RATE_HZ = 16_000
BLOCK_SAMPLES = RATE_HZ // 100
TAIL_MS = 128

# Of speex_echo.h and speex_preprocess.h.
ECHO_SAMPLING_RATE = 24
DENOISE, AGC, NOISE_SUPPRESS, ECHO_STATE = 0, 2, 18, 24

NOISE_DB = -15


class Speex:
    """One microphone's canceller and what follows it, as asked for; blocks of 10 ms at 16 kHz.

    The constructor raises ImportError where the library is not there.
    """

    name = "speex"
    reach_ms = 30
    smooths = True

    def __init__(self, *, echo: bool, noise: bool, level: bool) -> None:
        self._library = library()
        self._echo = self._library.speex_echo_state_init(BLOCK_SAMPLES, RATE_HZ * TAIL_MS // 1000) if echo else None
        self._finish = self._library.speex_preprocess_state_init(BLOCK_SAMPLES, RATE_HZ)
        weakref.finalize(self, self._library.speex_preprocess_state_destroy, self._finish)
        self._cleaned = ctypes.create_string_buffer(BLOCK_SAMPLES * SAMPLE_BYTES)
        if self._echo:
            weakref.finalize(self, self._library.speex_echo_state_destroy, self._echo)
            self._library.speex_echo_ctl(self._echo, ECHO_SAMPLING_RATE, ctypes.byref(ctypes.c_int(RATE_HZ)))
            self._library.speex_preprocess_ctl(self._finish, ECHO_STATE, self._echo)
        # Without DENOISE not even the rest of the echo is suppressed.
        for control, value in ((DENOISE, 1), (NOISE_SUPPRESS, NOISE_DB if noise else 0), (AGC, int(level))):
            self._library.speex_preprocess_ctl(self._finish, control, ctypes.byref(ctypes.c_int(value)))

    def clean(self, near: bytes, far: bytes) -> bytes:
        if self._echo:
            self._library.speex_echo_cancellation(self._echo, near, far, self._cleaned)
        else:
            self._cleaned.raw = near
        self._library.speex_preprocess_run(self._finish, self._cleaned)
        return self._cleaned.raw


@functools.cache
def library() -> ctypes.CDLL:
    """Load the library, once in a process; raises ImportError."""
    try:
        opened = ctypes.CDLL(FILE)
    except OSError as error:
        raise ImportError(ABSENT) from error
    place, number, sound = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    opened.speex_echo_state_init.restype = opened.speex_preprocess_state_init.restype = place
    for function, arguments in (
        (opened.speex_echo_ctl, (place, number, place)),
        (opened.speex_echo_cancellation, (place, sound, sound, place)),
        (opened.speex_echo_state_destroy, (place,)),
        (opened.speex_preprocess_ctl, (place, number, place)),
        (opened.speex_preprocess_run, (place, place)),
        (opened.speex_preprocess_state_destroy, (place,)),
    ):
        function.argtypes = arguments
    return opened
