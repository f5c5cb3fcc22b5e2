"""Custom parameters on the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.call import parameters


@pytest.mark.parametrize(
    ("given_", "wire"),
    [
        ({}, ""),
        ({"To": "client:bob"}, "To=client%3Abob"),
        ({"a b": "x&y=z+1%"}, "a%20b=x%26y%3Dz%2B1%25"),
        ({"n": 123, "t": True, "nul": None}, "n=123&t=true&nul=null"),
        ({"k=&": "!'()*~-_."}, "k%3D%26=!'()*~-_."),
    ],
)
def test_parameters_go_out_as_the_sdk_writes_them(given_: dict[str, object], wire: str) -> None:
    assert parameters.encode(parameters.texts(given_)) == wire


@pytest.mark.parametrize(
    ("wire", "read"),
    [
        ("a=x+y", {"a": "x y"}),
        ("a%20b=c", {"a%20b": "c"}),
        ("a=1=2", {"a": "1"}),
        ("=v", {}),
        ("&&a=1&&", {"a": "1"}),
        ("a=1&a=2", {"a": "2"}),
        ("bad=%", {"bad": "%"}),
    ],
)
def test_parameters_come_in_as_the_sdk_reads_them(wire: str, read: dict[str, str]) -> None:
    assert parameters.decode(wire) == read


@given(st.text())
def test_nothing_that_arrives_raises(wire: str) -> None:
    parameters.decode(wire)
