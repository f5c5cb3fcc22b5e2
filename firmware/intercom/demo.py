"""The demo: an exchange and a station with a simulated panel, in one process."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from intercom import app
from intercom.exchange import accounts
from intercom.exchange.server import Exchange
from intercom.settings.archive import Archive
from intercom.settings.history import Entry
from intercom.settings.last_good import Origin
from intercom.settings.schema import Settings, Signaling
from intercom.settings.transaction import Commit

STATION, PAGE = "intercom", "web"


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo starts with.

    `port`: of the exchange, this time only, in place of the settings'; `is_lan`: open to the whole network, people sign
    in by an invite.
    """

    settings: Settings
    state: Path
    store: Archive | None
    origin: Origin
    port: int | None = None
    is_lan: bool = False


async def run(demo: Demo, say: Callable[[str], None]) -> None:
    """Run both until cancelled; `say` gets the ready line once a call can be placed."""
    state = demo.state / "exchange"
    listen = replace(demo.settings.exchange, host="", port=demo.port or demo.settings.exchange.port)
    async with Exchange(listen, state, page_identity=None if demo.is_lan else PAGE) as exchange:

        def ready() -> None:
            say(f"ready {exchange.url}")
            if demo.is_lan:
                say(f"sign in with {exchange.url.rstrip('/')}{accounts.invite(state, PAGE)}")

        key = accounts.station_key(state, STATION, certificate=listen.certificate)
        signaling = Signaling(
            url=f"wss://localhost:{exchange.port}/signal",
            api_key=key.api_key,
            api_secret=key.api_secret,
            ca_pin=key.ca_pin,
        )
        await app.run(
            app.Boot(
                _dressed(demo.settings, signaling),
                demo.state,
                store=_Undressing(demo.store, demo.settings, signaling) if demo.store else None,
                origin=demo.origin,
                is_demo=True,
                ready=ready,
            )
        )


def _dressed(settings: Settings, signaling: Signaling) -> Settings:
    """Return the settings as the demo runs with them."""
    return replace(
        settings,
        station=replace(settings.station, identity=STATION),
        signaling=signaling,
        call=replace(settings.call, to=settings.call.to or PAGE),
    )


class _Undressing:
    """Keeps what belongs to the demo alone out of the settings file and its history."""

    def __init__(self, archive: Archive, settings: Settings, signaling: Signaling) -> None:
        self.path = archive.path
        self._archive, self._settings, self._signaling = archive, settings, signaling

    @property
    def revision(self) -> int:
        """The number of the settings that were committed last."""
        return self._archive.revision

    @property
    def returns_at(self) -> float | None:
        """When the last commit is undone."""
        return self._archive.returns_at

    def commit(self, settings: Settings, commit: Commit, *, only: Collection[str] = ()) -> None:
        """Write the settings without the demo's own; raises SettingsError, ConflictError."""
        self._archive.commit(self._undressed(settings), commit, only=only)

    def put(self, values: Mapping[str, Any]) -> None:
        """Write these values alone; raises SettingsError."""
        self._archive.put(values)

    def confirm(self) -> int:
        """Let the last commit stay; raises ConflictError."""
        return self._archive.confirm()

    def go_back(self) -> Settings:
        """Undo the last commit."""
        return _dressed(self._archive.go_back(), self._signaling)

    def entries(self) -> list[Entry]:
        """Return the history."""
        return self._archive.entries()

    def settings_of(self, revision: int) -> Settings:
        """Return old settings; raises UsageError."""
        return _dressed(self._archive.settings_of(revision), self._signaling)

    def _undressed(self, settings: Settings) -> Settings:
        own = self._settings
        return replace(
            settings,
            station=replace(settings.station, identity=own.station.identity),
            signaling=own.signaling,
            call=replace(settings.call, to=own.call.to if settings.call.to == PAGE else settings.call.to),
        )
