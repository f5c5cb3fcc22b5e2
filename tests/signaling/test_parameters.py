"""Custom parameters on the wire (vectors: what the Voice JS SDK v1 sends and reads)."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.signaling import parameters
from intercom.signaling.messages import TwilioParams
from tests.vectors.read import vectors

NAMES = st.text(st.characters(exclude_characters="&=+%", exclude_categories=["Cs"]), min_size=1)
VALUES = st.text(st.characters(exclude_categories=["Cs"]))


VECTORS = vectors("params")
UNDEFINED = "<undefined>"  # Python has none; in a text it reads as JavaScript writes it


@pytest.mark.parametrize("vector", VECTORS["encode"], ids=lambda vector: vector["wire_params"])
def test_parameters_go_out_as_the_sdk_writes_them(vector: dict[str, Any]) -> None:
    params = {name: "undefined" if value == UNDEFINED else value for name, value in vector["params_js"].items()}
    assert list(parameters.texts(params).items()) == [tuple(pair) for pair in vector["custom_parameters"]]
    assert parameters.encode(parameters.texts(params)) == vector["wire_params"]
    twilio = TwilioParams(params=vector["wire_params"])
    assert msgspec.to_builtins(twilio) == vector["twilio_member"]


@pytest.mark.parametrize("vector", VECTORS["decode"], ids=lambda vector: str(vector["query"]))
def test_parameters_come_in_as_the_sdk_reads_them(vector: dict[str, Any]) -> None:
    read = parameters.decode(vector["query"] or "")
    if "throws" in vector:  # the SDK loses the invite, we the broken escape
        assert read["bad"] in {"%", "\N{REPLACEMENT CHARACTER}"}
    else:
        assert read == vector["result"]


@pytest.mark.parametrize(("value", "text"), [(2.0, "2"), (0.5, "0.5"), ([1, None, [True]], "1,,true"), ((), "")])
def test_values_become_text_as_in_javascript(value: object, text: str) -> None:
    assert parameters.texts({"k": value}) == {"k": text}


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
