"""The section of calls: whom the station calls, and how long it lets ring and talk."""

from typing import Annotated

from msgspec import Meta

from intercom.settings.kinds import Section


class Call(Section, frozen=True):
    """Whom the station calls."""

    to: Annotated[
        str,
        Meta(max_length=128, description="Identity or group that the answer button calls when idle; empty: nobody."),
    ] = ""
