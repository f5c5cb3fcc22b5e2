"""A program without a task that it can't do without ends."""

import asyncio
import subprocess
import sys

from intercom.vital import vital

PROGRAM = """
import asyncio
from intercom.vital import vital

async def chore():
    raise ZeroDivisionError

async def main():
    vital(chore(), name="the chore")
    await asyncio.Event().wait()

asyncio.run(main())
"""


def test_a_bug_in_it_ends_the_program_and_is_told() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=30)
    assert ran.returncode == 1
    assert "the chore stops" in ran.stderr
    assert "ZeroDivisionError" in ran.stderr


async def test_its_end_and_its_cancelling_end_nothing_else() -> None:
    await vital(asyncio.sleep(0), name="short")
    task = vital(asyncio.sleep(60), name="long")
    task.cancel()
    assert isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError)
