"""The command line: a table of what is done here, and the console's table for what the running station does."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from intercom import asking, places
from intercom.console import client
from intercom.errors import IntercomError, UsageError
from intercom.settings import file, last_good
from intercom.settings.archive import Archive
from intercom.settings.paths import nearest
from intercom.settings.schema import Settings
from intercom.settings.template import template


class Row(NamedTuple):
    """A command that needs no running station: `words` are its arguments, as argparse takes them."""

    name: str
    help: str
    act: Callable[[argparse.Namespace], int | None]
    words: tuple[tuple[str, dict[str, Any]], ...] = ()


CONFIG = ("--config", {"type": Path, "metavar": "FILE", "help": "the settings file"})
STATE = ("--state", {"type": Path, "metavar": "DIR", "help": "the folder of what must outlive a restart"})


def run(given: argparse.Namespace) -> None:
    """Run a station."""
    from intercom import app  # noqa: PLC0415
    from intercom.station import factory, rulecheck  # noqa: PLC0415
    from intercom.system import wifi  # noqa: PLC0415

    state, path = given.state or places.station_state(), given.config or places.station_file()
    factory.carry_out(path, state, forget_wifi=lambda: asyncio.run(wifi.Wifi().forget_all()))
    settings, origin = last_good.start(path, state, also=rulecheck.problems)
    _live(settings, app.run(app.Boot(settings, state, store=_archive(settings, state, origin), origin=origin)))


def exchange(given: argparse.Namespace) -> None:
    """Run an exchange."""
    from intercom.exchange import server  # noqa: PLC0415

    path = given.config or places.exchange_file()
    settings = file.load(path) if path else Settings()
    state = given.state or places.exchange_state()

    async def serve() -> None:
        async with server.Exchange(settings.exchange, state) as listening:
            print(f"ready {listening.url}", flush=True)
            await asyncio.Event().wait()

    _live(settings, serve())


def demo(given: argparse.Namespace) -> None:
    """Run both in one process."""
    from intercom import demo as demonstration  # noqa: PLC0415
    from intercom.station import rulecheck  # noqa: PLC0415

    state = given.state or places.demo_state()
    settings, origin = last_good.start(given.config or places.station_file(), state, also=rulecheck.problems)
    store = _archive(settings, state, origin)
    show = demonstration.Demo(settings, state, store, origin, port=given.port, is_lan=given.lan)
    _live(settings, demonstration.run(show, lambda line: print(line, flush=True)))


def administer(given: argparse.Namespace) -> None:
    """Tokens, API keys and invites of an exchange on this machine."""
    from intercom import administration  # noqa: PLC0415

    administration.ACTS[given.command](given)


def doctor(given: argparse.Namespace) -> int:
    """Look at this machine and say what is wrong, and what to do; 1: something is."""
    from intercom.doctor import rounds  # noqa: PLC0415

    path = given.config or places.station_file()
    settings = file.load(path) if path else Settings()
    state = places.station_to_examine(given.state)
    return rounds.go(given.check, settings, state, say=lambda line: print(line, flush=True), is_json=given.json)


def console(given: argparse.Namespace) -> int:
    """Talk to a station over its serial line."""
    from intercom.remote import program  # noqa: PLC0415

    return program.run(given, lambda line: print(line, flush=True))


def password(given: argparse.Namespace) -> None:
    """Set a password of the serial console, by the right to write the station's files."""
    from intercom import passwords  # noqa: PLC0415

    passwords.password(given)


def config(given: argparse.Namespace) -> None:
    """Check a settings file, or print the template."""
    if given.act == "template":
        print(template(), end="")
    elif given.file is None:
        raise UsageError("`config check` needs the file to check.")
    else:
        from intercom.station import rulecheck  # noqa: PLC0415

        file.load(given.file, also=rulecheck.problems)
        print(f"{given.file} is fine.")


ROWS = (
    Row("run", "the station, in the foreground", run, (CONFIG, STATE)),
    Row("exchange", "the embedded exchange alone", exchange, (CONFIG, STATE)),
    Row(
        "demo",
        "exchange and simulated station in one process",
        demo,
        (
            CONFIG,
            STATE,
            ("--port", {"type": int, "metavar": "N", "help": "port of the page"}),
            ("--lan", {"action": "store_true", "help": "for the whole network, not this machine alone"}),
        ),
    ),
    Row(
        "token",
        "an access token for the embedded exchange, alone on stdout",
        administer,
        (
            ("identity", {"metavar": "IDENTITY"}),
            ("--ttl", {"type": int, "default": 3600, "metavar": "S", "help": "seconds it is good for (3600)"}),
            STATE,
        ),
    ),
    Row(
        "station",
        "API keys of stations, on the exchange",
        administer,
        (
            ("act", {"choices": ("add", "revoke", "list")}),
            ("name", {"nargs": "?", "metavar": "IDENTITY"}),
            ("--into", {"type": Path, "metavar": "FILE", "help": "write the key into this station's settings file"}),
            STATE,
        ),
    ),
    Row(
        "invite",
        "a one-time link that signs a browser in",
        administer,
        (
            ("name", {"metavar": "NAME"}),
            ("--revoke", {"action": "store_true", "help": "sign every browser of that name out instead"}),
            STATE,
        ),
    ),
    Row(
        "doctor",
        "checks microphone and speaker by a chirp, what this board has the strength for, and the serial console",
        doctor,
        (
            ("check", {"nargs": "?", "choices": ("audio", "board", "serial"), "metavar": "audio|board|serial"}),
            ("--json", {"action": "store_true", "help": "for a program to read"}),
            CONFIG,
            STATE,
        ),
    ),
    Row(
        "console",
        "the far side of a station's serial line: one command, or a conversation",
        console,
        (
            ("--port", {"metavar": "DEV", "help": "the serial device"}),
            ("--all", {"metavar": "PATTERN", "help": "or many, such as '/dev/ttyUSB*': runs the command on each"}),
            ("--baud", {"type": int, "default": 115_200, "metavar": "N", "help": "its speed (115200)"}),
            ("--user", {"metavar": "NAME", "help": "log in as admin or viewer; the password is asked for"}),
            ("--password-file", {"type": Path, "metavar": "FILE", "help": "log in with the password in it"}),
            ("--json", {"action": "store_true", "help": "for a program to read"}),
            ("words", {"nargs": "...", "metavar": "WORDS", "help": "a command, or push, pull or diff and a file"}),
        ),
    ),
    Row(
        "password",
        "set a password of the serial console, on the station's machine: for who has forgotten it",
        password,
        (
            ("name", {"nargs": "?", "default": "admin", "metavar": "admin|viewer"}),
            ("--first", {"action": "store_true", "help": "make one where there is none, which must be changed"}),
            STATE,
        ),
    ),
    Row(
        "config",
        "check a settings file, or print the template",
        config,
        (("act", {"choices": ("check", "template")}), ("file", {"nargs": "?", "type": Path, "metavar": "FILE"})),
    ),
)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    words = list(sys.argv[1:] if words is None else words)
    try:
        if words and words[0] in client.FIRST_WORDS:
            asking.ask(words)
        else:
            _check_name(words)
            given = _parser().parse_args(words)
            return given.act_of(given) or 0
    except IntercomError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except (KeyboardInterrupt, BrokenPipeError):
        return 1
    return 0


def _check_name(words: list[str]) -> None:
    names = [*(row.name for row in ROWS), *client.FIRST_WORDS]
    if words and words[0] not in names and not words[0].startswith("-"):
        meant = nearest(words[0], names)
        hint = f"Did you mean `intercom {meant}`?" if meant else "`intercom --help` lists them."
        raise UsageError(f"There is no command {words[0]}.", hint)


def _parser() -> argparse.ArgumentParser:
    of_station = "\n".join(f"  {each.usage:38} {each.help}" for each in client.COMMANDS.values())
    parser = argparse.ArgumentParser(
        prog="intercom",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"on the running station ([--json] [--socket PATH] [--state DIR]):\n{of_station}",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for row in ROWS:
        command = commands.add_parser(row.name, help=row.help, description=row.help)
        command.set_defaults(act_of=row.act, command=row.name)
        for name, options in row.words:
            command.add_argument(name, **options)
    return parser


def _archive(settings: Settings, state: Path, origin: last_good.Origin) -> Archive | None:
    returned = origin.why if origin.state == "returned" else ""
    return Archive(Path(origin.file), state, settings, returned=returned) if origin.file else None


def _live(settings: Settings, life: Coroutine[Any, Any, None]) -> None:
    from intercom.system import process  # noqa: PLC0415

    process.live(life, log_level=settings.log.level)
