"""Twilio's hosts, by edge and region, and the names that they give themselves."""

import pytest
from msgspec.structs import replace

from intercom.settings import schema
from intercom.signaling.edges import Place, addresses, place, uris

ROAMING = "wss://chunderw-vpc-gll.twilio.com/signal"


@pytest.mark.parametrize(
    ("edges", "region", "hosts"),
    [
        ([], "", ["chunderw-vpc-gll.twilio.com"]),
        (["roaming"], "", ["chunderw-vpc-gll.twilio.com"]),
        (["dublin"], "", ["chunderw-vpc-gll-ie1.twilio.com"]),
        (["sao-paulo"], "", ["chunderw-vpc-gll-br1.twilio.com"]),
        (["san-jose-ix"], "", ["chunderw-vpc-gll-us2-ix.twilio.com"]),
        (["mars"], "", ["voice-js.mars.twilio.com"]),
        (
            ["frankfurt", "mars", "roaming"],
            "",
            ["chunderw-vpc-gll-de1.twilio.com", "voice-js.mars.twilio.com", "chunderw-vpc-gll.twilio.com"],
        ),
        ([], "gll", ["chunderw-vpc-gll.twilio.com"]),
        ([], "us1-tnx", ["chunderw-vpc-gll-us1-tnx.twilio.com"]),
        ([], "au", ["chunderw-vpc-gll-au.twilio.com"]),
    ],
)
def test_each_edge_has_its_host_and_a_region_has_one(edges: list[str], region: str, hosts: list[str]) -> None:
    assert uris(edges, region) == [f"wss://{host}/signal" for host in hosts]


@pytest.mark.parametrize(
    ("name", "edge", "region"),
    [
        ("US_EAST_VIRGINIA", "ashburn", "us1"),
        ("ASIAPAC_SYDNEY", "sydney", "au1"),
        ("EU_IRELAND", "dublin", "ie1"),
        ("SOUTH_AMERICA_SAO_PAULO", "sao-paulo", "br1"),
        ("the-hall", "the-hall", "the-hall"),
        ("", None, None),
    ],
)
def test_what_an_exchange_calls_its_region_gives_edge_and_region(name: str, edge: str, region: str) -> None:
    assert place(name) == Place(edge, region)


TWILIO = schema.Signaling(url="", account_sid="AC" + "0" * 32, application_sid="AP" + "0" * 32)


@pytest.mark.parametrize(
    ("settings", "dialled"),
    [
        (schema.Signaling(), ["wss://localhost:8443/signal"]),
        (schema.Signaling(url=""), []),
        (TWILIO, [ROAMING]),
        (schema.Signaling(url="", token_url="https://example.com/token"), [ROAMING]),
        (schema.Signaling(url="", token_file="/run/token"), [ROAMING]),
        (replace(TWILIO, edge=("tokyo",)), ["wss://chunderw-vpc-gll-jp1.twilio.com/signal"]),
        (replace(TWILIO, url="wss://proxy:1/signal"), ["wss://proxy:1/signal"]),
    ],
)
def test_an_address_comes_before_twilio_and_twilio_needs_its_tokens(
    settings: schema.Signaling, dialled: list[str]
) -> None:
    assert addresses(settings) == dialled
