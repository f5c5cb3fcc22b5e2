"""What the command line does on an exchange's machine, running or not: tokens, API keys of stations, invites."""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from msgspec.structs import replace

from intercom import places
from intercom.errors import UsageError
from intercom.exchange import accounts, addresses
from intercom.settings import file
from intercom.settings.schema import Exchange, Settings
from intercom.settings.store import Store


def token(given: argparse.Namespace) -> None:
    """Print an access token."""
    with _state(given) as state:
        print(accounts.mint_token(state, given.identity, given.ttl))


def station(given: argparse.Namespace) -> None:
    """Add, revoke or list API keys."""
    match given.act, given.name:
        case "list", _:
            _list(given)
        case _, None:
            raise UsageError(f"`station {given.act}` needs the station's identity.")
        case "add", identity:
            _add(given, identity)
        case _, name:
            with _state(given) as state:
                print(f"{accounts.revoke_station(state, name)} revoked; who used it is cut off.")


def invite(given: argparse.Namespace) -> None:
    """Print a one-time link, or sign out every browser that came by one."""
    if given.revoke:
        with _state(given) as state:
            print(f"{accounts.revoke_person(state, given.name)} signed out.")
        return
    with _state(given) as state:
        path, address = accounts.invite(state, given.name), _address(state)
    print(f"https://{address}{path}")
    print("It signs one browser in, once, within 10 minutes.", file=sys.stderr)


ACTS: dict[str, Callable[[argparse.Namespace], None]] = {"token": token, "station": station, "invite": invite}


def _list(given: argparse.Namespace) -> None:
    with _state(given) as state:
        listed = accounts.list_stations(state)
    for account in listed:
        made = time.strftime("%Y-%m-%d", time.localtime(account.made_at))
        print(f"{account.identity:20} {account.api_key}  {made}  {'revoked' if account.revoked_at else 'good'}")


def _add(given: argparse.Namespace, identity: str) -> None:
    listen, into = _exchange(), given.into
    before = file.load(into) if into else Settings()
    with _state(given) as state:
        key = accounts.add_station(state, identity, certificate=listen.certificate)
        host, _, port = _address(state).rpartition(":")
    url = f"wss://{'localhost' if into else host}:{port}/signal"
    if into is None:
        lines = {"api_key": key.api_key, "api_secret": key.api_secret, "ca_pin": key.ca_pin, "url": url}
        print(f'[station]\nidentity = "{identity}"\n\n[signaling]')
        print("\n".join(f'{name} = "{value}"' for name, value in lines.items()))
        return
    signaling = replace(before.signaling, url=url, api_key=key.api_key, api_secret=key.api_secret, ca_pin=key.ca_pin)
    Store(into).write(replace(before, station=replace(before.station, identity=identity), signaling=signaling))
    print(f"The key is in {into}; `systemctl restart intercom` takes it.")


def _state(given: argparse.Namespace) -> AbstractContextManager[Path]:
    return places.as_owner(places.exchange_to_administer(given.state))


def _address(state: Path) -> str:
    return addresses.noted(state) or f"{addresses.own_name()}:{_exchange().port}"


def _exchange() -> Exchange:
    path = places.exchange_file()
    return (file.load(path) if path else Settings()).exchange
