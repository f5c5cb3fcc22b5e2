"""What the console acts on where parts of the station are tried."""

from typing import Any, Protocol


class Tryout(Protocol):
    """Who tries them; each raises ConflictError where a call is under way, and has `told`, sentences, in its result."""

    async def speaker(self) -> dict[str, Any]:
        """Play a tone; raises AudioError where the speaker can't be used."""

    async def microphone(self) -> dict[str, Any]:
        """Listen for 2 s; raises AudioError where the microphone can't be used, RefusedError in privacy."""

    def door(self) -> dict[str, Any]:
        """Tell what opening the door would do."""
