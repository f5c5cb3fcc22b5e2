"""Results as people read them."""

from typing import Any

import pytest

from intercom.console import texts

SNAPSHOT: dict[str, Any] = {
    "identity": "hall",
    "registration": "ready",
    "call": None,
    "pending": [],
    "light": {"colour": "green", "pattern": "heartbeat", "overlays": []},
    "warnings": [],
    "network": {
        "state": "ready",
        "exchange": "wss://chunderw-vpc-gll-ie1.twilio.com/signal",
        "edge": "dublin",
        "region": "ie1",
        "why": "",
        "token": {
            "state": "good",
            "source": "token URL at example.com",
            "expires": "2030-01-01T10:00:00+00:00",
            "why": "The token URL's server, example.com, answered 500.",
        },
    },
}


def test_the_status_tells_where_the_station_is_connected_and_what_its_token_is_worth() -> None:
    assert texts.status(SNAPSHOT).splitlines()[-2:] == [
        "network         ready, wss://chunderw-vpc-gll-ie1.twilio.com/signal, dublin",
        "network token   good, token URL at example.com, until 2030-01-01T10:00:00+00:00, "
        "The token URL's server, example.com, answered 500.",
    ]


def test_the_status_tells_who_is_locked_out_of_the_door() -> None:
    lockouts = [
        {"identity": "web", "until": "2026-11-23T12:00:03+01:00", "wrong": 2},
        {"identity": "", "until": "2026-11-24T12:00:03+01:00", "wrong": 50},
    ]
    assert texts.status(SNAPSHOT | {"door": {"lockouts": lockouts}}).splitlines()[3:5] == [
        "locked out      web, until 2026-11-23 12:00:03, 2 wrong",
        "locked out      all who are not in door.allow, until 2026-11-24 12:00:03, 50 wrong",
    ]


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({}, "door            lock locked"),
        ({"contact": "closed"}, "door            lock locked, door closed"),
        ({"contact": "open", "alarm": "forced open"}, "door            lock locked, door open, forced open"),
        ({"lock": "open", "tampered": True}, "door            lock open, somebody was at the case"),
        (
            {"lock": "failed", "why": "GPIO 26 is held by gpioset."},
            "door            lock failed, GPIO 26 is held by gpioset.",
        ),
        ({"lock": "none"}, "network         ready, wss://chunderw-vpc-gll-ie1.twilio.com/signal, dublin"),
    ],
)
def test_the_status_tells_how_the_door_stands_where_there_is_one(facts: dict[str, Any], line: str) -> None:
    door = {"lock": "locked", "contact": None, "alarm": "", "tampered": False, "why": ""}
    assert texts.status(SNAPSHOT | {"door": door | facts}).splitlines()[3] == line
