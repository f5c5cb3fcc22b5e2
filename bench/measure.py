"""One cell on one side: the call placed, the microphones fed, the speakers recorded, the programs watched."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import numpy as np

from bench import process, sound
from bench.cells import BEFORE_S, Cell
from bench.room import Room
from bench.side import Answered, End, Rung, Side
from bench.speech import speech
from tests.rig.ear import until_heard
from tests.rig.simcard import Pcm, SimCard

Figures = dict[str, list[float]]

CALLER_HZ, CALLEE_HZ = 1000, 1500
SOON_NS = 300_000_000
OPENS_WITHIN_S = 2.0  # sound passes both ways by then
RESTS_AFTER_S = 3.0
PIECE_S = 4.0
FAR_ALONE_S = 12.0


@dataclass(frozen=True, slots=True)
class Recording:
    """What was said at one end and heard at the other, from the same moment on, 48 kHz by the machine's own clock."""

    said: Pcm
    heard: Pcm


@dataclass(frozen=True, slots=True)
class Talk:
    """Both ways of a call, and what it used."""

    there: Recording
    back: Recording
    used: Figures


@dataclass(frozen=True, slots=True)
class Echo:
    """The way back of a call with echo: `said` by who is near, `heard` at the far end; `echo` at the microphone."""

    back: Recording
    echo: Pcm
    used: Figures


Taken = Figures | Talk | Echo


async def idle(cell: Cell, side: Side) -> Figures:
    """Watch both programs do nothing, once they have come to rest."""
    await asyncio.sleep(RESTS_AFTER_S)
    async with _watched(side) as used:
        await asyncio.sleep(cell.seconds)
    return used


async def talk(cell: Cell, side: Side) -> Talk:
    """Let both ends talk under the cell's condition, all the time and at the same time."""
    side.caller.card.drift(cell.ppm)
    speeches = {name: speech(name) for name in _ends(side)}  # the first time that takes longer than SOON_NS
    async with _called(side, hums=True) as used:
        begin_ns = time.monotonic_ns() + SOON_NS
        side.wire.impair(cell.condition, seed=cell.name, at_ns=begin_ns + int(BEFORE_S * 1e9))
        for name, end in _ends(side).items():
            end.card.say(speeches[name], at=end.card.time_at(begin_ns))
        async with _watched(side) as watched:
            there, back = await asyncio.gather(
                *(_heard(end.card, begin_ns, cell.seconds) for end in (side.callee, side.caller))
            )
        counts = await side.wire.counts()
        lost = [100 * lost / max(passed + lost, 1) for passed, lost in counts.values()]
        used.update(watched, lost_percent=lost)
    return Talk(
        Recording(_said("caller", side.caller.card, cell.seconds), there),
        Recording(_said("callee", side.callee.card, cell.seconds), back),
        used,
    )


async def echo(cell: Cell, side: Side) -> Echo:
    """Let the far end (the caller) talk into a room; from FAR_ALONE_S on somebody talks there too."""
    side.wire.impair("clean", seed=cell.name, at_ns=0)
    async with _called(side, hums=False) as used:
        await asyncio.sleep(OPENS_WITHIN_S)
        begin_ns = time.monotonic_ns() + SOON_NS
        card, samples = side.callee.card, round(cell.seconds * side.callee.card.rate)
        begin, talks = card.time_at(begin_ns), round(FAR_ALONE_S * card.rate)
        side.caller.card.say(speech("caller"), at=side.caller.card.time_at(begin_ns))
        near = speech("callee")[: samples - talks]
        with Room(card, begin=begin, end=begin + samples, near={begin + talks: near}) as room:
            heard = await _heard(side.caller.card, begin_ns, cell.seconds)
        used["room_late_blocks"] = [room.late_blocks]
    said = np.concatenate([np.zeros(talks, np.int16), near])
    return Echo(Recording(said, heard), room.echo.astype(np.int16), used)


@asynccontextmanager
async def _called(side: Side, *, hums: bool) -> AsyncIterator[Figures]:
    """Place a call for this context; yields what setting it up took, in the end with its xruns too.

    With `hums` both ends hum until they are heard, which tells when; a canceller would learn from that what is not so.
    """
    ends = _ends(side).values()
    xruns = sum(sum(end.card.xruns()) for end in ends)
    used = await (_set_up_humming(side) if hums else _set_up(side))
    yield used
    used["xruns"] = [sum(sum(end.card.xruns()) for end in ends) - xruns]
    await side.hang_up()


@asynccontextmanager
async def _watched(side: Side) -> AsyncIterator[Figures]:
    """Watch the programs for this context; the figures are there at its end."""
    used: Figures = {}
    pids = [end.pid for end in _ends(side).values()]
    began_s, before, (busy_s, all_s) = time.monotonic(), [*map(process.cpu_s, pids)], process.machine_s()
    yield used
    minutes, (busy_until_s, all_until_s) = (time.monotonic() - began_s) / 60, process.machine_s()
    used["cpu_s_per_min"] = [(process.cpu_s(pid) - so_far) / minutes for pid, so_far in zip(pids, before, strict=True)]
    used["machine_percent"] = [100 * (busy_until_s - busy_s) / (all_until_s - all_s)]
    used["resident_mib"] = [*map(process.resident_mib, pids)]
    used["own_mib"] = [*map(process.own_mib, pids)]


async def _set_up(side: Side) -> Figures:
    rung = await side.ring()
    answered = await side.answer()
    return _took(rung, answered)


async def _set_up_humming(side: Side) -> Figures:
    side.caller.card.hum(CALLER_HZ)
    side.callee.card.hum(CALLEE_HZ)
    rung = await side.ring()
    answered = await side.answer()
    await until_heard(side.caller.card, CALLEE_HZ)
    await until_heard(side.callee.card, CALLER_HZ)
    voices = [
        sound.first_heard_ns(card, hertz, since_ns=answered.answered_ns)
        for card, hertz in ((side.caller.card, CALLEE_HZ), (side.callee.card, CALLER_HZ))
    ]
    for end in _ends(side).values():
        end.card.hush()
    return _took(rung, answered) | {
        "answer_to_voice_ms": [(at - answered.answered_ns) / 1e6 for at in voices if at is not None]
    }


def _took(rung: Rung, answered: Answered) -> Figures:
    """Return how long both were under way, without the ringing between."""
    ringing_ns, open_ns = rung.ringing_ns - rung.asked_ns, answered.open_ns - answered.answered_ns
    return {"invite_to_open_ms": [(ringing_ns + open_ns) / 1e6]}


def _ends(side: Side) -> dict[str, End]:
    return {"caller": side.caller, "callee": side.callee}


async def _heard(card: SimCard, begin_ns: int, seconds: float) -> Pcm:
    """Record what the speaker plays."""
    at, pieces = card.time_at(begin_ns), []
    end = card.time_at(begin_ns + int(seconds * 1e9))
    while at < end:
        samples = min(round(PIECE_S * card.rate), end - at)
        await asyncio.sleep(max(0.0, (card.moment_ns(at + samples) - time.monotonic_ns()) / 1e9))
        pieces.append(card.played_from(at, samples))
        at += samples
    return _by_the_clock(np.concatenate(pieces), card, seconds)


def _said(name: str, card: SimCard, seconds: float) -> Pcm:
    """Return what the microphone heard from the beginning on."""
    return _by_the_clock(np.resize(speech(name), round(seconds * card.rate * 1.001)), card, seconds)


def _by_the_clock(pcm: Pcm, card: SimCard, seconds: float) -> Pcm:
    """Return samples of the card's clock as samples of the machine's: some left out, or twice."""
    times = np.arange(round(seconds * card.rate)) * (1 + card.ppm * 1e-6)
    return pcm[np.minimum(times.astype(np.int64), len(pcm) - 1)]
