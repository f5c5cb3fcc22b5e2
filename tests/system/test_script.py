"""Two scripts with `from intercom import Device` call each other, with sound, through a real exchange."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from intercom import Device, Options
from intercom.call.connection import Connection
from intercom.exchange import accounts
from intercom.settings.schema import Audio, Settings, Signaling, Station
from tests.exchange.wires import Net, net
from tests.rig.ear import until_heard
from tests.rig.simcard import SimCard
from tests.system.house import House


def settings(house: Net | House, name: str) -> Settings:
    key = accounts.station_key(house.state, name)
    return Settings(
        station=Station(identity=name),
        signaling=Signaling(
            url=f"wss://localhost:{house.port}/signal",
            api_key=key.api_key,
            api_secret=key.api_secret,
            ca_pin=key.ca_pin,
        ),
        audio=Audio(capture=name, playback=name),
    )


async def test_a_script_calls_another_with_a_parameter_and_both_hear_each_other(
    tmp_path: Path, cards: Path, plug_in: Callable[..., None]
) -> None:
    hall, attic = SimCard(cards / "hall"), SimCard(cards / "attic")
    hall.hum(440)
    attic.hum(880)
    plug_in(hall=hall, attic=attic)
    async with (
        net(tmp_path) as house,
        house.exchange(),
        Device(settings(house, "hall"), Options(enable_ringing_state=True)) as caller,
        Device(settings(house, "attic")) as callee,
    ):
        incoming: asyncio.Queue[Connection] = asyncio.Queue()
        callee.on("incoming", incoming.put_nowait)
        ready = [asyncio.Event(), asyncio.Event()]
        for device, event in zip((caller, callee), ready, strict=True):
            device.on("ready", lambda _, event=event: event.set())
        async with asyncio.timeout(20):
            for event in ready:
                await event.wait()
            opened = asyncio.Event()
            outgoing = caller.connect({"To": "attic", "greeting": "hello, world"})
            outgoing.on("accept", lambda _: opened.set())
            connection = await incoming.get()
            assert connection.custom_parameters == {"greeting": "hello, world"}
            assert connection.parameters["From"] == "client:hall"
            connection.accept()
            await opened.wait()
        assert (outgoing.status(), connection.status()) == ("open", "open")
        assert (outgoing.codec, connection.codec) == ("opus", "opus")
        await until_heard(attic, 440)
        await until_heard(hall, 880)
        assert outgoing.parameters["CallSid"] == connection.parameters["CallSid"]
    assert (outgoing.status(), connection.status()) == ("closed", "closed")
