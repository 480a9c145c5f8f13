"""What is this device? The system group (RFC 3418) and the evidence that its maker is known by."""

from typing import Any

from discovery.collectors.snmp.tables import Reading, compact
from discovery.collectors.snmp.uptime import SYS_UP_TIME
from discovery.collectors.snmp.values import number, scalar, text
from discovery.errors import DiscoveryError
from discovery.knowledge import Question, Verb, ask
from discovery.protocols.snmp.client import SnmpClient
from discovery.protocols.snmp.wire import Value

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
SYS_NAME = "1.3.6.1.2.1.1.5.0"
SYS_LOCATION = "1.3.6.1.2.1.1.6.0"
SYS_SERVICES = "1.3.6.1.2.1.1.7.0"
HR_MEMORY_SIZE = "1.3.6.1.2.1.25.2.2.0"

PROBE = [
    SYS_DESCR,
    SYS_OBJECT_ID,
    SYS_UP_TIME,
    SYS_NAME,
    SYS_LOCATION,
    SYS_SERVICES,
    HR_MEMORY_SIZE,
]
"""The first question to every device, put as one GET."""


async def read_system(client: SnmpClient, probe: dict[str, Value]) -> Reading:
    """Return the section `system`, made of the answer to the probe and of the evidence."""
    section = compact(
        {
            "sys_descr": text(probe.get(SYS_DESCR), 4096),
            "sys_object_id": text(probe.get(SYS_OBJECT_ID)),
            "sys_name": text(probe.get(SYS_NAME)),
            "sys_location": text(probe.get(SYS_LOCATION)),
            "sys_services": number(probe.get(SYS_SERVICES), 127),
        }
    )
    identity = section.get("sys_object_id"), section.get("sys_descr")
    evidence, failure = await _read_evidence(client, identity)
    section["evidence"] = dict(sorted(evidence.items()))
    return Reading(section, failure)


async def _read_evidence(
    client: SnmpClient, identity: tuple[Any, Any]
) -> tuple[dict[str, Any], DiscoveryError | None]:
    evidence: dict[str, Any] = {}
    conversation = ask(identity, evidence)
    question = next(conversation, None)
    while question is not None:
        answers: dict[str, Value] = {}
        try:
            answers = await _put(client, question)
        except DiscoveryError as error:
            if not question.is_optional:
                return evidence, error
        told = {oid: scalar(value) for oid, value in answers.items()}
        try:
            question = conversation.send(told)
        except StopIteration:
            question = None
    return evidence, None


async def _put(client: SnmpClient, question: Question) -> dict[str, Value]:
    match question.verb:
        case Verb.GET:
            return await client.get(list(question.oids))
        case Verb.NEXT:
            return await client.get_next(question.oids[0])
        case Verb.FOLLOWING:
            return await client.following(question.oids[0])
