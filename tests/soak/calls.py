"""`python -m tests.soak.calls FOLDER CALLS STEP`: calls in a row in one process, which tells its footprint.

An exchange and two Devices, everything real but the sound cards; they call one another by turns, hear each other and
hang up by turns.  After each STEP calls a line of JSON is printed, a `Footprint`.  FOLDER is an empty one.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from intercom import Device
from intercom.call import device
from intercom.call.connection import Connection
from intercom.call.options import Options
from intercom.exchange import accounts
from intercom.exchange.server import Exchange
from intercom.settings import schema
from tests.rig.simcard import SimCard, write_conf
from tests.soak.footprint import footprint

NAMES = ("hall", "attic")
AUDIBLE = 0.01
WITHIN_S = 20.0


class Party:
    """One Device: what it is called by, and the calls that have come in."""

    def __init__(self, name: str, device: device.Device) -> None:
        self.name, self.device = name, device
        self.incoming: asyncio.Queue[Connection] = asyncio.Queue()
        device.on("incoming", self.incoming.put_nowait)


async def main(folder: Path, calls: int, step: int) -> None:
    """Call, and print what the process holds."""
    async with parties(folder) as both:
        for number in range(1, calls + 1):
            caller, callee = both if number % 2 else reversed(both)
            await call(caller, callee, hangs_up=number // 2 % 2, until="sample" if number % 10 == 0 else "accept")
            if number % step == 0:
                print(json.dumps(asdict(await footprint(number))), flush=True)  # noqa: T201


async def call(caller: Party, callee: Party, *, hangs_up: int, until: str) -> None:
    """Let one call the other; both hear each other and see an event; the caller (0) or the callee (1) hangs up."""
    async with asyncio.timeout(WITHIN_S):
        outgoing = caller.device.connect({"To": callee.name})
        incoming = await callee.incoming.get()
        ends = outgoing, incoming
        sound = [*map(hears, ends), *(happens(end, until) for end in ends)]
        over = [happens(end, "disconnect") for end in ends]
        incoming.accept()
        await asyncio.gather(*sound)
        ends[hangs_up].disconnect()
        await asyncio.gather(*over)


def hears(connection: Connection) -> asyncio.Future[None]:
    """Return what is done when the far end is heard."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def listen(_: float, output: float) -> None:
        if output > AUDIBLE and not done.done():
            done.set_result(None)

    connection.on("volume", listen)
    return done


def happens(emitter: Connection | device.Device, event: str) -> asyncio.Future[None]:
    """Return what is done when an event has come."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    emitter.once(event, lambda *_: done.set_result(None))
    return done


@asynccontextmanager
async def parties(folder: Path) -> AsyncIterator[list[Party]]:
    """Start an exchange and both Devices; they are registered."""
    cards = {name: SimCard(folder / name) for name in NAMES}
    for card in cards.values():
        card.hum(440)
    os.environ["ALSA_CONFIG_PATH"] = str(write_conf(folder / "asound.conf", cards))
    state = folder / "exchange"
    async with AsyncExitStack() as parts:
        exchange = await parts.enter_async_context(Exchange(schema.Exchange(host="127.0.0.1"), state, port=0))
        made = []
        for name in NAMES:
            given = settings(state, name, exchange.port)
            device = await parts.enter_async_context(Device(given, Options(enable_ringing_state=True)))
            async with asyncio.timeout(WITHIN_S):
                await happens(device, "ready")
            made.append(Party(name, device))
        yield made


def settings(state: Path, name: str, port: int) -> schema.Settings:
    key = accounts.station_key(state, name)
    return schema.Settings(
        station=schema.Station(identity=name),
        signaling=schema.Signaling(
            url=f"wss://localhost:{port}/signal", api_key=key.api_key, api_secret=key.api_secret, ca_pin=key.ca_pin
        ),
        audio=schema.Audio(capture=name, playback=name, echo="off"),
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
