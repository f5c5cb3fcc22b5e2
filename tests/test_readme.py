"""What the README promises of the seed is there, under those names, and has those tests."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from intercom.call.connection import Connection

README = Path("README.md").read_text()
SEED = {
    "method": {
        "accept", "reject", "ignore", "disconnect", "mute", "isMuted", "getLocalStream", "getRemoteStream",
        "sendDigits", "status", "postFeedback", "on", "removeListener",
    },
    "deprecated": {"accept", "cancel", "disconnect", "error", "ignore", "mute", "reject", "volume", "unmute"},
    "event": {
        "accept", "audio", "cancel", "disconnect", "error", "mute", "reconnecting", "reconnected", "reject", "ringing",
        "sample", "volume", "warning", "warning-cleared",
    },
    "property": {"callerInfo", "customParameters", "parameters", "direction", "codec"},
}  # fmt: skip


def rows() -> list[tuple[str, str, str]]:
    """Return seed, ours and test of each row of the table."""
    _, _, section = README.partition("## The seed's names, and ours")
    table = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("|")][2:]
    return [tuple(cell.strip() for cell in row.strip("|").split(" | ")) for row in table]  # type: ignore[misc]


def kind_of(seed: str, name: str) -> str:
    words = {"event": "event", "deprecated": "deprecated"}
    return words.get(seed.partition(" ")[0]) or ("method" if f".{name}(" in seed else "property")


@cache
def functions_of(path: str) -> set[str]:
    nodes = ast.walk(ast.parse(Path(path).read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("kind", SEED)
def test_every_name_of_the_seed_has_its_row(kind: str) -> None:
    told = {(kind_of(seed, name), name) for seed, *_ in rows() for name in re.findall(r"`\.?([\w-]+)", seed)}
    assert SEED[kind] == {name for each, name in told if each == kind}


@pytest.mark.parametrize(("seed", "ours", "test"), rows(), ids=[seed for seed, *_ in rows()])
def test_what_a_row_names_is_there(seed: str, ours: str, test: str) -> None:
    path, _, function = test.strip("`").partition("::")
    assert Path(path).is_file()
    assert not function or function in functions_of(path)
    if not seed.startswith("event"):
        told = set(re.findall(r"`(?:await )?([a-z_]+)", ours))
        assert told <= set(dir(Connection)) | {"direction", "parameters", "custom_parameters"}
