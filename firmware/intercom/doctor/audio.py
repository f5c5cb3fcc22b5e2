"""`intercom doctor audio`: is what people say heard, and how well?"""

from pathlib import Path

from intercom.audio import history, pcm
from intercom.audio.history import Measured
from intercom.doctor.findings import Finding, findings
from intercom.doctor.listening import Listened, listen
from intercom.doctor.notes import noted
from intercom.settings import schema


def examine(settings: schema.Audio, state: Path) -> tuple[Measured, list[Finding]]:
    """Play, record, write it down in `state`; raises AudioError, and IntercomError where it can't be written."""
    pcm.quieten()
    listened = listen(capture=settings.capture, playback=settings.playback)
    measured = _measured(settings, listened)
    before = history.of(state, capture=settings.capture, playback=settings.playback)
    with noted(state):
        history.add(state, measured)
    return measured, list(findings(listened, before))


def _measured(settings: schema.Audio, listened: Listened) -> Measured:
    found = listened.found
    return Measured(
        at=history.now(),
        capture=settings.capture,
        playback=settings.playback,
        noise_dbfs=found.noise_dbfs,
        clipped_share=found.clipped_share,
        level_dbfs=found.level_dbfs,
        echo_loss_db=found.echo_loss_db,
        loop_ms=listened.loop_ms,
        drift_ppm=found.drift_ppm,
    )
