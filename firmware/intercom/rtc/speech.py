"""What sounds: the far end's voice, what stands for it where it is missing, and the noise of its pauses."""

from collections.abc import Callable, Mapping

import numpy as np

from intercom.audio.frames import RATE
from intercom.rtc.coding import GRAIN, Decoder, Samples
from intercom.rtc.noise import Noise
from intercom.rtc.shelf import Item
from intercom.rtc.timescale import cross_fade

Decoders = Mapping[int, Callable[[], Decoder]]

COMFORT_NOISE = 13  # the payload type of RFC 3389
FADE = 240
CONCEALED_MOST = RATE * 12 // 100  # then it has faded out, and noise takes over


class Speech:
    """Keeps all of it without a seam; decoders are made when they are needed first."""

    def __init__(self, decoders: Decoders) -> None:
        self.noise = Noise()
        self._decoders = decoders
        self._made: dict[int, Decoder] = {}
        self._current: Decoder | None = None
        self._concealed = 0
        self._tail: Samples | None = None

    def agree(self, decoders: Decoders) -> None:
        """Use these from now on; those of payload types that stay the same live on."""
        self._made = {kind: made for kind, made in self._made.items() if decoders.get(kind) is self._decoders.get(kind)}
        self._decoders = decoders

    def renew(self) -> None:
        """Begin anew with another source."""
        self._made.clear()

    def decoder(self, payload_type: int) -> Decoder | None:
        """Return the decoder of a payload type, None where it is no voice."""
        if payload_type not in self._made:
            make = self._decoders.get(payload_type)
            if make is None:
                return None
            self._made[payload_type] = make()
        return self._made[payload_type]

    def say(self, item: Item) -> Samples | None:
        """Return a packet's sound; None for a payload that is none."""
        decoder = self.decoder(item.payload_type)
        if decoder is None:
            return None
        self._turn_to(decoder)
        try:
            sound = decoder.decode(item.payload)
        except ValueError:
            return None
        self._concealed = 0
        self.noise.hear(sound)
        return self._joined(sound)

    def recover(self, following: Item, samples: int) -> Samples | None:
        """Return the sound of a lost packet that the following one repeats; None: it does not."""
        decoder = self.decoder(following.payload_type)
        if decoder is None or decoder is not self._current:
            return None
        try:
            sound = decoder.recover(following.payload, samples)
        except ValueError:
            return None
        if sound is None:
            return None
        self._concealed = 0
        return self._joined(sound)

    def conceal(self, samples: int) -> Samples | None:
        """Return what stands for lost sound, at least that many samples; None once it has faded out."""
        if self._current is None or self._concealed >= CONCEALED_MOST:
            return None
        sound = self._current.conceal(-(-samples // GRAIN) * GRAIN)
        self._concealed += len(sound)
        if self._concealed >= CONCEALED_MOST:
            self.noise.learnt()
            sound = cross_fade(sound, self.noise.take(len(sound)))
            self._tail = self.noise.ahead(FADE)
        return self._joined(sound) if self._concealed < CONCEALED_MOST else sound

    def rest(self, samples: int) -> Samples:
        """Return the noise of a pause."""
        self.end()
        sound = self._joined(self.noise.take(samples))
        self._tail = self.noise.ahead(FADE)
        return sound

    def end(self) -> None:
        """Let what comes next follow the voice, which ends here, without a seam."""
        if self._tail is None and self._current is not None:
            self._tail = self._current.conceal(2 * FADE)[:FADE]

    def _turn_to(self, decoder: Decoder) -> None:
        if decoder is not self._current:
            self.end()
            self._current = decoder

    def _joined(self, sound: Samples) -> Samples:
        """Return it, faded into from what sounded before, where that was not the same."""
        tail, self._tail = self._tail, None
        if tail is None or not len(sound):
            return sound
        most = min(len(tail), len(sound))
        return np.concatenate([cross_fade(tail[:most], sound[:most]), sound[most:]])
