"""Parts that outlast a station's restart."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import Any, Self, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kept:
    made_of: object
    part: Any
    end: AsyncExitStack


class Shelf:
    """An async context manager: a part is made once, and again only where what it is made of has changed."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        async with AsyncExitStack() as ends:
            for kept in self._kept.values():
                await ends.enter_async_context(kept.end)

    async def part(self, name: str, made_of: object, make: Callable[[], AbstractAsyncContextManager[T]]) -> T:
        """The part of that name, entered; one that is made of something else ends first."""
        kept = self._kept.get(name)
        if kept and kept.made_of == made_of:
            made: T = kept.part
            return made
        if kept:
            del self._kept[name]
            await kept.end.aclose()
        async with AsyncExitStack() as end:
            part = await end.enter_async_context(make())
            self._kept[name] = _Kept(made_of, part, end.pop_all())
        return part
