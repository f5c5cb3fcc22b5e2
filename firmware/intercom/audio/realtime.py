"""Real-time priority for the threads that must not come late."""

import os

PRIORITY = 20  # systemd/intercom.service allows as much


def ask() -> bool:
    """Put the calling thread before all ordinary ones, and none that it starts; False: that is not allowed here."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(PRIORITY))
    except OSError:
        return False
    return True
