"""What every collector is: a name, its options, and one asynchronous generator per target."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from discovery.secrets import SecretSource
from schemas.observation import Document, TargetReport


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class CollectorContext:
    """What a collector gets besides its target.

    Attributes:
        secrets: resolves the names in `credentials`.
        credentials: names of secrets to try, in this order.
        options: the options of the plan, already checked by the collector's `check_options`.
        now: the clock.
        trace: is told every question and answer, where the collector asks in questions.
    """

    secrets: SecretSource
    credentials: tuple[str, ...]
    options: dict[str, Any]
    now: Callable[[], datetime] = field(default=_utc_now)
    trace: Callable[[Any], object] | None = None


class Collector(Protocol):
    """Reads one kind of target."""

    name: str

    def check_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the options with defaults filled in.

        Raises:
            marshmallow.ValidationError: an option is unknown or out of its limits.
        """
        ...

    def expand(self, target: str, exclusions: tuple[str, ...]) -> list[str]:
        """Return the single targets that a range stands for, without the excluded ones.

        Raises:
            DiscoveryError: the target is not of the form this collector reads.
        """
        ...

    def collect(
        self, target: str, context: CollectorContext
    ) -> AsyncIterator[Document | TargetReport]:
        """Look at one single target; never raises for what the target does.

        Yields documents and, last, exactly one report: how far the target came and why no further.
        """
        ...
