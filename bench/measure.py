"""One call of one side, measured; and how much both ends use when nothing happens."""

import asyncio
import time

from bench import process, sound
from bench.side import Side
from tests.rig.ear import mouth_to_ear_ms, until_heard

Figures = dict[str, list[float]]

CALLER_HZ, CALLEE_HZ = 1000, 1500
CHIRPS = 3
CHIRP_WITHIN_MS = 600


async def call(side: Side, *, seconds: float) -> Figures:
    """Place a call, let it be open for `seconds` and then some chirps, hang up; return what was measured."""
    ends = (side.caller, side.callee)
    side.caller.card.hum(CALLER_HZ)
    side.callee.card.hum(CALLEE_HZ)
    xruns = sum(sum(end.card.xruns()) for end in ends)
    figures = await _set_up(side)
    for end in ends:
        sound.murmur(end.card)
    figures |= await cpu(side, "cpu", seconds=seconds)
    figures |= await _delays(side)
    figures["xruns"] = [sum(sum(end.card.xruns()) for end in ends) - xruns]
    await side.hang_up()
    return figures


async def cpu(side: Side, what: str, *, seconds: float) -> Figures:
    """Return the CPU seconds per minute of each program over the next `seconds`, and how busy the machine was."""
    programs = {"caller": side.caller.pid, "callee": side.callee.pid, "exchange": side.between}
    pids = {f"{what}_{name}_s_per_min": pid for name, pid in programs.items() if pid is not None}
    began, before = time.monotonic(), {name: process.cpu_s(pid) for name, pid in pids.items()}
    busy_s, all_s = process.machine_s()
    await asyncio.sleep(seconds)
    minutes = (time.monotonic() - began) / 60
    figures = {name: [(process.cpu_s(pid) - before[name]) / minutes] for name, pid in pids.items()}
    busy_until_s, all_until_s = process.machine_s()
    figures[f"{what}_machine_percent"] = [100 * (busy_until_s - busy_s) / (all_until_s - all_s)]
    return figures


def memory(side: Side) -> Figures:
    """Return the peak resident memory so far of each end."""
    return {
        "peak_caller_mib": [process.peak_mib(side.caller.pid)],
        "peak_callee_mib": [process.peak_mib(side.callee.pid)],
    }


async def _set_up(side: Side) -> Figures:
    rung = await side.ring()
    answered = await side.answer()
    ringing_ms = (rung.ringing_ns - rung.asked_ns) / 1e6
    open_ms = (answered.open_ns - answered.answered_ns) / 1e6
    await until_heard(side.caller.card, CALLEE_HZ)
    await until_heard(side.callee.card, CALLER_HZ)
    voices = {
        "voice_at_caller_ms": sound.first_heard_ns(side.caller.card, CALLEE_HZ, since_ns=answered.answered_ns),
        "voice_at_callee_ms": sound.first_heard_ns(side.callee.card, CALLER_HZ, since_ns=answered.answered_ns),
    }
    return {
        "invite_to_ringing_ms": [ringing_ms],
        "answer_to_open_ms": [open_ms],
        "invite_to_open_ms": [ringing_ms + open_ms],
        **{name: [(at - answered.answered_ns) / 1e6] for name, at in voices.items() if at is not None},
    }


async def _delays(side: Side) -> Figures:
    """Time chirps, both ways at once; one that did not arrive is counted."""
    one, two = side.caller.card, side.callee.card
    delays: Figures = {"to_callee_ms": [], "to_caller_ms": [], "chirps_lost": [0.0]}
    for _ in range(CHIRPS):
        there, back = await asyncio.gather(
            mouth_to_ear_ms(one, two, within_ms=CHIRP_WITHIN_MS), mouth_to_ear_ms(two, one, within_ms=CHIRP_WITHIN_MS)
        )
        for name, delay_ms in (("to_callee_ms", there), ("to_caller_ms", back)):
            if delay_ms is None:
                delays["chirps_lost"][0] += 1
            else:
                delays[name].append(delay_ms)
    return delays
