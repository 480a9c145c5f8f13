"""How many sockets all looks of one run may hold together, and that a device is asked by one."""

import asyncio
from dataclasses import dataclass
from typing import Self
from weakref import WeakKeyDictionary, WeakValueDictionary

Loop = asyncio.AbstractEventLoop

_slots: WeakKeyDictionary[Loop, asyncio.Semaphore] = WeakKeyDictionary()
_devices: WeakKeyDictionary[Loop, WeakValueDictionary[str, asyncio.Lock]] = WeakKeyDictionary()


def socket_slots(concurrency: int) -> asyncio.Semaphore:
    """Return the slots of the running event loop; every run has a loop of its own.

    One device holds one socket, so a sweep never holds more sockets than the devices it may ask at
    once, however large its ranges are.
    """
    return _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(concurrency))


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to ask one agent, with a socket; a plan may name a device by several names."""

    slot: asyncio.Semaphore
    device: asyncio.Lock

    @classmethod
    async def take(cls, endpoint: str, concurrency: int) -> Self:
        """Wait until nobody else of the run asks this agent and a socket is free."""
        devices = _devices.setdefault(asyncio.get_running_loop(), WeakValueDictionary())
        turn = cls(socket_slots(concurrency), devices.setdefault(endpoint, asyncio.Lock()))
        await turn.device.acquire()
        try:
            await turn.slot.acquire()
        except BaseException:
            turn.device.release()
            raise
        return turn

    def give_back(self) -> None:
        """Let the next one ask."""
        self.slot.release()
        self.device.release()
