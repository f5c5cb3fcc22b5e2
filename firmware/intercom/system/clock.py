"""The machine's clock, by way of systemd's timedated: what it says, and setting it (systemd, timedatectl(1)).

Who may set it is polkit's to say (config/polkit.rules).
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from intercom.errors import ConflictError, IntercomError, RefusedError

PATIENCE_S = 5.0
TIMEDATECTL = ("timedatectl", "--no-ask-password")
DENIED = ("access denied", "authentication is required", "interactive authentication")


class Clock:
    """Fulfils `console.timekeeper.Timekeeper`; `program` is what is asked."""

    def __init__(self, program: Sequence[str] = TIMEDATECTL) -> None:
        self._program = program

    async def time(self) -> dict[str, Any]:
        """Return local time, zone, and whether the network is asked for it and has answered; None: nobody knows."""
        now = datetime.now().astimezone()
        told = {"now": now.isoformat(timespec="seconds"), "zone": now.tzname(), "ntp": None, "synchronised": None}
        try:
            facts = dict(line.partition("=")[::2] for line in (await self._ask("show")).splitlines())
        except IntercomError:
            return told
        return told | {
            "zone": facts.get("Timezone") or told["zone"],
            "ntp": facts.get("NTP") == "yes",
            "synchronised": facts.get("NTPSynchronized") == "yes",
        }

    async def set_time(self, to: datetime) -> dict[str, Any]:
        """Set it where the network has not; a service that waits for a network is stopped meanwhile, as it must be.

        Raises ConflictError, RefusedError, and IntercomError where there is no timedated.
        """
        before = await self.time()
        if before["ntp"] and before["synchronised"]:
            raise ConflictError("The network keeps the clock right.", "`timedatectl set-ntp false` ends that, as root.")
        if before["ntp"]:
            await self._ask("set-ntp", "false")
        try:
            await self._ask("set-time", f"{to.astimezone():%Y-%m-%d %H:%M:%S}")
        finally:
            if before["ntp"]:
                await self._ask("set-ntp", "true")
        return await self.time()

    async def _ask(self, *words: str) -> str:
        """Return what the program says; raises RefusedError, IntercomError."""
        try:
            ran = await asyncio.create_subprocess_exec(
                *self._program, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
            )
        except OSError as error:
            raise IntercomError("This machine has no timedatectl.", "Set the clock by its own means.") from error
        try:
            async with asyncio.timeout(PATIENCE_S):
                said, complaint = await ran.communicate()
        except TimeoutError as error:
            ran.kill()
            await ran.wait()
            raise IntercomError("timedatectl does not answer.", "Try it again.") from error
        if ran.returncode:
            raise _failure(complaint.decode(errors="replace"))
        return said.decode(errors="replace")


def _failure(complaint: str) -> IntercomError:
    if any(words in complaint.lower() for words in DENIED):
        hint = "`make install` ships the rule of polkit that gives it."
        return RefusedError("The station has no right to set the clock.", hint)
    said = " ".join(complaint.split())[:200].removesuffix(".") or "it said nothing"
    return IntercomError(f"timedatectl failed: {said}.", "Set the clock as root.")
