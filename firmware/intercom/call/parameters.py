"""Custom parameters on the wire (Voice JS SDK v1: `invite.twilio.params` out, `parameters.Params` in)."""

from collections.abc import Mapping
from urllib.parse import quote, unquote_plus

UNESCAPED = "!~*'()"  # besides letters, digits and -_. as encodeURIComponent leaves them


def texts(params: Mapping[str, object]) -> dict[str, str]:
    """Return names and values as text, in their order; True and None as JavaScript writes them."""
    return {str(name): _text(value) for name, value in params.items()}


def encode(params: Mapping[str, str]) -> str:
    """Return the query string that carries `params`."""
    return "&".join(f"{quote(key, safe=UNESCAPED)}={quote(value, safe=UNESCAPED)}" for key, value in params.items())


def decode(query: str) -> dict[str, str]:
    """Return the parameters of an incoming call: keys are literal, values percent-decoded.

    A broken escape costs its own characters, never the call (the SDK loses the whole invite).
    """
    pairs = (pair.split("=") for pair in query.split("&"))
    return {pair[0]: unquote_plus(pair[1]) if len(pair) > 1 else "" for pair in pairs if pair[0]}


def _text(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case _:
            return str(value)
