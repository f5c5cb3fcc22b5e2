"""Which packets make up the sound that is heard."""

from intercom.audio.frames import RATE
from intercom.rtc.coding import Decoder
from intercom.rtc.counters import Counters
from intercom.rtc.pace import Pace
from intercom.rtc.rtp import Packet
from intercom.rtc.shelf import Item, Shelf
from intercom.rtc.skew import Skew
from intercom.rtc.speech import COMFORT_NOISE, Speech
from intercom.rtc.timeline import Place, Timeline

LONGEST = RATE // 5  # samples of a packet; Opus allows for 120 ms


class Stream:
    """Packets of one source without a jump: those that wait, and how far the playing of them has come.

    `last` is the number of the newest one that was played, `cursor` the position that sounds next.
    """

    def __init__(self, timeline: Timeline, pace: Pace) -> None:
        self.timeline, self.pace = timeline, pace
        self.shelf = Shelf()
        self.last = timeline.first_number - 1
        self.cursor = 0
        self.is_fresh = True


class Intake:
    """Puts packets into the stream that they belong to.

    One that fits nowhere (another source, a jump of sequence number or timestamp) is kept aside; when the next one
    follows it, the two begin another stream.  So a stray packet does no harm.
    """

    def __init__(self, speech: Speech, counters: Counters) -> None:
        self.stream: Stream | None = None
        self.skew = Skew()
        self._speech, self._counters = speech, counters
        self._rate_hz = RATE
        self._stranger: tuple[Timeline, Item] | None = None

    def take(self, packet: Packet, *, at_s: float) -> None:
        """Take a packet that came at that time."""
        decoder = self._speech.decoder(packet.payload_type)
        if not packet.payload or (decoder is None and packet.payload_type != COMFORT_NOISE):
            self._mark(packet, at_s=at_s)
            return
        samples = _duration(decoder, packet.payload)
        if samples is None:
            self._counters.packets_unreadable += 1
            return
        if decoder is not None:
            self._rate_hz = decoder.rate_hz
        self._sounding(packet, samples, at_s=at_s)

    def _mark(self, packet: Packet, *, at_s: float) -> None:
        """Let a packet without sound hold its place."""
        if self.stream is None:
            return
        place = self.stream.timeline.mark(packet)
        if place is not None:
            self._add(self.stream, Item(*place, 0, packet.payload_type, packet.payload, at_s))

    def _sounding(self, packet: Packet, samples: int, *, at_s: float) -> None:
        if self.stream is not None:
            place = self.stream.timeline.place(packet, self._rate_hz, samples=samples, at_s=at_s)
            if place is not None:
                self._stranger = None
                self._arrived(self.stream, packet, place, samples, at_s=at_s)
                return
        self._strange(packet, samples, at_s=at_s)

    def _strange(self, packet: Packet, samples: int, *, at_s: float) -> None:
        if self._stranger is not None:
            timeline, first = self._stranger
            place = timeline.place(packet, self._rate_hz, samples=samples, at_s=at_s)
            if place is not None and place.number > first.number:
                self._begin(timeline, first)
                assert self.stream is not None
                self._arrived(self.stream, packet, place, samples, at_s=at_s)
                return
        timeline = Timeline(packet, self._rate_hz, samples=samples, at_s=at_s)
        first = Item(packet.sequence_number, 0, samples, packet.payload_type, packet.payload, at_s)
        if self.stream is None:
            self._begin(timeline, first)
        else:
            self._stranger = timeline, first

    def _begin(self, timeline: Timeline, first: Item) -> None:
        if self.stream is not None:
            self._counters.resets += 1
            self._counters.dropped_samples += self.stream.shelf.clear()
            self._speech.end()
            if timeline.ssrc != self.stream.timeline.ssrc:
                self._speech.renew()
        self._stranger = None
        self.skew.renew()
        self.stream = Stream(timeline, Pace(self.skew, first.at_s, at_s=first.at_s))
        timeline.is_repeated(first.number)
        self._add(self.stream, first)

    def _arrived(self, stream: Stream, packet: Packet, place: Place, samples: int, *, at_s: float) -> None:
        if stream.timeline.is_repeated(place.number):
            self._counters.packets_repeated += 1
            return
        stream.pace.arrived(at_s - place.position / RATE, at_s=at_s)
        self._add(stream, Item(*place, samples, packet.payload_type, packet.payload, at_s))

    def _add(self, stream: Stream, item: Item) -> None:
        if item.number <= stream.last:
            self._counters.packets_late += 1
            return
        gone = stream.shelf.add(item)
        if gone:
            self._speech.end()
            self._counters.dropped_samples += sum(one.samples for one in gone)
            stream.last, stream.cursor = gone[-1].number, gone[-1].position + gone[-1].samples


def _duration(decoder: Decoder | None, payload: bytes) -> int | None:
    """Return how much sound a packet holds, which is none where it only describes noise; None: it can't be read."""
    if decoder is None:
        return 0
    try:
        samples = decoder.duration(payload)
    except ValueError:
        return None
    return samples if 0 < samples <= LONGEST else None
