"""Our few messages to livekit's library are those of livekit's own protocol."""

import gc
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.rtc._proto import ffi_pb2

from intercom.audio import aec3
from intercom.audio.aec3 import DELAY, FAR, NEAR, NEW, Aec3, message

NUMBERS = st.integers(1, 2**31 - 1)
ADDRESSES = st.integers(1, 2**63 - 1)


@given(st.lists(st.booleans(), min_size=4, max_size=4))
def test_what_is_wanted_of_an_engine(flags: list[bool]) -> None:
    asked = ffi_pb2.FfiRequest.FromString(message(NEW, *flags)).new_apm
    found = (
        asked.echo_canceller_enabled,
        asked.gain_controller_enabled,
        asked.high_pass_filter_enabled,
        asked.noise_suppression_enabled,
    )
    assert found == tuple(flags)


@given(number=st.sampled_from([NEAR, FAR]), handle=ADDRESSES, place=ADDRESSES, size=NUMBERS, rate=NUMBERS)
def test_a_block_of_sound(number: int, handle: int, place: int, size: int, rate: int) -> None:
    asked = ffi_pb2.FfiRequest.FromString(message(number, handle, place, size, rate, 1))
    block = asked.apm_process_stream if number == NEAR else asked.apm_process_reverse_stream
    assert asked.WhichOneof("message") == f"apm_process_{'' if number == NEAR else 'reverse_'}stream"
    found = (block.apm_handle, block.data_ptr, block.size, block.sample_rate, block.num_channels)
    assert found == (handle, place, size, rate, 1)


@given(handle=ADDRESSES, delay_ms=st.integers(0, 500))
def test_the_delay_to_be_expected(handle: int, delay_ms: int) -> None:
    asked = ffi_pb2.FfiRequest.FromString(message(DELAY, handle, delay_ms)).apm_set_stream_delay
    assert (asked.apm_handle, asked.delay_ms) == (handle, delay_ms)


@given(ADDRESSES)
def test_the_handle_of_an_engine_is_read_from_the_answer(handle: int) -> None:
    answer = ffi_pb2.FfiResponse()
    answer.new_apm.apm.handle.id = handle
    assert aec3.handle_in(answer.SerializeToString()) == handle


@pytest.mark.parametrize("answer", [b"", b"\x8a\x03\x00", b"\x8a\x03\x06\x0a\x04\x12\x02\x08\x01", b"\x92\x03\x00"])
def test_another_answer_is_refused(answer: bytes) -> None:
    with pytest.raises(RuntimeError, match="does not answer as livekit"):
        aec3.handle_in(answer)


def test_what_the_library_says_is_wrong_is_told() -> None:
    engine = Aec3(echo=True, noise=False, level=False)
    engine._clean = message(NEAR, 2**40, 1, 960, 48_000, 1)
    with pytest.raises(RuntimeError):
        engine.clean(bytes(960), bytes(960))


def test_an_engine_that_is_let_go_is_freed() -> None:
    engine = Aec3(echo=True, noise=True, level=True)
    stale = engine._clean
    del engine
    gc.collect()
    other = Aec3(echo=False, noise=True, level=False)
    other._clean = stale
    with pytest.raises(RuntimeError):
        other.clean(bytes(960), bytes(960))


def test_of_livekits_python_nothing_is_imported() -> None:
    program = (
        "from intercom.audio.aec3 import Aec3\nAec3(echo=True, noise=True, level=True).clean(bytes(960), bytes(960))\n"
        "import sys\nprint(*[name for name in sys.modules if name.startswith(('livekit.', 'google'))])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    assert ran.stdout.strip() == ""
