"""Which addresses of this machine the far end is told.

aioice 0.13 finds every IPv4 address but 127.0.0.1 and every IPv6 address but ::1 and link-local ones, which mean
nothing without their interface.
"""

LOOPBACK = "127.0.0.1"


def offered(found: list[str], *, loopback: bool) -> list[str]:
    """Return them with 127.0.0.1 where there is no other, and where `loopback` asks for it."""
    return [*found, LOOPBACK] if loopback or not found else found
