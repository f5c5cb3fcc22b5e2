"""Whether what comes by a line is text at all: a wrong baud rate, or a bad cable, makes other bytes of it.  Pure."""

import unicodedata

LOOKED_AT, LEAST = 64, 16  # bytes
MOST_SHARE = 0.2  # simulated lines at a wrong rate have 0.29 and more, people's terminals next to none

_KEYS = "\x03\b\t\n\r\x15\x1b\x7f"
_BINARY = b"IMPROV\x01"  # how Improv's frames begin


def is_noise(heard: bytes) -> bool:
    """Whether the last of these bytes, if they are enough to tell, come from no terminal and no program."""
    tail = heard[-LOOKED_AT:]
    if len(tail) < LEAST or _BINARY in heard:
        return False
    text = tail.decode(errors="replace")
    return sum(map(_is_odd, text)) > MOST_SHARE * len(text)


def _is_odd(letter: str) -> bool:
    return letter == "\ufffd" or (unicodedata.category(letter) in {"Cc", "Cn", "Co"} and letter not in _KEYS)
