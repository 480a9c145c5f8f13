"""How many sockets all looks of one run may hold together."""

import asyncio
from weakref import WeakKeyDictionary

_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def socket_slots(concurrency: int) -> asyncio.Semaphore:
    """Return the slots of the running event loop; every run has a loop of its own.

    One device holds one socket, so a sweep never holds more sockets than the devices it may ask at
    once, however large its ranges are.
    """
    return _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(concurrency))
