"""What people say of a call, as the console gives it to the station."""

from pathlib import Path
from typing import Any

import pytest

from intercom.audio.voice import Voice
from intercom.console.gate import Gate
from intercom.console.loglines import LogLines
from intercom.door.lock import Lock
from intercom.door.warden import Warden
from intercom.errors import ConflictError, NoAnswerError, UsageError
from intercom.panel.panel import Panel
from intercom.settings import schema
from intercom.settings.schema import Settings
from intercom.station.annals import Annals
from intercom.station.caretaker import Caretaker, Machine
from intercom.station.comfort import Comfort
from intercom.station.doorway import Doorway
from intercom.station.operator import Staff, StationOperator
from intercom.station.tryout import Tryout
from intercom.station.tuning import Tuning
from intercom.system.clock import Clock
from intercom.system.power import reboot
from intercom.system.wifi import Wifi
from tests.call.world import SID
from tests.station.test_station import House


def operator(house: House, settings: Settings, state: Path) -> StationOperator:
    panel = Panel(schema.Panel(), lambda _: None, door=schema.Door(), feel=lambda _: None)
    voice = Voice(schema.Audio(), post=lambda _: None)
    tuning = Tuning(settings, voice, store=None, rebuild=lambda *_: None)
    comfort = Comfort(settings.call, voice, state=state, post=lambda _: None)
    lock = Lock(schema.Door(), state=state, is_simulated=True, post=lambda _: None)
    warden = Warden(schema.Door(), state)
    doorway = Doorway(settings, lock=lock, warden=warden, device=house.device, changed=lambda: None)
    annals = Annals(state, warden, is_audible=lambda: True)
    tryout = Tryout(lambda: settings, voice, door=dict, is_in_call=lambda: False, is_private=lambda: False)
    machine = Machine(state, Wifi(), reboot, lambda: None)
    staff = Staff(
        comfort=comfort,
        door=warden,
        doorway=doorway,
        annals=annals,
        tryout=tryout,
        clock=Clock(),
        log_lines=LogLines(),
        gate=Gate(state),
        caretaker=Caretaker(machine, house.station, panel),
    )
    return StationOperator(house.station, panel, tuning, staff, status=dict)


def told(house: House) -> list[dict[str, Any]]:
    bodies = [body for _, body in house.office.reports if body["group"] == "feedback"]
    return [
        {name: body["payload"].get(name) for name in ("call_sid", "quality_score", "issue_name")} for body in bodies
    ]


async def test_it_is_about_the_call_under_way_or_else_the_last_one(tmp_path: Path) -> None:
    house = House()
    desk = operator(house, Settings(), tmp_path)
    with pytest.raises(ConflictError, match="no call yet"):
        await desk.feedback(5, None)
    first = house.incoming(SID)
    first.accept()
    await house.settle()
    await desk.feedback(5, None)
    first.disconnect()
    await desk.feedback(2, "echo")
    house.incoming("CA2")
    await desk.feedback(3, None)
    assert told(house) == [
        {"call_sid": SID, "quality_score": 5, "issue_name": None},
        {"call_sid": SID, "quality_score": 2, "issue_name": "echo"},
        {"call_sid": "CA2", "quality_score": 3, "issue_name": None},
    ]


async def test_it_is_refused_where_it_makes_no_sense_or_nobody_takes_it(tmp_path: Path) -> None:
    house = House()
    house.incoming()
    with pytest.raises(ConflictError, match="Reports are off"):
        await operator(house, Settings(quality=schema.Quality(reports="off")), tmp_path).feedback(5, None)
    desk = operator(house, Settings(), tmp_path)
    with pytest.raises(UsageError, match="no such issue"):
        await desk.feedback(5, "loud")
    house.office.fault = NoAnswerError("The report was not taken.")
    with pytest.raises(NoAnswerError):
        await desk.feedback(5, None)
    assert told(house) == []
