"""Custom parameters on the wire (vectors: what the Voice JS SDK v1 sends and reads)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.signaling import parameters

NAMES = st.text(st.characters(exclude_characters="&=+%", exclude_categories=["Cs"]), min_size=1)
VALUES = st.text(st.characters(exclude_categories=["Cs"]))


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


@pytest.mark.parametrize(
    ("query", "to", "params"),
    [
        ("", "", ""),
        ("To=client%3Abob", "client:bob", ""),
        ("To=bob&a%20b=x%26y%3Dz%2B1%25", "bob", "a b=x%26y%3Dz%2B1%25"),
        ("n=123&t=true&nul=null", "", "n=123&t=true&nul=null"),
        ("k=%E6%88%91", "", "k=%E6%88%91"),
        ("k%3D%26=!'()*~-_.", "", "k%3D%26=!'()*~-_."),
        ("e=&nl=a%0D%0Ab%09", "", "e=&nl=a%0D%0Ab%09"),
        ("&&a=1&&=v&b", "", "a=1&b="),
        ("bad=%&worse=%E6%88", "", "bad=%25&worse=%EF%BF%BD"),
    ],
)
def test_names_go_on_bare_and_values_escaped(query: str, to: str, params: str) -> None:
    assert parameters.split(query) == (to, params)


@given(st.dictionaries(NAMES.filter(lambda name: name != "To"), VALUES))
def test_what_a_caller_sends_through_an_exchange_is_what_the_callee_reads(sent: dict[str, str]) -> None:
    to, params = parameters.split(parameters.encode({"To": "bob", **sent}))
    assert (to, parameters.decode(params)) == ("bob", sent)
