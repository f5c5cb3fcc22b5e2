"""Figures to sentences."""

from collections.abc import Sequence

import pytest

from intercom.audio.chirp import Found, played_dbfs
from intercom.audio.history import Measured
from intercom.doctor.findings import Verdict, findings
from intercom.doctor.listening import Listened


def said(
    *,
    loss_db: float | None = 20.0,
    noise_dbfs: float = -65.0,
    clipped: float = 0.0,
    is_dead: bool = False,
    loop_ms: float = 12.0,
    drift_ppm: float = 0.4,
    xruns: int = 0,
    before: Sequence[Measured] = (),
) -> list[str]:
    level_dbfs = None if loss_db is None else played_dbfs() - loss_db
    is_heard = loss_db is not None
    found = Found(
        noise_dbfs, clipped, is_dead, 4, 1000.0 if is_heard else None, level_dbfs, drift_ppm if is_heard else None
    )
    return [str(each) for each in findings(Listened(found, loop_ms if is_heard else None, xruns), before)]


def earlier(*losses_db: float | None) -> list[Measured]:
    return [
        Measured(at=f"2026-0{at + 1}-01T08:00:00Z", capture="a", playback="a", noise_dbfs=-65.0, echo_loss_db=loss_db)
        for at, loss_db in enumerate(losses_db)
    ]


def test_all_is_fine() -> None:
    assert said() == [
        "fine   The microphone hears the speaker at -29 dBFS, 20 dB quieter than it was played.",
        "fine   From the speaker's buffer to the microphone's sound takes 12 ms.",
        "fine   Speaker and microphone run on one clock.",
        "fine   When nothing plays the microphone hears -65 dBFS.",
    ]


@pytest.mark.parametrize(
    ("heard", "verdict", "beginning"),
    [
        ({"loss_db": None}, "wrong", "The microphone does not hear the speaker. With headphones that is right;"),
        ({"loss_db": None, "is_dead": True}, "wrong", "The microphone gives nothing but zeros. Choose the card in"),
        (
            {"loss_db": -4.0},
            "look",
            "The microphone hears the speaker at -5 dBFS, 4 dB louder than it was played. That",
        ),
        ({"loss_db": 45.0}, "look", "The microphone hears the speaker at -54 dBFS, 45 dB quieter than it was played."),
        ({"noise_dbfs": -50.0}, "look", "When nothing plays the microphone hears -50 dBFS. `audio.noise = true` takes"),
        ({"noise_dbfs": -38.0}, "wrong", "When nothing plays the microphone hears -38 dBFS. Look for hum"),
        ({"clipped": 0.0031}, "wrong", "The microphone's sound is cut off at its loudest (3.1 in a thousand samples)."),
        (
            {"loop_ms": 240.0},
            "look",
            "From the speaker's buffer to the microphone's sound takes 240 ms. A sound server",
        ),
        ({"drift_ppm": -120.0}, "fine", "Speaker and microphone run on two clocks, 120 ppm apart."),
        ({"drift_ppm": 900.0}, "look", "Speaker and microphone run on two clocks, 900 ppm apart. Good crystals differ"),
        ({"xruns": 2}, "look", "Some sound was lost on the way, 2 times, so that the figures are less sure."),
    ],
)
def test_each_trouble_has_its_sentence(heard: dict[str, float], verdict: str, beginning: str) -> None:
    assert any(line.startswith(f"{verdict:6} {beginning}") for line in said(**heard)), said(**heard)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now_db", "line"),
    [
        (21.0, "fine   The microphone hears as well as the 4 times since 2026-01-01 (-1 dB)."),
        (27.0, "look   The microphone hears 7 dB less of the speaker than the 4 times since 2026-01-01."),
        (33.0, "wrong  The microphone hears 13 dB less of the speaker than the 4 times since 2026-01-01."),
    ],
)
def test_a_microphone_that_grows_deaf_shows(now_db: float, line: str) -> None:
    before = earlier(20.0, None, 20.5, 19.0, 20.0)
    assert any(each.startswith(line) for each in said(loss_db=now_db, before=before))


def test_two_earlier_times_are_too_few_to_compare_with() -> None:
    assert not any("since" in line for line in said(loss_db=40.0, before=earlier(20.0, 20.0)))


def test_verdicts_grow_worse_in_their_order() -> None:
    assert list(Verdict) == ["fine", "look", "wrong"]
