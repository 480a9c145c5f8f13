"""What happens every few seconds and every hour, whoever carries the work."""

from datetime import datetime, timedelta

import structlog

from catalog.access.repetition import forget_requests
from catalog.jobs.workplace import Workplace
from cmdb.accounts.retention import forget_accesses, forget_gone_accounts
from cmdb.intake.retention import forget_observations, forget_receipts
from cmdb.plans.leases import expire_leases, release_due
from cmdb.plans.progress import forget_targets

RAW_DOCUMENTS = timedelta(days=30)
RUN_TARGETS = timedelta(days=90)
GONE_ACCOUNTS = timedelta(days=90)
ACCESS_LOG = timedelta(days=366)
SENT_REQUESTS = timedelta(days=7)

log = structlog.get_logger()


def tick(place: Workplace, *, at: datetime) -> bool:
    """Take expired leases back and release what is due; returns whether there is new work."""
    with place.transaction() as session:
        expired = expire_leases(session, place.actor, at=at)
        released = release_due(session, place.actor, at=at)
    if expired or released:
        log.info("tick", expired_leases=expired, released_runs=len(released))
    return bool(expired or released)


def forget(place: Workplace, *, at: datetime) -> dict[str, int]:
    """Delete what has been kept long enough, each kind in a transaction of its own."""
    kinds = {
        "observations": (forget_observations, RAW_DOCUMENTS),
        "receipts": (forget_receipts, RAW_DOCUMENTS),
        "run_targets": (forget_targets, RUN_TARGETS),
        "gone_accounts": (forget_gone_accounts, GONE_ACCOUNTS),
        "accesses": (forget_accesses, ACCESS_LOG),
        "sent_requests": (forget_requests, SENT_REQUESTS),
    }
    counts: dict[str, int] = {}
    for name, (delete, age) in kinds.items():
        with place.transaction() as session:
            counts[name] = delete(session, before=at - age)
    if any(counts.values()):
        log.info("forgotten", **counts)
    return counts
