"""The machine is started anew by a program that speaks as systemctl does: never by the real one."""

from pathlib import Path

import pytest

from intercom.errors import IntercomError
from intercom.system import power


def systemctl(folder: Path, monkeypatch: pytest.MonkeyPatch, *, code: int) -> Path:
    """A program that ends so; the file of what it was told."""
    told, program = folder / "told", folder / "systemctl"
    program.write_text(f'#!/bin/sh\necho "$@" >>{told}\nexit {code}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return told


async def test_systemd_is_asked_to_and_asks_for_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = systemctl(tmp_path, monkeypatch, code=0)
    await power.reboot()
    assert told.read_text() == "--no-ask-password reboot\n"


async def test_a_refusal_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    systemctl(tmp_path, monkeypatch, code=1)
    with pytest.raises(IntercomError, match="refuses to reboot"):
        await power.reboot()


async def test_a_machine_without_systemd_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(IntercomError, match="can't be rebooted from here"):
        await power.reboot()
