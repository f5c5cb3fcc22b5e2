"""`python -m bench.call`: what one call costs, beside the same call between two baresip, in the same run.

Both sides run all the time on simulated sound cards behind the real ALSA; their calls alternate.  No thresholds.
"""

import argparse
import asyncio
import json
import shutil
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from textwrap import fill

from bench import measure
from bench.baresip import baresips, own_address
from bench.machine import machine
from bench.measure import Figures
from bench.side import Side
from bench.stations import stations
from bench.table import merged, table

REPORT = Path(__file__).with_name("call.json")
SHARED_MEMORY = Path("/dev/shm")

NOTES = """\
Median [least..most] of one sample a call (of three chirps each way for mouth to ear); "in all" sums [least..most of a
call].  Both ends are on this machine, each with a simulated card behind ALSA's plug and periods and buffers as it
chooses them.
On both sides: Opus, mono, 20 ms, the same bit rate, complexity and FEC; DTLS-SRTP.  Only on ours: ICE, and signalling
over TLS by an exchange.  Only on baresip's: SIP over UDP straight from end to end.
CPU     user and system time while both microphones hear something like speech; the whole machine tells who else worked
memory  VmHWM at the end of all calls; pages that processes share count in each, up to 4 MiB are the simulated card
open    the caller's own word for it, which says nothing of sound yet: state `open`, event CALL_ESTABLISHED
answer  the command; on ours the moment at which the station takes the button's release
voice   the far end's tone comes out of the speaker, within 10 ms"""


def main() -> None:
    """Measure, print, write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.call", description="What one call costs, beside baresip.")
    parser.add_argument("--calls", type=int, default=4, metavar="N", help="calls of each side (4)")
    parser.add_argument("--seconds", type=float, default=15, metavar="S", help="how long each is timed (15)")
    parser.add_argument("--idle", type=float, default=10, metavar="S", help="how long the idle programs are timed (10)")
    given = parser.parse_args()
    facts = machine()
    print(fill(", ".join(f"{name} {fact}" for name, fact in facts.items()), 120), flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as folder:
        figures = asyncio.run(_measure(Path(folder), calls=given.calls, seconds=given.seconds, idle_s=given.idle))
    print(f"{given.calls} calls of {given.seconds:g} s a side, {time.monotonic() - began:.0f} s in all\n")
    print(f"{table(figures)}\n\n{NOTES}")
    REPORT.write_text(json.dumps({"machine": facts, "plan": vars(given), "sides": figures}, indent=2) + "\n")
    print(f"\nEach sample is in {REPORT}.")


async def _measure(folder: Path, *, calls: int, seconds: float, idle_s: float) -> dict[str, Figures]:
    async with AsyncExitStack() as programs:
        sides = await _sides(programs, folder)
        idle = await asyncio.gather(*(measure.cpu(side, "idle", seconds=idle_s) for side in sides))
        found = {side.name: [figures] for side, figures in zip(sides, idle, strict=True)}
        for number in range(calls):
            for side in sides:
                print(f"call {number + 1} of {calls}: {side.name}", flush=True)
                found[side.name].append(await measure.call(side, seconds=seconds))
        for side in sides:
            found[side.name].append(measure.memory(side))
    return {name: merged(figures) for name, figures in found.items()}


async def _sides(programs: AsyncExitStack, folder: Path) -> list[Side]:
    ours, theirs = folder / "intercom", folder / "baresip"
    ours.mkdir()
    theirs.mkdir()
    sides: list[Side] = [await programs.enter_async_context(stations(ours))]
    address = own_address()
    if not shutil.which("baresip"):
        print("baresip is not installed here (Debian: baresip-core), so nothing stands beside our figures.")
    elif address is None:
        print("This machine has only loopback, which baresip refuses, so nothing stands beside our figures.")
    else:
        sides.append(await programs.enter_async_context(baresips(theirs, address)))
    return sides


if __name__ == "__main__":
    main()
