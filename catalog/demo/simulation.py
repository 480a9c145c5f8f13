"""The simulator of the demonstration, in a process of its own so that pages stay quick."""

import multiprocessing
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from catalog.demo.content import COMMUNITY, demo_network
from discovery.simulator import Simulator
from discovery.simulator.server import one_community


@contextmanager
def simulated_network(port: int) -> Generator[int, None, None]:
    """Let every device of the demonstration answer while the block lasts; yields the UDP port.

    Raises:
        OSError: the port is taken by another program.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(port, theirs), name="simulator", daemon=True)
    process.start()
    try:
        answer = ours.recv()
        if isinstance(answer, str):
            raise OSError(answer)
        yield answer
    finally:
        ours.close()
        process.join(timeout=5)
        if process.is_alive():
            process.terminate()


def _serve(port: int, parent: Connection) -> None:
    # The parent decides when to stop: an interrupt from the keyboard reaches both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    simulator = Simulator(demo_network(), port, accepts=one_community(COMMUNITY))
    try:
        simulator.start()
    except OSError as error:
        parent.send(error.strerror or str(error))
        return
    parent.send(simulator.port)
    gone = threading.Event()
    try:
        parent.recv()  # ends when the parent closes its side, or dies
    except (EOFError, OSError):
        gone.set()
    simulator.stop()
