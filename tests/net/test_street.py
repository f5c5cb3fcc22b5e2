"""The street itself, before it is trusted: what passes, what is cut, what moves, and that nothing of it remains."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.net.netns import Namespaces, NoNamespacesError
from tests.net.street import BROWSER, ETHERNET, EXCHANGE, Street

SERVES = """
import socket
server = socket.create_server(("", 5000))
print("ready", flush=True)
while True:
    server.accept()[0].close()
"""
KNOCKS = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], 5000), timeout=0.5).close()
    print("answered")
except TimeoutError:
    print("silent")
"""
LIVES_IN_THE_STREET = """
import subprocess
from tests.net.street import Street
with Street() as street:
    command = [*street.within("hall"), "sh", "-c", "echo ready && exec sleep 600"]
    inhabitant = subprocess.Popen(command, stdout=subprocess.PIPE)
    inhabitant.stdout.readline()
    print(inhabitant.pid, street.holder, flush=True)
    inhabitant.wait()
"""


@pytest.fixture(scope="module")
def street(namespaces: None) -> Iterator[Street]:
    with Street() as made:
        yield made


@pytest.fixture(autouse=True)
def _servers(street: Street) -> Iterator[None]:
    with serving(street, EXCHANGE), serving(street, BROWSER), serving(street, "hall"):
        yield


@contextmanager
def serving(street: Street, host: str) -> Iterator[None]:
    """Let a machine answer."""
    command = [*street.within(host), sys.executable, "-c", SERVES]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stdout.readline() == "ready\n"
        yield
        server.kill()


def knock(street: Street, visitor: str, address: str) -> str:
    """Tell whether somebody answers."""
    return street.run(visitor, sys.executable, "-c", KNOCKS, address).strip()


def test_a_cut_stops_two_machines_from_hearing_each_other_and_nobody_else(street: Street) -> None:
    assert knock(street, "hall", street.address(BROWSER)) == "answered"
    street.cut(("hall", BROWSER))
    assert knock(street, "hall", street.address(BROWSER)) == "silent"
    assert knock(street, BROWSER, street.address("hall")) == "silent"
    assert knock(street, "kitchen", street.address(BROWSER)) == "answered"
    assert knock(street, "hall", street.address(EXCHANGE)) == "answered"
    street.mend()
    assert knock(street, "hall", street.address(BROWSER)) == "answered"


def test_a_machine_that_moves_is_at_its_new_address_alone_and_a_cut_still_holds(street: Street) -> None:
    old = street.address("hall")
    street.move("hall", ETHERNET)
    assert street.address("hall") != old
    assert knock(street, BROWSER, street.address("hall")) == "answered"
    assert knock(street, BROWSER, old) == "silent"
    street.cut(("hall", BROWSER))
    assert knock(street, BROWSER, street.address("hall")) == "silent"
    street.mend()


def test_nothing_outlives_a_test_run_that_is_killed() -> None:
    command = [sys.executable, "-c", LIVES_IN_THE_STREET]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        left = [os.pidfd_open(int(pid)) for pid in run.stdout.readline().split()]
        run.send_signal(signal.SIGKILL)
    for each in left:
        assert select.select([each], [], [], 10)[0]
        os.close(each)


def test_a_machine_that_makes_no_namespaces_is_told_with_the_reason() -> None:
    with pytest.raises(NoNamespacesError, match="no/name"), Namespaces("no/name"):
        pass
