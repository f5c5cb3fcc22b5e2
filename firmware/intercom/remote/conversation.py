"""What a person's line does at the far side: most go to the station as they are, some ask for more first."""

from collections.abc import Callable, Iterator

from intercom.console import commands
from intercom.console.accounts import ADMIN
from intercom.errors import UsageError
from intercom.remote.link import Login
from intercom.remote.progress import OnProgress
from intercom.remote.remote import Remote
from intercom.remote.words import FILES, Told, taken, told
from intercom.settings import armour
from intercom.settings.paths import find

HERE = {**FILES, "exit": "Leave, logged out."}

# Asks a person: the words before the answer, and whether it is hidden.
Ask = Callable[[str, bool], str]


def run_line(remote: Remote, line: str, ask: Ask, on_progress: OnProgress) -> Iterator[Told]:
    """Do what the line says, which is not empty; raises as `Remote` does."""
    words = line.split()
    match words:
        case [("login" | "logout" | "password") as act, *name] if len(name) < 2:
            return _ACTS[act](remote, ask, *name)
        case ["set", path] if find(path).is_secret:
            return _set_hidden(remote, ask, path)
        case ["import"]:
            return _import(remote, ask, on_progress)
        case ["help"]:
            return _help(remote)
        case ["push" | "pull", *_] | ["diff", _] | ["test" | "log", *_]:
            return told(remote, words, on_progress)
        case _:
            return _plain(remote, line)


def _log_in(remote: Remote, ask: Ask, name: str = ADMIN) -> Iterator[Told]:
    password = ask("Password: ", True)
    remote.link.log_in(Login(name, password))
    if remote.link.must_change_password:
        yield _said("That is the installation's: choose one of your own.")
        yield _changed(remote, ask, name=name, old=password)
    yield _said(f"You are logged in as {name}.")


def _log_out(remote: Remote, _: Ask) -> Iterator[Told]:
    remote.link.log_out()
    yield _said("Logged out.")


def _change(remote: Remote, ask: Ask, name: str = "") -> Iterator[Told]:
    yield _changed(remote, ask, name=name, old=ask("Your password: ", True))


def _changed(remote: Remote, ask: Ask, *, name: str, old: str) -> Told:
    new = ask("New password: ", True)
    if new != ask("Again: ", True):
        raise UsageError("The two are not the same.", "Try again.")
    remote.link.change_password(new, old=old, user=name)
    return _said("The password is changed.")


_ACTS: dict[str, Callable[..., Iterator[Told]]] = {"login": _log_in, "logout": _log_out, "password": _change}


def _set_hidden(remote: Remote, ask: Ask, path: str) -> Iterator[Told]:
    yield _said("\n".join(map(str, remote.set(path, ask(f"{path}: ", True)))))


def _import(remote: Remote, ask: Ask, on_progress: OnProgress) -> Iterator[Told]:
    text = ask("| ", False)
    while not armour.is_whole(text):
        text = armour.bounded(f"{text}\n{ask('| ', False)}")
    yield taken(remote.push(text, on_progress))


def _help(remote: Remote) -> Iterator[Told]:
    yield from told(remote, ["help"])
    width = max(map(len, HERE))
    own = "\n".join(f"{name:{width}}  {does}" for name, does in HERE.items())
    yield _said(f"At this end of the line:\n{own}")


def _plain(remote: Remote, line: str) -> Iterator[Told]:
    answer = remote.do(*commands.read_line(line))
    yield Told(answer.result, answer.text)


def _said(text: str) -> Told:
    return Told({}, text)
