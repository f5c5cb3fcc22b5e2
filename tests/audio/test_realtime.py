"""The priority of the audio threads, asked for in processes of their own."""

import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from intercom.audio.realtime import PRIORITY

UNIT = Path(__file__).parents[2] / "systemd/intercom.service"
ASK = """
import os, sys, threading
from intercom.audio import realtime
def tell(who):
    print(who, os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK, os.sched_getparam(0).sched_priority)
def start(target, *args):
    thread = threading.Thread(target=target, args=args)
    thread.start()
    thread.join()
def run():
    print("asked", realtime.ask())
    tell("asking")
    start(tell, "child")
"""
GIVE_UP_ALL_RIGHTS = """
import resource
resource.setrlimit(resource.RLIMIT_RTPRIO, (0, 0))
if os.getuid() == 0: os.setresuid(65534, 65534, 65534)
"""
GO = """
start(run)
tell("main")
"""


def told(script: str) -> list[str]:
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    return ran.stdout.splitlines()


def test_a_thread_that_may_be_is_put_before_all_ordinary_ones_and_no_other_with_it() -> None:
    lines = told(ASK + GO)
    if lines[0] == "asked False":
        pytest.skip("REAL TIME NOT CHECKED: this user may not have it.")
    assert lines == ["asked True", f"asking 1 {PRIORITY}", "child 0 0", "main 0 0"]


def test_a_thread_that_may_not_be_runs_as_it_is() -> None:
    assert told(ASK + GIVE_UP_ALL_RIGHTS + GO) == ["asked False", "asking 0 0", "child 0 0", "main 0 0"]


def test_the_service_may_have_the_priority_that_its_threads_ask_for() -> None:
    unit = RawConfigParser(strict=False, interpolation=None)
    unit.read_string(UNIT.read_text())
    assert unit["Service"]["LimitRTPRIO"] == str(PRIORITY)
    assert unit["Service"].get("RestrictRealtime", "no") == "no"
