"""Tasks without which a program only seems to live."""

import asyncio
import logging
from collections.abc import Coroutine
from functools import partial
from typing import Any

logger = logging.getLogger(__name__)


def vital(life: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
    """Start a task whose bugs end the program, which is then started afresh; it may end or be cancelled."""
    task = asyncio.create_task(life, name=name)
    task.add_done_callback(partial(_crash, name))
    return task


def _crash(name: str, task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (bug := task.exception()):
        logger.critical("%s stops", name, exc_info=bug)
        raise SystemExit(1)
