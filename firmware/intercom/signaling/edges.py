"""Twilio's edges and regions: which host to dial, and what the name that a host gives itself means.  Pure tables.

(Voice JS SDK v1, regions.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from intercom.settings import schema

ROAMING = "roaming"

REGION_OF = {
    "sydney": "au1",
    "sao-paulo": "br1",
    "dublin": "ie1",
    "frankfurt": "de1",
    "tokyo": "jp1",
    "singapore": "sg1",
    "ashburn": "us1",
    "umatilla": "us2",
    "ashburn-ix": "us1-ix",
    "san-jose-ix": "us2-ix",
    "london-ix": "ie1-ix",
    "frankfurt-ix": "de1-ix",
    "singapore-ix": "sg1-ix",
    "sydney-ix": "au1-ix",
    "tokyo-ix": "jp1-ix",
    ROAMING: "gll",
}
EDGE_OF = {region: edge for edge, region in REGION_OF.items()}
LONG_NAMES = {
    "ASIAPAC_SINGAPORE": "sg1",
    "ASIAPAC_SYDNEY": "au1",
    "ASIAPAC_TOKYO": "jp1",
    "EU_FRANKFURT": "de1",
    "EU_IRELAND": "ie1",
    "SOUTH_AMERICA_SAO_PAULO": "br1",
    "US_EAST_VIRGINIA": "us1",
    "US_WEST_OREGON": "us2",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an exchange says it is; None: it has not said."""

    edge: str | None = None
    region: str | None = None


def addresses(settings: schema.Signaling) -> list[str]:
    """Return the addresses of the settings' exchange, the best first; none where they name none."""
    if settings.is_at_twilio:
        return uris(settings.edge, settings.region)
    return [settings.url] if settings.url else []


def uris(edges: Sequence[str], region: str) -> list[str]:
    """Return what to dial: the hosts of the edges in their order, or that of the region, or the nearest."""
    if region:
        return [_uri(_host(region))]
    return [_uri(_host(REGION_OF[edge]) if edge in REGION_OF else f"voice-js.{edge}") for edge in edges or [ROAMING]]


def place(name: str) -> Place:
    """Return where an exchange is whose `connected` frame names its region so; other names stand for themselves."""
    region = LONG_NAMES.get(name)
    return Place(EDGE_OF[region], region) if region else Place(name or None, name or None)


def _host(region: str) -> str:
    return "chunderw-vpc-gll" if region == REGION_OF[ROAMING] else f"chunderw-vpc-gll-{region}"


def _uri(host: str) -> str:
    return f"wss://{host}.twilio.com/signal"
