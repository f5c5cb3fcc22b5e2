"""The caller's parameters on their way to the callee (vectors: what the Voice JS SDK v1 sends and reads)."""

from urllib.parse import quote, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.exchange import parameters

NAMES = st.text(st.characters(exclude_characters="&=+%", exclude_categories=["Cs"]), min_size=1)
VALUES = st.text(st.characters(exclude_categories=["Cs"]))


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
def test_what_was_sent_is_what_an_sdk_reads(sent: dict[str, str]) -> None:
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sent.items())
    _, params = parameters.split(query)
    pairs = (pair.split("=") for pair in params.split("&") if pair)
    assert {pair[0]: unquote_plus(pair[1]) for pair in pairs} == sent


@given(st.text())
def test_any_text_is_taken(query: str) -> None:
    parameters.split(query)
