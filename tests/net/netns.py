"""Network namespaces of the kernel.

They belong to one process that only waits for the end of its standard input: with it, and so with the test run,
however that ends, they are gone.  Root needs nothing more; others need unprivileged user namespaces.
"""

import subprocess
from pathlib import Path
from typing import Self

# How to come by namespaces, and what it takes to enter them: as root as one is, or as root of a user namespace.
WAYS: tuple[tuple[str, tuple[str, ...]], ...] = (("-nm", ()), ("-Urnm", ("-U", "--preserve-credentials")))
HOLD = 'mount -t tmpfs tmpfs /run && for name; do ip netns add "$name" || exit; done && echo ready && exec cat'


class NoNamespacesError(Exception):
    """This machine makes no network namespaces for us; the text says why."""


class Namespaces:
    """Namespaces by name; a context manager.  Raises NoNamespacesError."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def __enter__(self) -> Self:
        refusals = []
        for way, self._entry in WAYS:
            command = ["unshare", way, "sh", "-c", HOLD, "sh", *self._names]
            pipe = subprocess.PIPE
            self._holder = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
            assert self._holder.stdout
            if self._holder.stdout.readline() == "ready\n":
                return self
            refusals.append(self._holder.communicate()[1].strip())
        raise NoNamespacesError("; ".join(refusals))

    def __exit__(self, *_: object) -> None:
        self._holder.communicate()

    @property
    def holder(self) -> int:
        """The process whose end is theirs."""
        return self._holder.pid

    def within(self, name: str) -> tuple[str, ...]:
        """Return the words that, put before a command, run it in a namespace and kill it when its parent ends."""
        return *self._enter(name), "setpriv", "--pdeathsig", "KILL"

    def run(self, name: str, *command: str) -> str:
        """Run a command in a namespace and return what it prints; raises CalledProcessError."""
        return _run([*self.within(name), *command])

    def ip(self, name: str, *lines: str) -> None:
        """Run `ip` in a namespace, once for all its lines, which may name the others; raises CalledProcessError."""
        _run([*self._enter(name, "-m"), "ip", "-batch", "-"], given="\n".join(lines))

    def _enter(self, name: str, *more: str) -> tuple[str, ...]:
        root = Path("/proc", str(self.holder), "root")
        net = f"--net={root / 'run/netns' / name}"
        return "nsenter", "-t", str(self.holder), *self._entry, *more, net


def _run(words: list[str], *, given: str = "") -> str:
    return subprocess.run(words, input=given, stdout=subprocess.PIPE, text=True, check=True, timeout=20).stdout
