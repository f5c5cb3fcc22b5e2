"""What the microphones hear: sentences by espeak-ng, each end its own voice, at one level, as long as a card's ring."""

from functools import cache

import numpy as np
import numpy.typing as npt

from tests.rig.espeak import spoken
from tests.rig.simcard import RING, Pcm

RATE = 48_000
LEVEL_DBFS = -26.0  # over all blocks that are not pauses: ITU-T P.800's usual level of active speech
BLOCK = RATE // 100
PAUSE_MS = 200

VOICES = {"caller": "en-gb", "callee": "en-us+f3"}
SENTENCES = {
    "caller": (
        "The birch canoe slid on the smooth planks.",
        "Glue the sheet to the dark blue background.",
        "It is easy to tell the depth of a well.",
        "Four hours of steady work faced us.",
        "The parcel is at the gate, would you let me in?",
        "The box was thrown beside the parked truck.",
        "A large size in stockings is hard to sell.",
        "The boy was there when the sun rose.",
        "Kick the ball straight and follow through.",
    ),
    "callee": (
        "Rice is often served in round bowls.",
        "The juice of lemons makes fine punch.",
        "Please leave it on the third floor, I shall be down soon.",
        "The hogs were fed chopped corn and garbage.",
        "A rod is used to catch pink salmon.",
        "The source of the huge river is the clear spring.",
        "Help the woman get back to her feet.",
        "A pot of tea helps to pass the evening.",
        "The soft cushion broke the man's fall.",
    ),
}


@cache
def speech(end: str) -> Pcm:
    """Return a ring full of what an end ("caller" or "callee") says, at 48 kHz: about 22 s."""
    pause = np.zeros(RATE * PAUSE_MS // 1000)
    parts = [part for sentence in SENTENCES[end] for part in (spoken(sentence, VOICES[end]), pause)]
    said = np.concatenate(parts)[:RING]
    said = np.concatenate([said, np.zeros(RING - len(said))])
    return levelled(said)


def levelled(said: npt.NDArray[np.float64]) -> Pcm:
    """Return the same at the level of active speech, which no peak of speech brings to full scale."""
    power = np.mean(said[: len(said) // BLOCK * BLOCK].reshape(-1, BLOCK) ** 2, axis=1)
    active = float(np.sqrt(np.mean(power[power > np.mean(power) / 10])))
    return np.clip(np.rint(said * 32768 * 10 ** (LEVEL_DBFS / 20) / active), -32768, 32767).astype(np.int16)
