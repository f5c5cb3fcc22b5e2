"""The same scenario with the official SDK v1 and with ours, in one run: the frames are the same, member by member."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import Chromium
from tests.browser.connections import closed_by_the_browser
from tests.rtc.call import End
from tests.rtc.room import Room
from tests.signaling.script import Line, Script, script
from tests.signaling.sides import NEXT_TOKEN, Side, our_side, their_side

# What must differ between two phones, by type and path, and what it is in both.
MUST_DIFFER = {
    ("listen", "browserinfo.browser.userAgent"): r".+",  # who each of them is
    ("listen", "browserinfo.browser.platform"): r".+",
    ("invite", "callsid"): r"TJS[0-9a-f-]{36}",  # drawn anew for each call
    ("invite", "sdp"): r"v=0\r\n.*m=audio .*",  # its own media; tests/rtc and tests/system compare what matters in it
    ("answer", "sdp"): r"v=0\r\n.*m=audio .*",
    ("hangup", "callsid"): r"TJS[0-9a-f-]{36}",  # the temporary one; an id that the exchange gave is the same
}

Frame = tuple[str, str, dict[str, Any]]


@dataclass
class Scenario:
    """The exchange's part; `frames` is what the phone said, in order."""

    phone: Side
    line: Line
    frames: list[Frame] = field(default_factory=list)

    async def hear(self, kind: str) -> dict[str, Any]:
        """Wait for the next frame; the `register` of each 30 s may come in between."""
        frame = await self.line.next()
        while frame["type"] == "register" != kind:
            frame = await self.line.next()
        assert frame["type"] == kind, frame
        self.frames.append((frame["type"], frame["version"], frame["payload"]))
        payload: dict[str, Any] = frame["payload"]
        return payload

    async def hears_no_more(self) -> None:
        """See that all that went before has led to no other frame."""
        await self.line.beat()
        assert [frame for frame in self.line.unread() if frame is None or frame["type"] != "register"] == []

    async def registers(self) -> None:
        await self.hear("listen")
        await self.line.say("connected", region="US_EAST_VIRGINIA", gateway="here")
        await self.hear("register")
        await self.line.say("ready")
        await self.hears_no_more()

    async def calls_out(self) -> None:
        await self.phone.connect(To="client:bob", **{"a b": "x&y=z+1%", "k=&": "!'()*~-_."})
        invite = await self.hear("invite")
        await self.line.say("ringing", callsid="CA1")
        await self.phone.is_in("ringing")
        far_end = End(Room(660))
        await far_end.peer.open()
        try:
            answer = without_digits(await far_end.peer.answer(invite["sdp"]))
            await self.line.say("answer", callsid="CA1", sdp=answer)
            await self.phone.is_in("open")
            await self.talks()
        finally:
            await far_end.peer.close()

    async def talks(self) -> None:
        await self.phone.send_digits("12w*#")
        await self.hear("dtmf")
        await self.phone.mute()
        await self.phone.mute(False)
        await self.hears_no_more()
        await self.phone.renew(NEXT_TOKEN)
        await self.registers()
        await self.phone.disconnect()
        await self.hear("hangup")
        await self.phone.is_in("closed")

    async def is_refused(self) -> None:
        await self.phone.connect()
        invite = await self.hear("invite")
        await self.line.say("hangup", callsid=invite["callsid"], error={"code": 31404, "message": "Not found"})
        await self.phone.is_in("closed")
        await self.hears_no_more()

    async def gives_up(self, *, is_ringing: bool) -> None:
        await self.phone.connect(To="bob")
        await self.hear("invite")
        if is_ringing:
            await self.line.say("ringing", callsid="CA2")
            await self.phone.is_in("ringing")
        await self.phone.disconnect()
        await self.hear("hangup")
        await self.phone.is_in("closed")

    async def is_called(self, sid: str, *, is_hanging_up: bool) -> None:
        far_end = End(Room(660))
        await far_end.peer.open()
        try:
            await self.line.say("invite", **invitation(sid, await far_end.peer.offer()))
            await self.phone.is_in("pending")
            await self.phone.accept()
            await far_end.peer.accept((await self.hear("answer"))["sdp"])
            await self.phone.is_in("open")
            await far_end.room.until_heard(self.phone.microphone_hz)
            await self.phone.send_digits("5")  # by RTP, now that sound flows: no frame
            await self.hears_no_more()
            if is_hanging_up:
                await self.phone.disconnect()
                await self.hear("hangup")
            else:
                await self.line.say("hangup", callsid=sid)
            await self.phone.is_in("closed")
        finally:
            await far_end.peer.close()
        await self.hears_no_more()

    async def is_called_in_vain(self, sid: str, offer: str) -> None:
        await self.line.say("invite", **invitation(sid, offer))
        await self.phone.is_in("pending")

    async def run(self) -> list[Frame]:
        await self.registers()
        await self.calls_out()
        await self.is_refused()
        await self.gives_up(is_ringing=True)
        await self.gives_up(is_ringing=False)
        await self.is_called("CA3", is_hanging_up=True)
        await self.is_called("CA4", is_hanging_up=False)
        await self.is_called_in_vain("CA5", OFFER)
        await self.phone.reject()
        await self.hear("reject")
        await self.is_called_in_vain("CA6", OFFER)
        await self.phone.ignore()
        await self.phone.is_in("closed")
        await self.hears_no_more()
        await self.is_called_in_vain("CA7", OFFER)
        await self.line.say("cancel", callsid="CA7")
        await self.phone.is_in("closed")
        await self.hears_no_more()
        return self.frames


OFFER = "v=0\r\n"


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Script]:
    async with script(tmp_path) as made:
        yield made
    await closed_by_the_browser()


async def test_our_frames_are_those_of_the_official_sdk(exchange: Script, chromium: Chromium) -> None:
    async with their_side(exchange, chromium) as phone:
        theirs = await Scenario(phone, await exchange.line()).run()
    async with our_side(exchange) as phone:
        ours = await Scenario(phone, await exchange.line()).run()
    assert [kind for kind, *_ in ours] == [kind for kind, *_ in theirs]
    assert [comparable(frame) for frame in ours] == [comparable(frame) for frame in theirs]


def comparable(frame: Frame) -> Frame:
    """Return the frame with what must differ replaced by the pattern that it matches."""
    kind, version, payload = frame
    return kind, version, _comparable(kind, payload, "")


def _comparable(kind: str, value: Any, path: str) -> Any:
    if isinstance(value, dict):
        return {name: _comparable(kind, inner, f"{path}.{name}".strip(".")) for name, inner in value.items()}
    pattern = MUST_DIFFER.get((kind, path))
    if pattern and not str(value).startswith("CA"):
        assert re.fullmatch(pattern, value, re.DOTALL), (kind, path)
        return pattern
    return value


def invitation(sid: str, offer: str) -> dict[str, Any]:
    parameters = {"CallSid": sid, "From": "client:bob", "To": "client:hall", "ApiVersion": "2010-04-01"}
    return {"callsid": sid, "sdp": offer, "parameters": parameters}


def without_digits(sdp: str) -> str:
    """Return the description without telephone-event, so that digits go by signalling."""
    for number in re.findall(r"a=rtpmap:(\d+) telephone-event", sdp):
        sdp = re.sub(rf"a=(rtpmap|fmtp):{number} .*\r\n", "", sdp)
        sdp = re.sub(rf"(m=audio .*) {number}\b", r"\1", sdp)
    return sdp
