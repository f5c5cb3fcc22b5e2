"""What answers Improv's packets: it tells of this station and sets its Wi-Fi, and nothing else."""

import logging
import platform
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Any, assert_never

from intercom.console.improv import JOIN, Fault, Join, Kind, Request, State, Verb, packet, read, result
from intercom.console.operator import Operator
from intercom.errors import IntercomError

logger = logging.getLogger(__name__)


async def answers(whole: bytes, operator: Operator) -> AsyncIterator[bytes]:
    """The packets that answer one, each as soon as it is known, on lines of their own.

    There are none while the station has a password, unless its service button was pressed just now.
    """
    request = read(whole)
    if request is None or not (await operator.gate.is_fresh() or operator.caretaker.is_service_wanted()):
        return
    async for answer in _answers(request, operator):
        yield b"\n" + answer + b"\n"  # a client drops the text before a line's end, such as the prompt


async def _answers(request: Request, operator: Operator) -> AsyncIterator[bytes]:
    if isinstance(request, Fault):
        yield _fault(request)
        return
    yield _fault(Fault.NONE)
    try:
        async for answer in _fulfilled(request, operator):
            yield answer
    except IntercomError as error:
        logger.warning("improv: %s", error)
        is_join = isinstance(request, Join)
        yield _fault(Fault.NOT_JOINED if is_join else Fault.OTHER)
        if is_join:
            yield _state(State.READY)


async def _fulfilled(request: Join | Verb, operator: Operator) -> AsyncIterator[bytes]:
    caretaker = operator.caretaker
    match request:
        case Join(ssid, password):
            logger.info("improv: a network is joined")
            yield _state(State.PROVISIONING)
            await caretaker.join(ssid, password, is_now=False)
            yield _state(State.PROVISIONED)
            yield result(JOIN)
        case Verb.STATE:
            is_joined = await _is_joined(operator)
            yield _state(State.PROVISIONED if is_joined else State.READY)
            if is_joined:
                yield result(Verb.STATE)
        case Verb.DEVICE:
            name = operator.settings.station.name
            yield result(Verb.DEVICE, "intercom", version("intercom"), platform.machine(), name)
        case Verb.NETWORKS:
            for network in await caretaker.networks(is_now=False):
                yield _network(network)
            yield result(Verb.NETWORKS)
        case _:
            assert_never(request)


async def _is_joined(operator: Operator) -> bool:
    try:
        return bool((await operator.caretaker.wifi())["state"] == "connected")
    except IntercomError:
        return False  # without any Wi-Fi a client is told when it wants to join


def _network(network: dict[str, Any]) -> bytes:
    dbm = network["signal"] // 2 - 100  # NetworkManager's percent are twice the dBm above -100
    return result(Verb.NETWORKS, network["ssid"], str(dbm), "YES" if network["security"] else "NO")


def _state(state: State) -> bytes:
    return packet(Kind.STATE, bytes([state]))


def _fault(fault: Fault) -> bytes:
    return packet(Kind.ERROR, bytes([fault]))
