"""What is played next."""

from typing import Literal, assert_never

import numpy as np

from intercom.audio.frames import RATE
from intercom.rtc.coding import Samples
from intercom.rtc.counters import Counters
from intercom.rtc.intake import Stream
from intercom.rtc.pace import is_off
from intercom.rtc.shelf import Item
from intercom.rtc.speech import COMFORT_NOISE, Speech
from intercom.rtc.timescale import LEAST, nudge, period, shrink, stretch

SILENT, CHUNK, CONCEALED = RATE // 50, RATE // 200, RATE // 100  # samples made at a time: no stream, pause, wait
DTX_BYTES = 2  # an Opus packet that small says that a pause begins
QUIET = 100.0
LEAST_HOLE = 120  # samples; less is a far end's own correction of its clock
STALL_S = 0.5  # without a pull, after which all that waited is old
WEIGHT = 1 / 16

Pause = Literal["noise", "silence"]


class Reel:
    """Plays a stream piece by piece.

    While nothing is there its cursor goes on all the same: sound that was lost is stood for, and one that is only
    late takes the cursor back to where it begins, which makes the delay longer.  In a pause the cursor is free to go
    where the delay is as it should be.
    """

    def __init__(self, speech: Speech, counters: Counters) -> None:
        self.wait_ms: float | None = None
        self._speech, self._counters = speech, counters
        self._stream: Stream | None = None
        self._at_s = 0.0
        self._pulled = self._produced = 0
        self._pause: Pause | None = "silence"
        self._waited = self._missing = self._played = 0

    @property
    def concealed_fraction(self) -> float:
        """See `Playout.concealed_fraction`."""
        return self._missing / self._played if self._played else 0.0

    def turn(self, stream: Stream | None, *, at_s: float, pulled: int, samples: int) -> None:
        """Begin a pull of that many samples, when so many were pulled before."""
        is_stale = at_s - self._at_s > STALL_S
        self._stream, self._at_s, self._pulled = stream, at_s, pulled
        if stream is None:
            return
        stream.pace.pulled(at_s - pulled / RATE, at_s=at_s, samples=samples)
        if stream.is_fresh or is_stale:
            stream.is_fresh = False
            self._begin(stream)

    def next(self) -> Samples:
        """Return the next piece, which may be empty a few times."""
        sound = self._piece()
        self._produced += len(sound)
        if self._played or self._counters.packets_decoded:
            self._played += len(sound)
        return sound

    def _piece(self) -> Samples:
        stream = self._stream
        if stream is None:
            self._counters.silence_samples += SILENT
            return np.zeros(SILENT, np.int16)
        head = self._head(stream)
        if self._pause:
            self._aim(stream)
        if head is None:
            return self._rest(stream, CHUNK) if self._pause else self._wait(stream)
        if head.position - stream.cursor >= LEAST_HOLE:
            if not self._pause and head.number > stream.last + 1:
                return self._bridge(stream, head)
            return self._rest(stream, min(CHUNK, head.position - stream.cursor))
        return self._play(stream)

    def _head(self, stream: Stream) -> Item | None:
        """Return the first packet that sounds; those before it are taken out."""
        while (head := stream.shelf.head) is not None and head.samples == 0:
            stream.last = stream.shelf.pop().number
            if head.payload_type == COMFORT_NOISE and head.payload:
                self._pause = "noise"
                self._speech.noise.described(head.payload)
            elif head.payload:
                self._pause = "silence"
                self._speech.noise.mute()
        return head

    def _begin(self, stream: Stream) -> None:
        """Play from where the delay is as it should be; what came long before is dropped."""
        self._begin_pause()
        self._waited = 0
        aim = self._produced - stream.pace.target_samples()
        while (head := stream.shelf.head) is not None and head.position + head.samples <= aim:
            stream.last = stream.shelf.pop().number
            self._counters.dropped_samples += head.samples
        self._aim(stream)

    def _begin_pause(self) -> None:
        if not self._pause:
            self._pause = "noise"
            self._speech.noise.learnt()

    def _aim(self, stream: Stream) -> None:
        """In a pause: go to where the delay is as it should be, but no further than to the next sound."""
        aim = self._produced - stream.pace.target_samples()
        head = stream.shelf.head
        stream.cursor = aim if head is None else min(aim, head.position)

    def _rest(self, stream: Stream, samples: int) -> Samples:
        """Return what sounds in a pause."""
        self._begin_pause()
        self._missing -= self._waited
        self._waited = 0
        stream.cursor += samples
        if self._pause == "silence":
            self._counters.silence_samples += samples
        else:
            self._counters.noise_samples += samples
        return self._speech.rest(samples)

    def _wait(self, stream: Stream) -> Samples:
        """Return what sounds while the next packet is late or lost: that will show when one comes."""
        sound = self._conceal(CONCEALED)
        self._waited += len(sound)
        stream.cursor += len(sound)
        return sound

    def _bridge(self, stream: Stream, following: Item) -> Samples:
        """Return what sounds where packets before this one were lost."""
        hole = following.position - stream.cursor
        if hole == following.samples:
            sound = self._speech.recover(following, hole)
            stream.pace.tried(is_repeated=sound is not None)
            if sound is not None:
                stream.cursor = following.position
                self._counters.packets_recovered += 1
                self._counters.recovered_samples += len(sound)
                return sound
        lost = hole - following.samples if hole > following.samples else hole
        sound = self._conceal(min(lost, 2 * CONCEALED))
        stream.cursor = min(following.position, stream.cursor + len(sound))
        return sound

    def _conceal(self, samples: int) -> Samples:
        sound = self._speech.conceal(samples)
        if sound is None:
            sound = self._speech.rest(samples)
            self._counters.noise_samples += samples
        else:
            self._counters.concealed_samples += len(sound)
        self._missing += len(sound)
        return sound

    def _play(self, stream: Stream) -> Samples:
        """Return the sound of the first packet, longer or shorter where the delay is to change."""
        item = stream.shelf.pop()
        owed = self._produced - item.position
        sound = self._say(stream, item)
        excess_s = stream.pace.excess_s(owed)
        if not is_off(excess_s):
            return self._nudged(stream, sound, excess_s)
        head = self._head(stream)
        if len(sound) < LEAST and head is not None and head.position == stream.cursor:
            sound = np.concatenate([sound, self._say(stream, stream.shelf.pop())])
        return self._nudged(stream, self._changed(stream, sound, excess_s), excess_s)

    def _say(self, stream: Stream, item: Item) -> Samples:
        """Decode a packet, which was taken out."""
        stream.pace.played(item.samples, is_after_loss=item.number > stream.last + 1)
        wait_ms = 1000 * (self._at_s + (self._produced - self._pulled) / RATE - item.at_s)
        self.wait_ms = wait_ms if self.wait_ms is None else self.wait_ms + WEIGHT * (wait_ms - self.wait_ms)
        self._waited, self._pause = 0, None
        sound = self._speech.say(item)
        if sound is None:
            self._counters.packets_unreadable += 1
            sound = self._conceal(item.samples)
        else:
            self._counters.packets_decoded += 1
        if len(item.payload) <= DTX_BYTES:
            self._begin_pause()
        stream.last, stream.cursor = item.number, item.position + len(sound)
        return sound

    def _changed(self, stream: Stream, sound: Samples, excess_s: float) -> Samples:
        """Return the sound with one period of it less or more, where that is due."""
        if len(sound) < LEAST:
            return sound
        length, likeness = period(sound)
        is_quiet = float(np.abs(sound[::8]).mean()) < QUIET
        match stream.pace.change(excess_s, length=length, likeness=likeness, is_quiet=is_quiet):
            case "shrink":
                self._counters.shrunk_samples += length
                return shrink(sound, length)
            case "stretch":
                self._counters.stretched_samples += length
                return stretch(sound, length)
            case "keep":
                return sound
            case never:
                assert_never(never)

    def _nudged(self, stream: Stream, sound: Samples, excess_s: float) -> Samples:
        """Return the sound with one sample less or more, where clocks drift."""
        step = stream.pace.nudge(excess_s, samples=len(sound))
        if step == 0 or len(sound) < LEAST // 4:
            return sound
        if step > 0:
            self._counters.inserted_samples += step
        else:
            self._counters.removed_samples -= step
        return nudge(sound, step)
