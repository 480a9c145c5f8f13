"""Consume a blocking iterator from asynchronous code, one item ahead and never more."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import TypeVar

from discovery.errors import DiscoveryError

Item = TypeVar("Item")


async def one_ahead(items: Iterator[Item], abort: Callable[[], None]) -> AsyncGenerator[Item]:
    """Yield the items of a blocking iterator, which works in a thread on the next one meanwhile.

    `abort` makes the iterator fail soon; it is called when the consumer leaves before the end.

    Raises:
        DiscoveryError: what the iterator raises, after the items before.
    """
    pending = _draw(items)
    try:
        # A cancelled consumer must not leave the thread behind, so the future is shielded.
        while (item := await asyncio.shield(pending)) is not None:
            pending = _draw(items)
            yield item
    finally:
        abort()
        with contextlib.suppress(DiscoveryError):
            await pending


def _draw(items: Iterator[Item]) -> asyncio.Future[Item | None]:
    return asyncio.ensure_future(asyncio.to_thread(next, items, None))
