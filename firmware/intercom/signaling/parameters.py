"""Custom parameters on the wire (Voice JS SDK v1: `invite.twilio.params` out, `parameters.Params` in).  Pure.

An SDK escapes names and values, and reads escapes in values only; so the exchange passes names on bare.
"""

from collections.abc import Mapping
from urllib.parse import quote, unquote_plus

UNESCAPED = "!~*'()"  # besides letters, digits and -_. as encodeURIComponent leaves them


def texts(params: Mapping[str, object]) -> dict[str, str]:
    """Return names and values as text, in their order; values as JavaScript writes them."""
    return {str(name): _text(value) for name, value in params.items()}


def encode(params: Mapping[str, str]) -> str:
    """Return the query string with which a caller sends `params`."""
    return "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in params.items())


def split(query: str) -> tuple[str, str]:
    """Return whom a caller's query string is for (its `To`), and the callee's `Params`: all the others.

    A name that holds `&` or `=` stays escaped, as nothing else gets through.
    """
    pairs = [_pair(text) for text in query.split("&") if text]
    to = next((value for name, value in pairs if name == "To"), "")
    return to, "&".join(f"{_bare(name)}={_escaped(value)}" for name, value in pairs if name not in {"", "To"})


def decode(query: str) -> dict[str, str]:
    """Return the parameters of a callee's query string: names are literal, values percent-decoded.

    A broken escape costs its own characters, never the call (the SDK loses the whole invite).
    """
    pairs = (pair.split("=") for pair in query.split("&"))
    return {pair[0]: unquote_plus(pair[1]) if len(pair) > 1 else "" for pair in pairs if pair[0]}


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return unquote_plus(name), unquote_plus(value)


def _escaped(text: str) -> str:
    return quote(text, safe=UNESCAPED)


def _bare(name: str) -> str:
    return quote(name) if {"&", "="} & set(name) else name


def _text(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case list() | tuple():
            return ",".join("" if each is None else _text(each) for each in value)
        case dict():
            return "[object Object]"
        case _:
            return str(value)
