"""A seat at the console: who is logged in there."""

import time
from dataclasses import dataclass, field

from intercom.console.access import Access
from intercom.console.accounts import Name
from intercom.console.memory import Memory
from intercom.console.scram import Exchange
from intercom.settings.transaction import Candidate


@dataclass(frozen=True, slots=True)
class Entry:
    """A login that succeeded; `is_first`: the password is the installation's, and must be changed before all else."""

    account: Name
    access: Access
    is_first: bool = False
    is_typed: bool = True  # and did not come by SCRAM


@dataclass(slots=True)
class Seat:
    """One at a serial port, or at the control socket: without a port the kernel has said who may sit there.

    `sitting` counts who came and left: what was told to one is not for the next.  `memory` is that of a serial line,
    which outlasts a restart of the station, so that a program's request which comes again then is not run again.  So
    does what is `edited`, on top of that revision: another's commit may have the station start anew.
    """

    port: str = ""
    entry: Entry | None = None
    exchange: Exchange | None = None  # of SCRAM, begun
    sitting: int = 0
    used_at_s: float = 0.0  # by the monotonic clock
    memory: Memory = field(default_factory=Memory)
    edited: Candidate | None = None
    revision: int = 0

    @property
    def access(self) -> Access:
        """What may be done from here."""
        if not self.port:
            return Access.OPERATOR
        return self.entry.access if self.entry and not self.entry.is_first else Access.ANYONE

    @property
    def account(self) -> str:
        """Who is logged in, empty: nobody."""
        return self.entry.account if self.entry else ""

    def enter(self, entry: Entry) -> None:
        """Somebody has logged in."""
        self.entry, self.exchange, self.sitting = entry, None, self.sitting + 1
        self.use()

    def leave(self) -> None:
        """Whoever sat here is gone."""
        self.entry, self.exchange, self.sitting = None, None, self.sitting + 1

    def use(self) -> None:
        """Somebody is here."""
        self.used_at_s = time.monotonic()
