"""An intercom station for the Raspberry Pi.

`from intercom import Device` gives the call object of the Voice JS SDK v1 in Python; `Options` are its setup options,
`AudioConstraints` what a call may ask of its microphone; `Remote` is a station at the far end of a serial cable.
Importing the package loads nothing else: a command such as `intercom status` must not pay for WebRTC.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intercom.call.options import Options
    from intercom.call.ports import AudioConstraints
    from intercom.line import device as Device  # noqa: N812
    from intercom.remote.remote import Remote

__all__ = ["AudioConstraints", "Device", "Options", "Remote"]

_HOMES = {
    "AudioConstraints": ("intercom.call.ports", "AudioConstraints"),
    "Device": ("intercom.line", "device"),
    "Options": ("intercom.call.options", "Options"),
    "Remote": ("intercom.remote.remote", "Remote"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
