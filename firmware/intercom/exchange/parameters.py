"""The caller's parameters on their way to the callee (Voice JS SDK v1: `twilio.params` in, `Params` out).  Pure."""

from urllib.parse import quote, unquote_plus

UNESCAPED = "!~*'()"  # besides letters, digits and -_. as encodeURIComponent leaves them


def split(query: str) -> tuple[str, str]:
    """Return whom a call is for (its `To`), and the callee's `Params`: all the others.

    An SDK escapes names and values and reads escapes in values only: names go on as they are.  A name that holds
    `&` or `=` stays escaped, as nothing else gets through.
    """
    pairs = [_pair(text) for text in query.split("&") if text]
    to = next((value for name, value in pairs if name == "To"), "")
    return to, "&".join(
        f"{_name(name)}={quote(value, safe=UNESCAPED)}" for name, value in pairs if name not in {"", "To"}
    )


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return unquote_plus(name), unquote_plus(value)


def _name(name: str) -> str:
    return quote(name) if {"&", "="} & set(name) else name
