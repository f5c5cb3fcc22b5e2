"""An intercom station for the Raspberry Pi.

`from intercom import Device` gives the call object of the Voice JS SDK v1 in Python.  Importing the package
loads nothing else: a command such as `intercom status` must not pay for WebRTC.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intercom.app import device as Device  # noqa: N812

__all__ = ["Device"]


def __getattr__(name: str) -> Any:
    if name == "Device":
        from intercom.app import device  # noqa: PLC0415

        return device
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
