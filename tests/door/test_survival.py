"""Lock-outs outlive restarts, kills and clocks that jump."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from intercom.door.lockout import DAY_S
from tests.door.wardens import CODE, WRONG, World, given


@settings(max_examples=25, deadline=None)
@given_any(
    st.lists(
        st.tuples(
            st.sampled_from(["wait", "jump", "exit", "kill", "guess", "guess"]),
            st.floats(0, 3 * DAY_S),
            st.floats(-(10**9), 10**9),
        ),
        min_size=5,
        max_size=25,
    )
)
def test_no_restart_and_no_clock_that_jumps_shortens_a_lockout(steps: list[tuple[str, float, float]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world, state = World(), Path(folder)
        judge = world.judge(state)
        ran_s, free_at_s, wrong = 0.0, 0.0, 0
        judge.add_code(given("postman", CODE), who="uid 0")
        for what, wait_s, jump_s in steps:
            match what:
                case "wait":
                    world.pass_s(wait_s)
                    ran_s += wait_s
                case "jump":
                    world.local = World.local.replace(year=1970 + int(abs(jump_s)) % 100)
                case "exit" | "kill":
                    judge.keep() if what == "exit" else None
                    world.running_s = abs(jump_s)
                    judge = world.judge(state)
                case _:
                    before = len(world.compared)
                    judge.attempt(WRONG, identity="web", call="CA1")
                    if len(world.compared) > before:
                        assert ran_s >= free_at_s - 1e-3
                        days = int((ran_s - free_at_s) // DAY_S) if wrong else 0
                        wrong = max(0, wrong - days - 1) + 1
                        free_at_s = ran_s + min(2.0 ** (wrong - 1), DAY_S)


GUESSER = """
import sys
from pathlib import Path
from intercom.door.judge import Judge, Senses
from intercom.settings.schema import Door
who = ""
def compare(one, other):
    print(who, flush=True)
    return False
names = [f"web{n}" for n in range(int(sys.argv[2]), int(sys.argv[2]) + 200)]
judge = Judge(Door(allow=tuple(names)), Path(sys.argv[1]) / "door", Senses(running_s=lambda: 0.0, compare=compare))
judge.open()
for who in names:
    judge.attempt("640318", identity=who, call="CA1")
"""


def test_kill_9_at_any_moment_leaves_every_guess_that_was_compared_locked_out(tmp_path: Path) -> None:
    world = World()
    world.judge(tmp_path).add_code(given("postman", CODE), who="uid 0")
    for life in range(8):
        words = [sys.executable, "-c", GUESSER, str(tmp_path), f"{1000 * life}"]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as child:
            assert child.stdout
            compared = [child.stdout.readline() for _ in range(1 + 3 * life)]
            child.send_signal(signal.SIGKILL)
            compared += child.stdout.read().splitlines(keepends=True)
        names = [line.strip().decode() for line in compared if line.endswith(b"\n")]
        again = world.judge(tmp_path)
        assert set(names) <= set(again.shelf.lockouts.wrong)
        assert again.attempt(CODE, identity=names[-1], call="CA1").why.startswith("Too many codes")
        assert again.logbook.read().why == ""
