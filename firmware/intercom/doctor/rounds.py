"""The doctor's rounds: the checks that were asked for, one after the other."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from intercom.doctor import audio, board, serial
from intercom.doctor.findings import Finding, Verdict
from intercom.errors import IntercomError
from intercom.settings.schema import Settings


class Check(NamedTuple):
    """`examine` measures and says what it means; it raises IntercomError where nothing can be measured."""

    announcement: str
    examine: Callable[[Settings, Path], tuple[msgspec.Struct, list[Finding]]]


CHECKS = {
    "audio": Check(
        "Listening for 7 s: a second of silence, then four chirps.",
        lambda settings, state: audio.examine(settings.audio, state),
    ),
    "board": Check("Coding a voice for a second, to see what this board can.", lambda _, state: board.examine(state)),
    "serial": Check("Looking at the serial console.", lambda settings, state: serial.examine(settings.console, state)),
}


def go(name: str | None, settings: Settings, state: Path, *, say: Callable[[str], None], is_json: bool) -> int:
    """Make one check, or all; say what was found and return the exit code: 1 where something is wrong."""
    verdicts = set()
    for each in [name] if name else CHECKS:
        check = CHECKS[each]
        if not is_json:
            say(check.announcement)
        measured, findings = _made(check, settings, state)
        if is_json:
            found = [{"verdict": each.verdict, "text": each.text, "hint": each.hint} for each in findings]
            say(msgspec.json.encode({"measured": measured, "findings": found}).decode())
        else:
            say("\n".join(map(str, findings)))
        verdicts |= {finding.verdict for finding in findings}
    return int(Verdict.WRONG in verdicts)


def _made(check: Check, settings: Settings, state: Path) -> tuple[msgspec.Struct | None, list[Finding]]:
    """Make a check; one that can't be made is a finding too, and the next goes on."""
    try:
        return check.examine(settings, state)
    except IntercomError as error:
        return None, [Finding(Verdict.WRONG, error.message, error.hint)]
