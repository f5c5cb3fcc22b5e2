"""Two machines, each a network namespace, and the link between them: `bench/link.py` in a third."""

import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.program import Program
from tests.net.netns import Namespaces

ROOT = Path(__file__).parents[1]
ONE, TWO, MIDDLE = "one", "two", "middle"
ADDRESSES = {ONE: "10.79.0.1", TWO: "10.79.0.2"}
NO_IPV6 = "for each in all default; do echo 1 > /proc/sys/net/ipv6/conf/$each/disable_ipv6; done 2>/dev/null; true"

Counts = dict[str, tuple[int, int]]


class Wire:
    """The link: `within` are the words that run a command on a machine."""

    def __init__(self, namespaces: Namespaces, link: Program) -> None:
        self.within = namespaces.within
        self._link = link

    def impair(self, condition: str, *, seed: str, at_ns: int) -> None:
        """Let a condition begin at this moment of CLOCK_MONOTONIC."""
        self._link.write(json.dumps({"condition": condition, "seed": seed, "at_ns": at_ns}))

    async def counts(self) -> Counts:
        """Return how many packets of media passed and were lost under the condition, there and back."""
        since_ns = time.monotonic_ns()
        self._link.write("")
        line = await self._link.journal.line(r"^\{", since_ns=since_ns)
        return {way: (passed, lost) for way, (passed, lost) in json.loads(line).items()}


@asynccontextmanager
async def wire(folder: Path) -> AsyncIterator[Wire]:
    """Lay a link between two machines that are there for this context.  Raises NoNamespacesError."""
    with Namespaces(ONE, TWO, MIDDLE) as namespaces:
        for machine in (ONE, TWO, MIDDLE):
            namespaces.run(machine, "sh", "-c", NO_IPV6)
        for machine, address in ADDRESSES.items():
            namespaces.ip(
                MIDDLE, f"link add {machine} type veth peer name eth0 netns {machine}", f"link set {machine} up"
            )
            namespaces.ip(machine, "link set lo up", f"addr add {address}/24 dev eth0", "link set eth0 up")
        words = (*namespaces.within(MIDDLE), sys.executable, "-m", "bench.link", ONE, TWO)
        async with Program(*words, folder=folder, environment={"PYTHONPATH": str(ROOT)}) as link:
            await link.journal.moment_ns("^ready", since_ns=0)
            yield Wire(namespaces, link)
