"""The simulator itself: one loopback UDP socket, one thread, thousands of device addresses."""

import hmac
import logging
import selectors
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Self

from discovery.simulator import sockets
from discovery.simulator.agent import Agent
from discovery.simulator.recording import Recording

_log = logging.getLogger(__name__)

MAX_AGENTS = 4096
"""Agents kept ready at a time; further devices are built anew when they are asked again."""

CommunityCheck = Callable[[str, bytes], bool]
"""Whether a device (its address) accepts a community."""


def one_community(community: str) -> CommunityCheck:
    """Return the check that every device accepts this community and no other."""
    wanted = community.encode()
    return lambda _address, given: hmac.compare_digest(wanted, given)


class Simulator:
    """Answers SNMP v1 and v2c on loopback for many devices, each at an address of its own.

    Nothing outside the machine can ask: packets that do not come over loopback are dropped.
    Use it as a context manager, or call `start` and `stop`.

    Args:
        devices: address → what the device there says; may build recordings when they are asked for.
        port: the UDP port of all devices; 0 takes a free one (then see the attribute `port`).
        accepts: which communities a device accepts; by default only `public`.
        max_size: the largest message sent, in octets.
    """

    def __init__(
        self,
        devices: Mapping[str, Recording],
        port: int = 0,
        accepts: CommunityCheck | None = None,
        max_size: int = 4000,
    ) -> None:
        self.port = port
        self._devices = devices
        self._changed: dict[str, Recording | None] = {}
        self._accepts = accepts or one_community("public")
        self._max_size = max_size
        self._agents: dict[bytes, Agent] = {}
        self._sockets: list[socket.socket] = []
        self._stopping: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Open the port and answer from a thread of its own until `stop`.

        Raises:
            OSError: the port is taken.
        """
        if self._thread is not None:
            return
        self._sockets = sockets.open_sockets(self.port, list(self._devices))
        self.port = self._sockets[0].getsockname()[1]
        self._stopping, told = socket.socketpair()
        self._thread = threading.Thread(
            target=self._serve, args=(told,), name="simulator", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and close the port; returns when the thread has ended."""
        if self._thread is None or self._stopping is None:
            return
        self._stopping.close()
        self._thread.join()
        self._thread = None
        for opened in self._sockets:
            opened.close()

    def replace(self, address: str, recording: Recording) -> None:
        """Let a device say something else from its next answer on."""
        self._changed[address] = recording
        self._agents.pop(socket.inet_aton(address), None)

    def remove(self, address: str) -> None:
        """Let a device fall silent."""
        self._changed[address] = None
        self._agents.pop(socket.inet_aton(address), None)

    def _serve(self, told: socket.socket) -> None:
        with selectors.DefaultSelector() as selector, told:
            selector.register(told, selectors.EVENT_READ)
            for opened in self._sockets:
                selector.register(opened, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if told in ready:
                    return
                for opened in ready:
                    if isinstance(opened, socket.socket):
                        self._drain(opened)

    def _drain(self, opened: socket.socket) -> None:
        """Answer what is waiting, a bounded number of packets so that `stop` is heard."""
        receive, send, agents = sockets.receive, sockets.send, self._agents
        for _ in range(256):
            try:
                received = receive(opened)
            except OSError:
                # Nothing is waiting, or the kernel reports that an earlier asker is gone.
                return
            if received is None:
                continue
            packet, asked, sender = received
            agent = agents.get(asked) or self._agent(asked)
            answer = agent.answer(packet) if agent else None
            if answer is not None:
                send(opened, answer, asked, sender)

    def _agent(self, asked: bytes) -> Agent | None:
        address = socket.inet_ntoa(asked)
        recording = self._changed[address] if address in self._changed else self._find(address)
        if recording is None:
            return None
        while len(self._agents) >= MAX_AGENTS:
            # The oldest goes; a discovery run comes by each device once.
            self._agents.pop(next(iter(self._agents)), None)
        agent = Agent(recording, lambda given: self._accepts(address, given), self._max_size)
        self._agents[asked] = agent
        return agent

    def _find(self, address: str) -> Recording | None:
        try:
            return self._devices[address]
        except KeyError:
            return None
        except Exception:  # noqa: BLE001 — one device that cannot be built must not silence the others
            _log.exception("The simulated device at %s cannot be built.", address)
            return None
