"""`intercom doctor board`: what has this board the strength for?"""

from collections.abc import Callable, Sequence
from pathlib import Path

from intercom.audio import history
from intercom.audio.board import Board, write
from intercom.doctor.findings import Finding, Verdict
from intercom.doctor.notes import noted
from intercom.rtc import strength
from intercom.rtc.strength import Cost

TIGHT_SHARE = 0.8
HINT = 'Sound may stutter when the board does other things; `audio.echo = "half-duplex"` takes less work.'


def examine(state: Path, *, measure: Callable[[], Sequence[Cost]] = strength.measure) -> tuple[Board, list[Finding]]:
    """Measure, write it down in `state`; raises IntercomError where either can't be done.

    A station whose `audio.profile` is `auto` takes it from its next start on.
    """
    choice = strength.choose(measure())
    board = Board(profile=choice.profile, complexity=choice.complexity, share=choice.share, at=history.now())
    with noted(state):
        write(state, board)
    text = (
        f"A call will use about {board.share:.0%} of one core by the profile {board.profile}, "
        f"Opus at complexity {board.complexity}."
    )
    is_tight = board.share > TIGHT_SHARE
    return board, [Finding(Verdict.LOOK, text, HINT) if is_tight else Finding(Verdict.FINE, text)]
