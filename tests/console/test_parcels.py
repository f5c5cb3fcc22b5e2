"""Chunks become the whole that was sent, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.console.parcels import CHUNK, Parcel, Parcels, digest
from intercom.errors import ConflictError, IntercomError

WHOLES = st.binary(min_size=1, max_size=3 * CHUNK)
CHUNKS = st.lists(st.tuples(st.integers(0, 3 * CHUNK), st.integers(1, CHUNK)), max_size=20)


@given(WHOLES, CHUNKS)
def test_chunks_in_any_order_doubled_or_missing_never_make_another_whole(
    whole: bytes, chunks: list[tuple[int, int]]
) -> None:
    parcel = Parcel(len(whole), digest(whole))
    for at, size in chunks:
        before = parcel.at
        parcel.take(at, whole[at : at + size])
        assert parcel.at == max(before, min(at + size, len(whole)) if at <= before else 0)
    if parcel.at < len(whole):
        with pytest.raises(ConflictError, match=f"Only {parcel.at} of {len(whole)} bytes are here"):
            parcel.opened()
    while parcel.at < len(whole):
        parcel.take(parcel.at, whole[parcel.at : parcel.at + CHUNK])
    assert parcel.opened() == whole


@given(WHOLES, st.data())
def test_a_whole_with_one_byte_altered_is_not_opened(whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole) - 1))
    altered = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    parcel = Parcel(len(whole), digest(whole))
    parcel.take(0, altered + b"more")
    with pytest.raises(IntercomError, match="What arrived is not what was sent"):
        parcel.opened()


def test_a_parcel_goes_on_where_it_broke_off_until_another_begins() -> None:
    parcels, whole = Parcels(), b"x" * 100
    assert parcels.begin(100, digest(whole)) == 0
    assert parcels.take(0, whole[:60]) == 60
    parcels.interrupt()
    with pytest.raises(ConflictError, match="No long request has begun"):
        parcels.take(60, whole[60:])
    assert parcels.begin(100, digest(whole)) == 60
    assert parcels.begin(99, digest(whole)) == 0
    assert parcels.begin(100, digest(whole)) == 0
    assert parcels.take(0, whole) == 100
    assert parcels.opened() == whole
    with pytest.raises(ConflictError, match="No long request has begun"):
        parcels.opened()


def test_what_was_altered_begins_from_its_first_byte_again() -> None:
    parcels, whole = Parcels(), b"x" * 10
    parcels.begin(10, digest(whole))
    parcels.take(0, b"y" * 10)
    with pytest.raises(IntercomError, match="What arrived is not what was sent"):
        parcels.opened()
    assert parcels.begin(10, digest(whole)) == 0
