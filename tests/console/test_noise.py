"""Noise is told from text: what a UART at a wrong rate makes of it, sample by sample."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.console.noise import LEAST, is_noise

RATES = (9600, 19200, 38400, 57600, 115200, 230400)
TYPED = b"status\rshow audio.volume\rset call.to hall\rlog follow\rhelp\r" * 5
PRINTED = b"hall> \r\nstation         hall, ready\r\ncall            none\r\n" * 5


def sent(text: bytes) -> list[int]:
    """The levels of a line, a bit each: a start bit, eight bits, a stop bit."""
    return [bit for byte in text for bit in (0, *(byte >> index & 1 for index in range(8)), 1)]


def received(levels: list[int], *, sent_at: int, read_at: int) -> bytes:
    """What a UART reads of these levels: it looks at the middle of each bit, and waits for a low level to begin."""

    def level(seconds: float) -> int:
        index = int(seconds * sent_at)
        return levels[index] if index < len(levels) else 1

    heard, now, end = bytearray(), 0.0, len(levels) / sent_at
    while now < end:
        if level(now) == 0 and level(now + 0.5 / read_at) == 0:
            heard.append(sum(level(now + (1.5 + index) / read_at) << index for index in range(8)))
            now += 9.5 / read_at
            while level(now) == 0 and now < end:  # a stop bit that is none
                now += 0.1 / read_at
        else:
            now += 0.1 / read_at
    return bytes(heard)


@pytest.mark.parametrize("text", [TYPED, PRINTED])
@pytest.mark.parametrize("sent_at", RATES)
@pytest.mark.parametrize("read_at", RATES)
def test_text_at_a_wrong_rate_is_noise_and_at_the_right_one_is_not(text: bytes, sent_at: int, read_at: int) -> None:
    heard = received(sent(text), sent_at=sent_at, read_at=read_at)
    assert (heard == text) is (sent_at == read_at)
    if len(heard) >= LEAST:
        assert is_noise(heard) is (sent_at != read_at)


@given(st.text(st.characters(blacklist_categories=["C"])).map(str.encode))
def test_no_text_in_any_tongue_is_noise(text: bytes) -> None:
    assert not is_noise(text)


@pytest.mark.parametrize(
    "keys",
    [
        b"\x1b[A\x1b[B\x1b[C\x1b[D" * 4,
        b"set a\x7f\x7f\x7f\b\b\x15set audio.volume\t\r\n\x03",
        b"AT\r\nAT+GMI\r\n" * 3,
        b"IMPROV\x01\x03\x02\x02\x00\xe5\n" * 3,
    ],
)
def test_keys_probes_and_frames_of_improv_are_none(keys: bytes) -> None:
    assert not is_noise(keys)


def test_a_few_bytes_are_too_little_to_tell() -> None:
    assert not is_noise(b"\xff" * (LEAST - 1))
    assert is_noise(b"\xff" * LEAST)
