"""What every carrier of discovery is, whether it lives in this process or behind a broker."""

from typing import Protocol


class Dispatcher(Protocol):
    """Carries assignments to workers until it is stopped."""

    def start(self) -> None:
        """Begin to work; returns at once."""
        ...

    def wake(self) -> None:
        """Look for work now instead of at the next tick."""
        ...

    def stop(self) -> None:
        """Stop gently: what has begun is handed back, nothing is lost."""
        ...
