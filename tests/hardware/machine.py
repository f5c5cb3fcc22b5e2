"""A virtual machine with the hardware of a Pi's header, and a line to the agent in it."""

import itertools
import json
import subprocess
import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

BOOTS_WITHIN_S, BOOTS = 120.0, 3  # without KVM one boot in a hundred hangs, or panics, before any program starts
FIRST_PROGRAM = "Loading, please wait..."  # what the initrd's says
ANSWERS_WITHIN_S = 60.0
KERNEL = "root=/dev/vda rw console=ttyS0 panic=1 loglevel=4"


class Machine:
    """A context manager: the machine of an image, with `disk` as its second, is on until it is left.

    `init` is the first program that its kernel starts.  What that and the kernel say is in the file `console`.
    """

    def __init__(self, image: Path, disk: Path, *, console: Path, init: str = "/usr/local/sbin/bed") -> None:
        self._words = [
            *("qemu-system-x86_64", "-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2"),
            *("-m", "1024", "-nodefaults", "-display", "none", "-no-reboot", "-serial", f"file:{console}"),
            *("-kernel", f"{image}/vmlinuz", "-initrd", f"{image}/initrd", "-append", f"{KERNEL} init={init}"),
            *("-drive", f"if=virtio,format=raw,snapshot=on,file={image}/disk"),
            *("-drive", f"if=virtio,format=raw,file={disk}"),
            *("-chardev", "stdio,id=agent,signal=off", "-device", "virtio-serial"),
            *("-device", "virtserialport,chardev=agent"),
        ]
        self._console = console
        self._numbers = itertools.count()
        self._awaited: dict[int, Future[Any]] = {}
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.boot()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()

    def boot(self) -> None:
        """Switch it on and wait for its agent."""
        for left in reversed(range(BOOTS)):
            try:
                self._boot()
                break
            except (TimeoutError, EOFError):
                if not left or FIRST_PROGRAM in self._console.read_text(errors="replace"):
                    raise

    def _boot(self) -> None:
        self._process = subprocess.Popen(
            self._words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1, text=True
        )
        self._awaited = {}
        threading.Thread(target=_read, args=(self._process, self._awaited), daemon=True).start()
        try:
            self.do("read", path="/proc/uptime", answers_within_s=BOOTS_WITHIN_S)
        except (TimeoutError, EOFError) as error:
            self.cut()
            error.add_note(f"It did not boot. Its console:\n{self._console.read_text(errors='replace')[-4000:]}")
            raise

    def cut(self) -> None:
        """Cut its power."""
        if self._process:
            self._process.kill()
            self._process.communicate()

    def begin(self, act: str, **given: Any) -> Future[Any]:
        """Ask the agent for an act of its table; the answer comes later."""
        assert self._process, "it is off"
        assert self._process.stdin
        number, answer = next(self._numbers), Future[Any]()
        self._awaited[number] = answer
        self._process.stdin.write(json.dumps({"id": number, "do": act, "with": given}) + "\n")
        return answer

    def do(self, act: str, *, answers_within_s: float = ANSWERS_WITHIN_S, **given: Any) -> Any:
        """Have the agent do it; raises RuntimeError with what went wrong in there."""
        return self.begin(act, **given).result(answers_within_s)


def _read(process: subprocess.Popen[str], awaited: dict[int, Future[Any]]) -> None:
    """Take the agent's answers until the machine is off."""
    assert process.stdout
    with suppress(ValueError):  # closed by `cut`
        for line in process.stdout:
            answer = json.loads(line)
            asked = awaited.pop(answer["id"])
            if "error" in answer:
                asked.set_exception(RuntimeError(answer["error"]))
            else:
                asked.set_result(answer["result"])
    for asked in awaited.values():
        asked.set_exception(EOFError("the machine is off"))
