"""An exchange that stops, or is killed, during a call: sound goes on, and a hang-up afterwards ends the other side."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.exchange.wires import call, net

PROGRAM = """
import asyncio, sys
from pathlib import Path
from intercom.exchange.server import Exchange
from intercom.settings import schema
async def run():
    async with Exchange(schema.Exchange(host="127.0.0.1"), Path(sys.argv[1]), port=0) as exchange:
        print(exchange.port, flush=True)
        await asyncio.Event().wait()
asyncio.run(run())
"""


@pytest.mark.parametrize("who_hangs_up", [0, 1])
async def test_a_call_outlives_the_exchange_and_ends_for_both_afterwards(tmp_path: Path, who_hangs_up: int) -> None:
    async with net(tmp_path / "state") as house:
        async with house.exchange():
            tokens = [house.sdk("anna"), house.station("door")]
            before = [await house.registered(text) for text in tokens]
            sid = await call(before[0], before[1], "door")
        assert [await wire.hear_end() for wire in before] == [1001, 1001]
        async with house.exchange():
            after = [await house.registered(text) for text in tokens]
            await after[who_hangs_up].say("hangup", callsid=sid)
            async with asyncio.timeout(2):
                assert await after[1 - who_hangs_up].hear("hangup") == {"callsid": sid}


async def test_a_hang_up_finds_the_other_end_that_comes_back_later(tmp_path: Path) -> None:
    async with net(tmp_path / "state") as house:
        async with house.exchange():
            anna = await house.registered(house.sdk("anna"))
            sid = await call(anna, await house.registered(house.station("door")), "door")
        async with house.exchange():
            await (await house.registered(house.sdk("anna"))).say("hangup", callsid=sid)
            wire = await house.wire()
            await wire.sign_in(house.station("door"))
            assert await wire.hear("hangup") == {"callsid": sid}


async def test_a_call_outlives_an_exchange_that_is_killed(tmp_path: Path) -> None:
    async with net(tmp_path / "state") as house:
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, str(house.state), stdout=asyncio.subprocess.PIPE
        )
        assert program.stdout
        house.port = int(await asyncio.wait_for(program.stdout.readline(), 30))
        anna, door = await house.registered(house.sdk("anna")), await house.registered(house.station("door"))
        sid = await call(anna, door, "door")
        program.kill()
        await program.wait()
        async with house.exchange():
            anna, door = await house.registered(house.sdk("anna")), await house.registered(house.station("door"))
            await anna.say("hangup", callsid=sid)
            async with asyncio.timeout(2):
                assert await door.hear("hangup") == {"callsid": sid}


async def test_a_call_that_rang_is_over_after_a_restart(tmp_path: Path) -> None:
    async with net(tmp_path / "state") as house:
        async with house.exchange():
            anna, door = await house.registered(house.sdk("anna")), await house.registered(house.station("door"))
            await anna.say("invite", callsid="TJS1", sdp="v=0", twilio={"params": "To=door"})
            await anna.hear("ringing")
            await door.hear("invite")
        async with house.exchange():
            wire = await house.wire()
            await wire.sign_in(house.sdk("anna"))
            told = await wire.hear("hangup")
            assert (told["callsid"], told["error"]["code"]) == ("TJS1", 31480)
