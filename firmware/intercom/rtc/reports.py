"""What both ends of a call report to each other of the sound that arrives (RFC 3550, section 6.4).  Pure."""

from intercom.rtc import rtcp
from intercom.rtc.rtcp import Block, Bye, Name, ReceiverReport, SenderReport
from intercom.rtc.stats import Inbound, Sent, Source

EPOCH_S = 2_208_988_800  # 1970, since 1900


class Reports:
    """Writes ours and reads the far end's; times in seconds since 1970, by a clock that is never set back.

    `rtt_s` and `loss` (0 to 1: the share of our packets that the far end missed lately) are None until it has told
    them; `unreadable` counts what was no RTCP.
    """

    def __init__(self, ssrc: int, cname: str) -> None:
        self.rtt_s: float | None = None
        self.loss: float | None = None
        self.unreadable = 0
        self._ssrc, self._name = ssrc, Name(ssrc, cname)
        self._sent = Sent()
        self._told: tuple[Source, int, int] | None = None
        self._latest: tuple[int, float] | None = None

    def compose(self, sent: Sent, timestamp: int, inbound: Inbound, *, at_s: float) -> bytes:
        """Return a compound packet for now, when our next sample has this timestamp."""
        blocks = self._blocks(inbound, at_s)
        is_sending, self._sent = sent != self._sent, sent
        report = (
            SenderReport(self._ssrc, _ntp(at_s), timestamp, sent.packets, sent.payload_bytes, blocks)
            if is_sending
            else ReceiverReport(self._ssrc, blocks)
        )
        return rtcp.pack(report, self._name)

    def leave(self) -> bytes:
        """Return the packet that tells the far end that nothing more comes."""
        return rtcp.pack(ReceiverReport(self._ssrc), self._name, Bye((self._ssrc,)))

    def read(self, packet: bytes, *, at_s: float) -> bool:
        """Take a packet of the far end; return whether it tells of our stream."""
        is_ours = False
        for report in self._parsed(packet):
            match report:
                case SenderReport(ntp=ntp, blocks=blocks):
                    self._latest = ntp >> 16 & 0xFFFFFFFF, at_s
                case ReceiverReport(blocks=blocks):
                    pass
                case Name() | Bye():  # who ends its stream may begin another: that is not the end of the call
                    continue
            for block in blocks:
                if block.source == self._ssrc:
                    self._learn(block, at_s)
                    is_ours = True
        return is_ours

    def _parsed(self, packet: bytes) -> list[rtcp.Report]:
        try:
            return rtcp.parse(packet)
        except ValueError:
            self.unreadable += 1
            return []

    def _learn(self, block: Block, at_s: float) -> None:
        self.loss = block.fraction_lost / 256
        if block.last_report:
            units = (_middle(at_s) - block.last_report - block.delay) & 0xFFFFFFFF
            if 0 < units < 0x80000000:  # else less than our clocks can tell
                self.rtt_s = units / 65536

    def _blocks(self, inbound: Inbound, at_s: float) -> tuple[Block, ...]:
        source = inbound.source
        if source is None:
            return ()
        told, self._told = self._told, (source, source.expected, source.packets)
        _, expected, packets = told if told and told[0] is source else (source, 0, 0)
        expected, packets = source.expected - expected, source.packets - packets
        fraction = max(0, expected - packets) * 256 // expected if expected else 0
        lost = max(-(2**23), min(source.expected - source.packets, 2**23 - 1))
        jitter = int((inbound.jitter_ms or 0.0) * inbound.rate_hz / 1000)
        report, heard_s = self._latest or (0, at_s)
        delay = int((at_s - heard_s) * 65536)
        highest = source.highest & 0xFFFFFFFF
        return (Block(source.ssrc, min(fraction, 255), lost, highest, jitter & 0xFFFFFFFF, report, delay & 0xFFFFFFFF),)


def _ntp(at_s: float) -> int:
    return int((at_s + EPOCH_S) * 2**32) % 2**64  # an era of NTP ends in 2036


def _middle(at_s: float) -> int:
    return _ntp(at_s) >> 16 & 0xFFFFFFFF
