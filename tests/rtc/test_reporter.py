"""When reports are sent, and what is made of the far end's."""

import asyncio

from intercom.rtc import rtcp
from intercom.rtc.reporter import Reporter
from intercom.rtc.reports import Reports
from intercom.rtc.rtcp import Block, Bye, Name, ReceiverReport, SenderReport
from intercom.rtc.sender import Line, Sender
from intercom.rtc.stats import Inbound
from tests.rtc.parts import OPUS, Words, agreed

OURS, THEIRS = 5, 7


def sender(words: Words) -> Sender:
    keypad, _ = agreed("opus")
    made = Sender(lambda _: None)
    made.line = Line(words, keypad, packet_ms=20, payload_type=OPUS, ssrc=OURS)
    made.has_path = True
    return made


async def test_reports_go_out_until_the_end_and_the_last_says_so() -> None:
    sent: asyncio.Queue[bytes] = asyncio.Queue()
    ours = sender(Words())
    reporter = Reporter(Reports(OURS, "me"), ours, Inbound(), sent.put_nowait)
    reporter.begin()
    reporter.begin()
    ours.put(b"voice")
    async with asyncio.timeout(5):
        first, name = rtcp.parse(await sent.get())
        second, _ = rtcp.parse(await sent.get())
    assert isinstance(first, SenderReport)
    assert ours.line
    assert (first.packets, first.timestamp, name) == (1, ours.line.timestamp, Name(OURS, "me"))
    assert second == ReceiverReport(OURS)
    reporter.stop()
    assert rtcp.parse(sent.get_nowait())[-1] == Bye((OURS,))


async def test_who_was_never_connected_says_no_goodbye() -> None:
    sent: asyncio.Queue[bytes] = asyncio.Queue()
    Reporter(Reports(OURS, "me"), sender(Words()), Inbound(), sent.put_nowait).stop()
    assert sent.empty()


async def test_what_the_far_end_loses_is_coded_for() -> None:
    words = Words()
    reporter = Reporter(Reports(OURS, "me"), sender(words), Inbound(), lambda _: None)
    reporter.received(rtcp.pack(ReceiverReport(THEIRS, (Block(OURS, 64, 9, 9, 9, 0, 0),))))
    reporter.received(rtcp.pack(ReceiverReport(THEIRS)))
    reporter.received(b"junk that is none")
    assert words.losses == [0.25]
