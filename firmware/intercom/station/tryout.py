"""Tries speaker, microphone and door of a station without a call."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Protocol

from intercom.audio import hearing
from intercom.errors import AudioError, ConflictError, RefusedError
from intercom.settings.schema import Settings

TONE, TONE_S = "test", 1.8
LISTENS_S = 2.0
OPENS = {
    "fail-secure": "The relay would pull in for {pulse_s:g} s, which gives the lock its current and opens it.",
    "fail-safe": "The relay would drop for {pulse_s:g} s, which takes the lock's current away and opens it.",
}


class Voice(Protocol):
    """Speaker and microphone as they are tried."""

    @property
    def is_audible(self) -> bool: ...

    def play(self, tone: str) -> None: ...

    async def record(self, seconds: float) -> bytes: ...

    def status(self) -> dict[str, Any]: ...


class Tryout:
    """Fulfils `console.tryout.Tryout`; `settings` are those in use, `door` is what the status tells of it.

    `is_in_call` and `is_private` tell what keeps it from a trial.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        voice: Voice,
        *,
        door: Callable[[], dict[str, Any]],
        is_in_call: Callable[[], bool],
        is_private: Callable[[], bool],
    ) -> None:
        self._settings, self._voice, self._door = settings, voice, door
        self._is_in_call, self._is_private = is_in_call, is_private

    async def speaker(self) -> dict[str, Any]:
        """Play three tones on the settings' PCM; raises ConflictError in a call, AudioError where it can't be used."""
        self._check()
        self._voice.play(TONE)
        await asyncio.sleep(TONE_S)
        playback = self._voice.status()["playback"]
        if playback["why"]:
            raise AudioError(playback["why"])
        percent = self._settings().audio.ring_volume
        told = [f"Three tones, low to high, went to PCM {playback['pcm']} at {percent} %."]
        told.append(
            "Nothing can be heard at 0 %: `volume ring 50` turns it up."
            if percent == 0
            else "If you heard nothing: is this the card that the speaker is at, and is it turned up in `alsamixer`?"
        )
        return {"pcm": playback["pcm"], "volume": percent, "told": told}

    async def microphone(self) -> dict[str, Any]:
        """Listen; raises ConflictError in a call, RefusedError in privacy, AudioError where it can't be used."""
        self._check()
        if self._is_private():
            raise RefusedError("Privacy is on, so nothing listens.", "It is switched off at the panel.")
        heard = hearing.hear(await self._voice.record(LISTENS_S))
        pcm = self._voice.status()["capture"]["pcm"]
        figures = {name: round(value, 4) for name, value in asdict(heard).items()}
        told = [f"For {LISTENS_S:g} s PCM {pcm} was listened to.", *hearing.in_words(heard)]
        return {"pcm": pcm, **figures, "told": told}

    def door(self) -> dict[str, Any]:
        """Tell what opening would do."""
        now, settings = self._door(), self._settings().door
        facts = {key: now.get(key) for key in ("lock", "kind", "pin", "level", "is_simulated", "contact", "why")}
        return {**facts, "pulse_s": settings.pulse_s, "told": list(_door_told(now, settings.pulse_s))}

    def _check(self) -> None:
        if self._is_in_call():
            raise ConflictError("There is a call, which has speaker and microphone.", "Try it again after the call.")


def _door_told(now: dict[str, Any], pulse_s: float) -> list[str]:
    if now["lock"] == "none":
        return ["This station has no lock: no pin of a relay is named in door.pin."]
    where = "a simulated pin" if now["is_simulated"] else f"GPIO {now['pin']}"
    told = [f"The lock is {now['kind']}, at {where}, and {now['lock']} now."]
    told.append(OPENS[now["kind"]].format(pulse_s=pulse_s))
    told.append(f"The door's contact says {now['contact']}." if now["contact"] else "The door has no contact.")
    if now["why"]:
        told.append(f"It would not open: {now['why']}")
    elif now["tampered"]:
        told.append("It would be refused, as somebody was at the case: see `door reset`.")
    return told
