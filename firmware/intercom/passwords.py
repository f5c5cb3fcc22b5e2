"""What the command line does for the serial console's passwords, on the station's machine: by its files, no login."""

import argparse
import sys
from getpass import getpass

from intercom import places
from intercom.console import accounts, porter
from intercom.console.accounts import ADMIN
from intercom.errors import IntercomError, UsageError

_LABEL = """
┌{line}┐
│{nothing}│
│{title}│
│{nothing}│
│{large}│
│{nothing}│
└{line}┘
Write it on the unit, without the spaces: it is shown only this once, and must be changed at the first login.
"""


def password(given: argparse.Namespace) -> None:
    """Have an account the password that is typed, or the first line of what is piped in; or make the first one.

    Raises UsageError for one that is weak, IntercomError where it can't be kept.
    """
    folder = places.station_to_examine(given.state)
    if not folder.is_dir():
        raise IntercomError(f"There is no station in {folder}.", "Name its folder with --state, or use sudo.")
    with places.as_owner(folder) as state:
        if not given.first:
            name = accounts.known(given.name)
            porter.give(state, name, accounts.check(_typed()))
            print(f"The password of {name} is changed.")
        elif porter.is_fresh(state):
            made = accounts.make()
            porter.give(state, ADMIN, made, is_first=True)
            print(_label(made))
        else:
            print("The serial console keeps its password.")


def _typed() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    new = getpass("New password: ")
    if getpass("Again: ") != new:
        raise UsageError("The two are not the same.", "Try again.")
    return new


def _label(made: str) -> str:
    """The password so large that nobody reads it wrong."""
    large = " ".join(made)
    width = len(large) + 12
    title = f"Serial console: login {ADMIN}, password"
    return _LABEL.format(line="─" * width, nothing=" " * width, title=title.center(width), large=large.center(width))
