"""`python -m bench.link ONE TWO`: carries Ethernet frames between two interfaces, and is bad to UDP when told so.

Runs in the network namespace where both interfaces are.  A line of JSON on its standard input, `{"condition": …,
"seed": …, "at_ns": …}` (CLOCK_MONOTONIC), sets what happens from then on; an empty line asks for the counts, which come
as a line of JSON.  Frames are taken and given with the kernel's own notes on checksums and segments (PACKET_VNET_HDR),
so nothing in them has to be touched.
"""

import gc
import heapq
import json
import os
import select
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bench.impair import CONDITIONS, Direction, is_media, is_udp

SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 263, 15, 23
ETH_P_ALL = 3
NOTES_BYTES, ETHERNET_BYTES = 10, 14
IPV4 = b"\x08\x00"
FRAME_BYTES = 1 << 17
COMMAND_BYTES = 1 << 12
WAY_NAMES = ("there", "back")


@dataclass(slots=True)
class Way:
    """One direction: where frames come in, where they go out, and those that wait for their time."""

    name: str
    taken: socket.socket
    given: socket.socket
    direction: Direction = field(default_factory=lambda: Direction((), seed=""))
    waiting: list[tuple[float, int, bytes]] = field(default_factory=list)
    last_s: float = 0.0
    count: int = 0

    def take(self, now_s: float, began_s: float) -> None:
        """Take one frame: give it at once, keep it until its time, or lose it."""
        frame = self.taken.recv(FRAME_BYTES)
        at = NOTES_BYTES + ETHERNET_BYTES
        if frame[at - 2 : at] != IPV4 or not is_udp(ip := frame[at:]):
            self._give(frame)
            return
        late_s = self.direction.late_s(now_s - began_s, is_media=is_media(ip))
        if late_s is None:
            return
        self.last_s = max(self.last_s, now_s + late_s)
        if self.last_s <= now_s:
            self._give(frame)
        else:
            self.count += 1
            heapq.heappush(self.waiting, (self.last_s, self.count, frame))

    def release(self, now_s: float) -> float | None:
        """Give what is due; return when the next is, None: nothing waits."""
        while self.waiting and self.waiting[0][0] <= now_s:
            self._give(heapq.heappop(self.waiting)[2])
        return self.waiting[0][0] if self.waiting else None

    def _give(self, frame: bytes) -> None:
        with suppress(OSError):  # the far interface is down: as with any cable
            self.given.send(frame)


class Link:
    """Both ways, and the moment at which their condition began."""

    def __init__(self, one: socket.socket, two: socket.socket) -> None:
        self.ways = (Way(WAY_NAMES[0], one, two), Way(WAY_NAMES[1], two, one))
        self._began_s = 0.0

    def obey(self, line: str) -> None:
        """Set a condition, or print the counts."""
        if line:
            told = json.loads(line)
            self._began_s = told["at_ns"] / 1e9
            for way in self.ways:
                way.direction = Direction(CONDITIONS[told["condition"]], seed=f"{told['seed']} {way.name}")
        else:
            counts = {way.name: [way.direction.passed, way.direction.lost] for way in self.ways}
            print(json.dumps(counts), flush=True)

    def run(self) -> None:
        """Carry frames until the standard input ends."""
        takes: dict[int, Callable[[float, float], None]] = {way.taken.fileno(): way.take for way in self.ways}
        while True:
            due = [at_s for way in self.ways if (at_s := way.release(time.monotonic())) is not None]
            wait_s = max(0.0, min(due) - time.monotonic()) if due else None
            for ready in select.select([*takes, 0], [], [], wait_s)[0]:
                if ready:
                    takes[ready](time.monotonic(), self._began_s)
                elif not (told := os.read(0, COMMAND_BYTES)):
                    return
                else:
                    for line in told.decode().splitlines():
                        self.obey(line)


def main() -> None:
    """Open both interfaces and carry frames; a cable does not wait for its turn, so neither does this if it may."""
    link = Link(*map(_plug, sys.argv[1:3]))
    gc.disable()
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    print("ready", flush=True)
    link.run()


def _plug(interface: str) -> socket.socket:
    plug = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    plug.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    plug.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    plug.bind((interface, 0))
    return plug


if __name__ == "__main__":
    main()
