"""Documents and envelopes as collectors send them, for tests and measurements."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cmdb.kernel.clock import now
from cmdb.kernel.viewer import Viewer, job
from cmdb.plans.commands import request_run
from cmdb.plans.leases import Lease, claim_assignment
from cmdb.plans.models import Plan
from cmdb.reconcile.commands import Receipt, receive
from schemas.observation import Document, Envelope, Problem, TargetReport
from schemas.vocabulary import ProblemCode, Section, Source, Step, SubjectKind

OBSERVED_AT = datetime(2027, 3, 1, 6, tzinfo=UTC)
LEASE = timedelta(minutes=15)
WORKER = "worker-1"
CISCO_2960X = "1.3.6.1.4.1.9.1.1208"


def carrier() -> Viewer:
    """Return the actor that carries discovery out."""
    return job("discovery", "intake.submit", "run.request", "plan.read", "run.read", "finding.read")


def make_interface(number: int, index: int, **values: Any) -> dict[str, Any]:
    return {
        "index": index,
        "name": f"Gi1/0/{index}",
        "description": f"GigabitEthernet1/0/{index}",
        "type": "ethernetCsmacd",
        "mac": f"00:1b:54:{number >> 8 & 255:02x}:{number & 255:02x}:{index & 255:02x}",
        "speed": 1_000_000_000,
        "mtu": 1500,
        "admin_status": "up",
        "oper_status": "up",
    } | values


def make_document(
    number: int = 1,
    *,
    address: str = "",
    interfaces: int = 2,
    name: str | None = None,
    serial: str | None = None,
    sections: dict[Section, Any] | None = None,
    without: Iterable[Section] = (),
    **values: Any,
) -> Document:
    """Return the document of a switch; each number is another device."""
    address = address or f"10.0.{number >> 8}.{number & 255}"
    content: dict[Section, Any] = {
        Section.SYSTEM: {
            "sys_descr": "Cisco IOS Software, C2960X Software, Version 15.2(7)E3",
            "sys_object_id": CISCO_2960X,
            "sys_name": f"sw-{number:05}" if name is None else name,
            "sys_location": "Rathaus",
            "sys_services": 6,
            "evidence": {},
        },
        Section.COMPONENTS: [
            {
                "index": "1",
                "kind": "chassis",
                "name": "Switch 1",
                "model": "WS-C2960X-48TS-L",
                "serial": f"FOC{number:08}" if serial is None else serial,
                "software_revision": "15.2(7)E3",
            }
        ],
        Section.INTERFACES: [make_interface(number, index) for index in range(1, interfaces + 1)],
        Section.ADDRESSES: [{"address": address, "prefix_length": 24, "interface_index": 1}],
        Section.NEIGHBOURS: [],
    }
    content |= sections or {}
    document = Document(
        kind=SubjectKind.DEVICE,
        key=address,
        target=address,
        source=Source.SNMP,
        observed_at=OBSERVED_AT,
        sections={name: one for name, one in content.items() if name not in set(without)},
        credential="snmp-test",
    )
    return replace(document, **values)


def make_report(
    target: str, code: ProblemCode | None = None, *, step: Step = Step.ASKED, documents: int = 0
) -> TargetReport:
    problem = None if code is None else Problem(code, f"What went wrong: {code.value}.")
    return TargetReport(target, step, problem, documents)


def make_envelope(
    lease: Lease,
    documents: Sequence[Document] = (),
    *,
    reports: Sequence[TargetReport] = (),
    sequence: int = 0,
    is_last: bool = True,
) -> Envelope:
    return Envelope(
        assignment_id=lease.assignment.id,
        run_id=lease.assignment.run_id,
        collector="tests",
        sequence=sequence,
        is_last=is_last,
        documents=list(documents),
        reports=list(reports),
    )


def start_run(session: Session, plan: Plan, *, is_dry_run: bool | None = None) -> Lease:
    """Request a run of a plan and lease its first assignment."""
    request_run(session, carrier(), plan.id, is_dry_run=is_dry_run)
    lease = claim_assignment(session, carrier(), worker=WORKER, lease=LEASE, at=now())
    assert lease is not None
    return lease


def observe(
    session: Session,
    plan: Plan,
    documents: Sequence[Document] = (),
    *,
    reports: Sequence[TargetReport] = (),
    is_dry_run: bool | None = None,
) -> Receipt:
    """Run a plan of one assignment that sees exactly this."""
    lease = start_run(session, plan, is_dry_run=is_dry_run)
    return receive(
        session, carrier(), make_envelope(lease, documents, reports=reports), worker=WORKER
    )
