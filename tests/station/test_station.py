"""The station: what people press, see and hear."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from msgspec import structs

from intercom.call.options import Options
from intercom.call.ports import MediaState
from intercom.errors import ConflictError, UsageError
from intercom.panel.events import Edge, Flood
from intercom.panel.patterns import Light
from intercom.settings.schema import Call, Panel, Settings
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Answer, Cancel, Dtmf, Failure, Hangup, Invite, Ringing
from intercom.station.actions import TURNS, Action
from intercom.station.companion import Companion
from intercom.station.station import Inbox, Station
from intercom.station.status import snapshot
from intercom.station.view import Shows
from tests.call.world import ANSWER, SID, World

SETTINGS = Settings(call=Call(to="web"), panel=Panel(hold_ms=300))


class House(World):
    """A station with a lamp and a speaker that remember."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        super().__init__(Options(enable_ringing_state=True, enable_ice_restart=True))
        self.light = Light("off", "off")
        self.tones: list[str | None] = []
        self.inbox: Inbox = asyncio.Queue()
        self.station = Station(
            settings, self.inbox, device=self.device, lamp=self, speaker=self, companions=self.companions(settings)
        )
        self.station.publish = self._published
        self.published = 0
        self._shown = asyncio.Event()

    def companions(self, _settings: Settings) -> Sequence[Companion]:
        """Return what lives in the station beside its calls."""
        return ()

    def show(self, light: Light) -> None:
        self.light = light

    def play(self, tone: str) -> None:
        self.tones.append(tone)

    def stop(self) -> None:
        self.tones.append(None)

    def edge(self, button: str, *, is_down: bool) -> None:
        self.inbox.put_nowait(Edge(button, is_down, asyncio.get_running_loop().time()))

    def tap(self, button: str = "answer") -> None:
        self.edge(button, is_down=True)
        at = asyncio.get_running_loop().time() + 0.1
        self.inbox.put_nowait(Edge(button, is_down=False, at=at))

    def flood(self, button: str, *, since: float) -> None:
        self.inbox.put_nowait(Flood(button, asyncio.get_running_loop().time(), since))

    async def shows(self, shows: Shows) -> None:
        async with asyncio.timeout(5):
            while self.station.view.shows is not shows:
                self._shown.clear()
                await self._shown.wait()
        await self.settle()

    def _published(self) -> None:
        self.published += 1
        self._shown.set()


@asynccontextmanager
async def living(house: House) -> AsyncIterator[House]:
    task = asyncio.create_task(house.station.run())
    await house.settle()
    yield house
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_visitor_rings_the_resident_answers_and_the_visitor_leaves() -> None:
    async with living(House()) as house:
        assert house.light == Light("heartbeat", "white")
        house.incoming()
        await house.shows(Shows.PENDING)
        assert (house.light, house.tones) == (Light("chase", "blue"), ["ringtone"])
        house.tap()
        await house.shows(Shows.OPEN)
        assert (house.light, house.tones) == (Light("steady", "green"), ["ringtone", None])
        house.wire.receive(Hangup(callsid=SID))
        await house.shows(Shows.ENDED)
        assert (house.light, house.tones[-1]) == (Light("flash-long", "green"), "end")
        await house.shows(Shows.IDLE)


async def test_a_call_right_after_another_rings_once() -> None:
    async with living(House()) as house:
        house.incoming().accept()
        await house.shows(Shows.OPEN)
        house.wire.receive(Hangup(callsid=SID))
        await house.shows(Shows.ENDED)
        house.incoming("CA2")
        await house.shows(Shows.PENDING)
        async with asyncio.timeout(5):
            while house.station._notice:  # the end of the first call is shown no more
                house._shown.clear()
                await house._shown.wait()
        assert house.tones.count("ringtone") == 1


async def test_a_held_button_rejects_for_all_and_its_release_answers_nothing() -> None:
    async with living(House()) as house:
        connection = house.incoming()
        house.edge("answer", is_down=True)
        await house.shows(Shows.ENDED_QUIETLY)
        house.edge("answer", is_down=False)
        await house.settle()
        assert connection.ended
        assert connection.ended.how == "rejected"
        assert house.tones == ["ringtone", None]


async def test_the_caller_who_gives_up_ends_the_ringing() -> None:
    async with living(House()) as house:
        house.incoming()
        await house.shows(Shows.PENDING)
        house.wire.receive(Cancel(callsid=SID))
        await house.shows(Shows.ENDED_QUIETLY)
        assert house.tones == ["ringtone", None]


async def test_a_press_when_idle_calls_and_the_ringback_is_heard_until_the_answer() -> None:
    async with living(House()) as house:
        house.tap()
        await house.shows(Shows.CONNECTING)
        invite = house.wire.sent[-1]
        assert isinstance(invite, Invite)
        assert invite.twilio.params == "To=web"
        house.wire.receive(Ringing(callsid=SID))
        await house.shows(Shows.RINGING)
        house.wire.receive(Answer(callsid=SID, sdp=ANSWER))
        await house.shows(Shows.OPEN)
        assert house.tones == ["ringback", None]


@pytest.mark.parametrize(("code", "shows", "tone"), [(31486, Shows.BUSY, "busy"), (31404, Shows.FAILED, "failed")])
async def test_a_call_that_fails_is_red_with_the_tone_of_its_reason(code: int, shows: Shows, tone: str) -> None:
    async with living(House()) as house:
        house.tap()
        await house.shows(Shows.CONNECTING)
        temporary = house.station.connection
        assert temporary
        house.wire.receive(Hangup(callsid=temporary.sid, error=Failure(code, "The reason.")))
        await house.shows(shows)
        assert (house.light, house.tones[-1]) == (Light("flash-three", "red"), tone)
        call = snapshot(SETTINGS.station, house.station, house.device, {})["call"]
        assert (call["status"], call["ended"]["code"], call["ended"]["message"]) == ("closed", code, "The reason.")


async def test_a_press_while_not_registered_says_so_each_time() -> None:
    house = House()
    house.wire.state = StreamState.DISCONNECTED
    async with living(house):
        assert house.light == Light("blink", "amber")
        for _ in range(2):
            house.tap("call")
            await house.shows(Shows.NOT_CONNECTED)
            await house.shows(Shows.OFFLINE)
        assert house.tones == ["not-connected", None] * 2


async def test_a_press_with_nobody_to_call_says_so() -> None:
    async with living(House(Settings())) as house:
        house.tap()
        await house.shows(Shows.NOT_CONFIGURED)
        assert house.tones == ["not-configured"]


async def test_the_mute_button_is_seen_on_the_ring() -> None:
    async with living(House()) as house:
        house.incoming().accept()
        await house.shows(Shows.OPEN)
        house.tap("mute")
        await house.settle()
        assert house.light == Light("steady", "green", ("muted",))
        house.station.phone.mute(False)
        await house.settle()
        assert house.tones[-2:] == ["muted", "unmuted"]


async def test_the_volume_buttons_turn_the_voice_or_what_rings_with_a_click() -> None:
    async with living(House()) as house:
        turns: list[tuple[str, int]] = []
        house.station.turn = lambda path, by: turns.append((path, by))
        house.tap("volume_down")
        await house.settle()
        house.incoming()
        await house.shows(Shows.PENDING)
        house.tap("volume_up")
        await house.settle()
        assert turns == [("audio.volume", -10), ("audio.ring_volume", 10)]
        assert house.tones == ["volume", "ringtone", "volume"]


async def test_a_button_that_means_nothing_now_is_heard_to() -> None:
    async with living(House()) as house:
        house.tap("mute")
        await house.settle()
        assert house.tones == ["refused"]


async def test_a_link_that_is_lost_in_a_call_is_seen_and_the_call_goes_on() -> None:
    async with living(House()) as house:
        house.incoming().accept()
        await house.shows(Shows.OPEN)
        house.wire.becomes(StreamState.DISCONNECTED)
        await house.settle()
        assert house.light == Light("steady", "green", ("link-lost",))
        assert snapshot(SETTINGS.station, house.station, house.device, {})["registration"] == "offline"


async def test_the_snapshot_tells_how_good_the_call_is() -> None:
    async with living(House()) as house:
        connection = house.incoming()
        connection.accept()
        await house.shows(Shows.OPEN)
        house.published = 0
        await connection.quality.measure(at=0.0)
        await house.settle()
        assert house.published == 1
        house.sounds[0].becomes(MediaState.DISCONNECTED)
        await house.settle()
        now = snapshot(SETTINGS.station, house.station, house.device, {})
        assert (now["sample"]["codecName"], now["warnings"]) == ("opus", ["ice-connectivity-lost"])
        told = {name: now["figures"][name] for name in ("concealedFraction", "playoutDelay", "mouthToEar", "late")}
        assert told == {"concealedFraction": 0.25, "playoutDelay": None, "mouthToEar": None, "late": 0}
        assert house.light.overlays == ()


async def test_a_call_of_poor_quality_is_seen_on_the_ring() -> None:
    async with living(House()) as house:
        connection = house.incoming()
        connection.accept()
        await house.shows(Shows.OPEN)
        house.sounds[0].record = structs.replace(house.sounds[0].record, jitter=50.0)
        for second in range(3):
            await connection.quality.measure(at=asyncio.get_running_loop().time() + 10 + second)
        await house.settle()
        assert "high-jitter" in connection.quality.warnings
        assert house.light == Light("steady", "green", ("poor-quality",))


async def test_digits_are_sent_in_a_call_and_stand_in_no_log_and_no_status(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with living(House()) as house:
        with pytest.raises(ConflictError, match="no call in which digits"):
            house.station.phone.send_digits("86420")
        house.station.phone.call("web")
        await house.settle()
        house.wire.receive(Answer(callsid=SID, sdp=ANSWER))
        await house.shows(Shows.OPEN)
        with pytest.raises(UsageError):
            house.station.phone.send_digits("8642A")
        house.station.phone.send_digits("86420")
        house.wire.receive(Dtmf(callsid=SID, dtmf="97531"))
        assert house.sounds[0].dialled == ["86420"]
        told = f"{caplog.text}{snapshot(SETTINGS.station, house.station, house.device, {})}"
        assert "86420" not in told
        assert "97531" not in told


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.CALL, Action.SAY_NOT_CONNECTED} - TURNS.keys()))
async def test_what_makes_no_sense_now_is_refused_with_the_reason(action: Action) -> None:
    with pytest.raises(ConflictError):
        House().station.do(action)


async def test_no_call_is_placed_while_the_exchange_is_away() -> None:
    house = House()
    house.wire.state = StreamState.DISCONNECTED
    with pytest.raises(ConflictError, match="not connected"):
        house.station.phone.call("web")
