"""The one door to libasound, by ctypes: as much of it as two streams of 16-bit sound need.

Not by pyalsaaudio: that can't say when to be woken, loses ALSA's error numbers, and holds the interpreter while a card
is opened or closed, which a wedged USB card makes take seconds.  No call here does.
"""

import contextlib
import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from dataclasses import dataclass
from enum import IntEnum
from types import SimpleNamespace
from typing import Any

from intercom.audio.frames import SAMPLE_BYTES

RW_INTERLEAVED = 3
S16_LE = 2

_SIZE, _NUMBER = POINTER(c_ulong), POINTER(c_uint)
_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "open": (POINTER(c_void_p), c_char_p, c_int, c_int),
    "close": (c_void_p,),
    "hw_params_any": (c_void_p, c_char_p),
    "hw_params_set_access": (c_void_p, c_char_p, c_int),
    "hw_params_set_format": (c_void_p, c_char_p, c_int),
    "hw_params_set_channels_near": (c_void_p, c_char_p, _NUMBER),
    "hw_params_set_rate_near": (c_void_p, c_char_p, _NUMBER, POINTER(c_int)),
    "hw_params_set_period_size_near": (c_void_p, c_char_p, _SIZE, POINTER(c_int)),
    "hw_params_set_buffer_size_near": (c_void_p, c_char_p, _SIZE),
    "hw_params": (c_void_p, c_char_p),
    "sw_params_current": (c_void_p, c_char_p),
    "sw_params_set_avail_min": (c_void_p, c_char_p, c_ulong),
    "sw_params": (c_void_p, c_char_p),
    "prepare": (c_void_p,),
    "drop": (c_void_p,),
    "delay": (c_void_p, POINTER(c_long)),
    "wait": (c_void_p, c_int),
    "readi": (c_void_p, c_char_p, c_ulong),
    "writei": (c_void_p, c_char_p, c_ulong),
}


def _checked(result: Any, *_: object) -> Any:
    if result < 0:
        raise OSError(-result, _LIBRARY.snd_strerror(result).decode())
    return result


def _bound(name: str, arguments: tuple[Any, ...]) -> Any:
    function = _LIBRARY[f"snd_pcm_{name}"]
    function.argtypes, function.restype, function.errcheck = arguments, c_int, _checked
    return function


_LIBRARY = ctypes.CDLL("libasound.so.2")
_LIBRARY.snd_strerror.restype = c_char_p
_ALSA = SimpleNamespace(**{name: _bound(name, arguments) for name, arguments in _ARGUMENTS.items()})


def quieten() -> None:
    """Stop libasound from writing to stderr: what it can't open is in our words in status and log.

    getpid() is the C function that does nothing, whatever it is given; Python has none with variable arguments.
    """
    _LIBRARY.snd_lib_error_set_handler(ctypes.cast(ctypes.CDLL(None).getpid, c_void_p))


class Direction(IntEnum):
    """Which way sound flows; the name is that of our thread and of its side in `status`."""

    PLAYBACK = 0
    CAPTURE = 1

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Shape:
    """What a card agreed to; period and buffer in samples of one channel."""

    rate: int
    channels: int
    period: int
    buffer: int

    @property
    def period_ms(self) -> float:
        """How long a period is."""
        return self.period * 1000 / self.rate

    @property
    def buffer_ms(self) -> float:
        """How much sound the buffer holds."""
        return self.buffer * 1000 / self.rate


class Pcm:
    """An open PCM, used by one thread; every method may raise OSError with ALSA's error number.

    EPIPE is an xrun, ESTRPIPE a suspend (`prepare` ends either), ENODEV a card that is gone.
    """

    def __init__(self, name: str, direction: Direction, *, rate: int, period: int, buffer: int) -> None:
        """Open it and agree on what is nearest to mono at `rate`, with these sizes in samples."""
        handle = c_void_p()
        _ALSA.open(byref(handle), name.encode(), direction, 0)
        self._handle = handle.value
        try:
            self.shape = self._agree(rate, period, buffer)
        except OSError:
            self.close()
            raise
        self._bytes = ctypes.create_string_buffer(self.shape.period * self.shape.channels * SAMPLE_BYTES)

    def close(self) -> None:
        """Close it without playing what is in the buffer: that could wait for a card that is gone."""
        with contextlib.suppress(OSError):
            _ALSA.drop(self._handle)
        with contextlib.suppress(OSError):
            _ALSA.close(self._handle)

    def prepare(self) -> None:
        """Empty the buffer and stop; the next read or write starts it."""
        _ALSA.prepare(self._handle)

    def read(self) -> bytes:
        """Wait for a period and return it."""
        length = _ALSA.readi(self._handle, self._bytes, self.shape.period)
        return self._bytes.raw[: length * self.shape.channels * SAMPLE_BYTES]

    def write(self, pcm: bytes) -> None:
        """Play this after what is in the buffer; waits only where there is no room."""
        _ALSA.writei(self._handle, pcm, len(pcm) // (self.shape.channels * SAMPLE_BYTES))

    def wait(self, timeout_ms: int) -> bool:
        """Wait until there is as much room as `wake_at` says; False: not within that time."""
        return bool(_ALSA.wait(self._handle, timeout_ms))

    def wake_at(self, room: int) -> None:
        """From now on let `wait` wait for room for that many samples."""
        params = ctypes.create_string_buffer(_LIBRARY.snd_pcm_sw_params_sizeof())
        _ALSA.sw_params_current(self._handle, params)
        _ALSA.sw_params_set_avail_min(self._handle, params, room)
        _ALSA.sw_params(self._handle, params)

    def delay(self) -> int:
        """Return after how many samples one that is written now is heard, as far as ALSA knows."""
        delay = c_long()
        _ALSA.delay(self._handle, byref(delay))
        return delay.value

    def _agree(self, rate: int, period: int, buffer: int) -> Shape:
        handle, params = self._handle, ctypes.create_string_buffer(_LIBRARY.snd_pcm_hw_params_sizeof())
        channels_near, rate_near, period_near, buffer_near = c_uint(1), c_uint(rate), c_ulong(period), c_ulong(buffer)
        _ALSA.hw_params_any(handle, params)
        _ALSA.hw_params_set_access(handle, params, RW_INTERLEAVED)
        _ALSA.hw_params_set_format(handle, params, S16_LE)
        _ALSA.hw_params_set_channels_near(handle, params, byref(channels_near))
        _ALSA.hw_params_set_rate_near(handle, params, byref(rate_near), None)
        _ALSA.hw_params_set_period_size_near(handle, params, byref(period_near), None)
        _ALSA.hw_params_set_buffer_size_near(handle, params, byref(buffer_near))
        _ALSA.hw_params(handle, params)
        return Shape(rate_near.value, channels_near.value, period_near.value, buffer_near.value)
