"""The machine's and this program's end."""

import asyncio
import signal

from intercom.errors import IntercomError

ANSWER_S = 10.0


async def reboot() -> None:
    """Have systemd's login daemon start the machine anew, as its polkit rule lets the service; raises IntercomError."""
    hint = "`make install` sets the rule that lets the service do so; Debian's package polkitd follows it."
    try:
        process = await asyncio.create_subprocess_exec(
            "systemctl", "--no-ask-password", "reboot",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(ANSWER_S):
            code = await process.wait()
    except (OSError, TimeoutError) as error:
        raise IntercomError("This machine can't be rebooted from here.", hint) from error
    if code:
        raise IntercomError("The system refuses to reboot.", hint)


def leave() -> None:
    """End this program in good order; systemd starts it anew."""
    signal.raise_signal(signal.SIGTERM)
