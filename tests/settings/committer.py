"""A program that writes settings again and again, each time in a child that can be traced and killed.

Each line of its input names what to do and a folder.  The child's process id is answered; it waits for SIGUSR1.  Then
its exit status is: 0 done, 1 refused.
"""

import ctypes
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from intercom.console import porter
from intercom.console.accounts import ADMIN
from intercom.errors import IntercomError
from intercom.settings import armour
from intercom.settings.archive import Archive
from intercom.settings.file import load, parse
from intercom.settings.paths import replace
from intercom.settings.transaction import Commit

PR_SET_PTRACER = 0x59616D61

OLD, NEW = '# Hall\n[call]\nto = "old"  # whom\n', '# Hall\n[call]\nto = "new"  # whom\n'


OLD_PASSWORD, NEW_PASSWORD = "correct horse battery", "quiet brown staple"


def opened(folder: Path) -> Archive:
    """The archive of a folder that holds a settings file."""
    path = folder / "intercom.toml"
    return Archive(path, folder / "state", load(path))


def _commit(archive: Archive, confirm_s: float | None = None) -> None:
    archive.commit(replace(load(archive.path), "call.to", "new"), Commit("child", "new", confirm_s))


def _import(archive: Archive) -> None:
    block = armour.armoured('[call]\nto = "new"\n')
    archive.commit(parse(armour.opened(block)), Commit("child", "new"))


def _roll_back(archive: Archive) -> None:
    archive.commit(archive.settings_of(1), Commit("child", "old"))


def _change_password(archive: Archive) -> None:
    porter.give(archive.path.parent / "state", ADMIN, NEW_PASSWORD)


def _go_back(archive: Archive) -> None:
    archive.go_back()


def _confirm(archive: Archive) -> None:
    archive.confirm()


def _nothing(_: Archive) -> None:
    pass


PREPARED: dict[str, Callable[[Archive], None]] = {
    "confirm": lambda archive: _commit(archive, 60),
    "go back": lambda archive: _commit(archive, 60),
    "rollback": _commit,
}
DONE: dict[str, Callable[[Archive], None]] = {
    "commit": _commit,
    "commit confirm": lambda archive: _commit(archive, 60),
    "confirm": _confirm,
    "go back": _go_back,
    "rollback": _roll_back,
    "import": _import,
    "password": _change_password,
}


def _child(what: str, folder: Path) -> int:
    archive = opened(folder)
    PREPARED.get(what, _nothing)(archive)
    _say(os.getpid())
    signal.sigwait([signal.SIGUSR1])
    try:
        DONE[what](archive)
    except IntercomError:
        return 1
    return 0


def _let_be_traced() -> None:
    """By any relation, where Yama asks."""
    prctl: Callable[..., int] = ctypes.CDLL(None).prctl
    prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)


def main() -> None:
    """Serve until the input ends."""
    logging.disable()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    for line in sys.stdin:
        what, _, folder = line.rstrip("\n").partition("\t")
        child = os.fork()
        if child == 0:
            _let_be_traced()
            os._exit(_child(what, Path(folder)))
        _say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _say(number: int) -> None:
    os.write(sys.stdout.fileno(), f"{number}\n".encode())


if __name__ == "__main__":
    main()
