"""WebRTC's audio processing, echo canceller AEC3 and all, as the package `livekit` carries it.

Of that package its library alone is loaded: with its Python it would take 15 MiB, not 9, and 40 us a block more.
The library takes and gives protocol buffers; the four messages here are those of livekit 1.2's `audio_frame.proto`.
"""

import ctypes
import functools
import importlib.util
import re
import weakref
from pathlib import Path

from intercom.audio.frames import RATE, SAMPLE_BYTES

ABSENT = "livekit is not installed (intercom's extra `processing`)."
STRANGE = "livekit's library does not answer as livekit 1.2 does."

NEW, NEAR, FAR, DELAY = 50, 51, 52, 53  # numbers of the messages in FfiRequest
NEW_ONE = re.compile(rb"\x8a\x03.\n.\n.\x08(.{1,9})", re.DOTALL)  # FfiResponse.new_apm.apm.handle.id

BLOCK_BYTES = RATE // 100 * SAMPLE_BYTES
EXPECTED_DELAY_MS = 10


class Aec3:
    """One microphone's canceller, noise suppressor and gain control, as asked for; blocks of 10 ms at 48 kHz.

    The constructor raises ImportError where the library is not there, RuntimeError where it is not the one we know.
    """

    name = "aec3"
    reach_ms = 200
    smooths = True

    def __init__(self, *, echo: bool, noise: bool, level: bool) -> None:
        self._library = library()
        handle = handle_in(self._ask(message(NEW, echo, level, echo or noise, noise)))
        weakref.finalize(self, self._library.livekit_ffi_drop_handle, handle)
        self._block = ctypes.create_string_buffer(BLOCK_BYTES)
        frame = (handle, ctypes.addressof(self._block), BLOCK_BYTES, RATE, 1)
        self._clean, self._hear = message(NEAR, *frame), message(FAR, *frame)
        self._cancels = echo
        if echo:
            self._do(message(DELAY, handle, EXPECTED_DELAY_MS))

    def clean(self, near: bytes, far: bytes) -> bytes:
        if self._cancels:
            self._block.raw = far
            self._do(self._hear)
        self._block.raw = near
        self._do(self._clean)
        return self._block.raw

    def _do(self, request: bytes) -> None:
        """Ask for what is answered with an error or nothing."""
        answer = self._ask(request)
        if len(answer) > 3:
            raise RuntimeError(answer[5:].decode(errors="replace"))

    def _ask(self, request: bytes) -> bytes:
        place, length = ctypes.c_void_p(), ctypes.c_size_t()
        handle = self._library.livekit_ffi_request(request, len(request), ctypes.byref(place), ctypes.byref(length))
        if not handle:
            raise RuntimeError(STRANGE)
        answer = ctypes.string_at(place, length.value)
        self._library.livekit_ffi_drop_handle(handle)
        return answer


@functools.cache
def library() -> ctypes.CDLL:
    """Load the library, once in a process; raises ImportError."""
    package = importlib.util.find_spec("livekit")
    folders = (package and package.submodule_search_locations) or ()
    files = [path for folder in folders if (path := Path(folder, "rtc/resources/liblivekit_ffi.so")).exists()]
    if not files:
        raise ImportError(ABSENT)
    try:
        opened = ctypes.CDLL(str(files[0]))
    except OSError as error:
        raise ImportError(f"livekit's library can't be loaded: {error}.") from error
    size = ctypes.c_size_t
    ask, drop = opened.livekit_ffi_request, opened.livekit_ffi_drop_handle
    ask.argtypes = [ctypes.c_char_p, size, ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(size)]
    ask.restype = ctypes.c_uint64
    drop.argtypes, drop.restype = [ctypes.c_uint64], ctypes.c_bool
    return opened


def message(number: int, *values: int) -> bytes:
    """Return one message in an FfiRequest, its fields 1, 2, ... being these numbers."""
    body = b"".join(_varint(field << 3) + _varint(value) for field, value in enumerate(values, 1))
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def handle_in(answer: bytes) -> int:
    """Return the handle of the engine that was made; raises RuntimeError."""
    found = NEW_ONE.fullmatch(answer)
    if not found:
        raise RuntimeError(STRANGE)
    return sum((byte & 0x7F) << 7 * place for place, byte in enumerate(found[1]))


def _varint(number: int) -> bytes:
    """Return seven bits a byte, the lowest first."""
    low = []
    while number > 0x7F:
        low.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*low, number])
