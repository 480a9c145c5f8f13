"""Consume a blocking iterator from asynchronous code, one item ahead and never more."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Protocol, TypeVar

from discovery.errors import DiscoveryError
from schemas.observation import Document, TargetReport
from schemas.vocabulary import Step

Item = TypeVar("Item")


class Look(Protocol):
    """One look at a target whose documents come in batches.

    Attributes:
        step: how far the look has come.
    """

    target: str
    step: Step

    def batches(self) -> Iterator[list[Document]]:
        """Yield batch after batch; a DiscoveryError ends the look early."""
        ...

    def abort(self) -> None:
        """Make the batch that is being read fail soon."""
        ...


async def documents_of(look: Look) -> AsyncGenerator[Document | TargetReport]:
    """Yield every document of a look, and last the report.

    When the report carries a problem, the documents before it are true but not all there are.
    """
    count = 0
    problem = None
    try:
        async with contextlib.aclosing(one_ahead(look.batches(), look.abort)) as stream:
            async for batch in stream:
                count += len(batch)
                for document in batch:
                    yield document
    except DiscoveryError as error:
        problem = error.as_problem()
    yield TargetReport(look.target, look.step, problem, count)


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
