"""Changes of this machine's addresses: told by the kernel in time, a moment without a carrier is not one."""

import asyncio
import sys
from collections.abc import Iterator
from subprocess import PIPE, Popen

import pytest

from intercom.network import SETTLES_IN_S, Network
from tests.call.clock import jumping
from tests.net.netns import Namespaces, NoNamespacesError

LOOPBACK = {"127.0.0.1", "::1"}
WATCH = """
import asyncio
from intercom.network import Network, carrying

async def watch():
    async with Network() as network:
        tell = lambda: print(*sorted(each for each in carrying() if not network.lacks(each)), flush=True)
        network.listen(tell)
        tell()
        await asyncio.Event().wait()

asyncio.run(watch())
"""


@pytest.fixture
def namespaces() -> Iterator[Namespaces]:
    try:
        with Namespaces("box", "switch") as made:
            yield made
    except NoNamespacesError as error:
        pytest.skip(f"no network namespaces: {error}")


@pytest.fixture
def told(namespaces: Namespaces) -> Iterator[Iterator[set[str]]]:
    """The addresses of `box` as a program there is told of them; its cable's other end is `port` of `switch`."""
    cable = "link add eth0 type veth peer name port netns switch"
    namespaces.ip("box", "link set lo up", cable, "link set eth0 addrgenmode none", "link set eth0 up")
    with Popen([*namespaces.within("box"), sys.executable, "-c", WATCH], stdout=PIPE, text=True) as watching:
        assert watching.stdout
        try:
            yield ({*line.split()} for line in watching.stdout)
        finally:
            watching.terminate()


def test_the_kernels_news_of_addresses_and_carriers_are_told(namespaces: Namespaces, told: Iterator[set[str]]) -> None:
    assert next(told) == LOOPBACK
    namespaces.ip("switch", "link set port up")
    namespaces.ip("box", "addr add 10.0.0.2/24 dev eth0")
    assert next(told) == {*LOOPBACK, "10.0.0.2"}
    namespaces.ip("switch", "link set port down")
    assert next(told) == LOOPBACK
    namespaces.ip("switch", "link set port up")
    assert next(told) == {*LOOPBACK, "10.0.0.2"}
    namespaces.ip("box", "addr del 10.0.0.2/24 dev eth0")
    assert next(told) == LOOPBACK


@jumping
async def test_a_new_address_is_told_at_once_and_a_lost_one_once_it_stays_away() -> None:
    addresses, told = {"10.0.0.2"}, list[float]()
    network = Network(lambda: frozenset(addresses))
    network.look()
    forget = network.listen(lambda: told.append(asyncio.get_running_loop().time()))
    addresses.add("fe80::1")
    network.look()
    assert (told, network.lacks("fe80::1%3")) == ([0.0], False)
    addresses.clear()
    network.look()
    addresses.update({"10.0.0.2", "fe80::1"})
    network.look()
    await asyncio.sleep(1)
    assert told == [0.0]
    addresses.clear()
    network.look()
    network.look()
    assert not network.lacks("10.0.0.2")
    await asyncio.sleep(1)
    assert (told, network.lacks("10.0.0.2")) == ([0.0, 1.0 + SETTLES_IN_S], True)
    forget()
    forget()
    addresses.add("10.0.0.3")
    network.look()
    assert len(told) == 2


async def test_before_it_has_looked_no_address_is_missed() -> None:
    assert not Network().lacks("192.0.2.1")


async def test_an_address_that_nobody_knows_is_not_missed() -> None:
    async with Network() as network:
        assert (network.lacks(""), network.lacks("127.0.0.1"), network.lacks("192.0.2.99")) == (False, False, True)
