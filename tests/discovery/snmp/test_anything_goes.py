"""Whatever a device says, its document has the right form and nothing but our errors comes out."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.collectors.snmp import values
from discovery.collectors.snmp.addresses import read_addresses
from discovery.collectors.snmp.attached import read_attached
from discovery.collectors.snmp.bridge import read_bridge_ports
from discovery.collectors.snmp.components import read_components
from discovery.collectors.snmp.host import read_host
from discovery.collectors.snmp.inquiry import KINDS, Inquiry
from discovery.collectors.snmp.interfaces import read_interfaces
from discovery.collectors.snmp.neighbours import read_neighbours
from discovery.collectors.snmp.ports import complete_interfaces
from discovery.collectors.snmp.power import read_power
from discovery.collectors.snmp.printer import read_printer
from discovery.collectors.snmp.software import read_software
from discovery.collectors.snmp.system import PROBE, read_system
from discovery.collectors.snmp.vendor_tables import load_tables
from discovery.errors import MalformedError
from discovery.protocols.snmp.client import Walk
from discovery.protocols.snmp.pdu import read_error_status, read_report
from schemas.observation import section_hash
from schemas.sections import load_section
from schemas.vocabulary import Section
from tests.discovery.snmp.looking import look
from tests.discovery.snmp.lying_agent import LyingAgent, Oid

OIDS = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=20).map(
    lambda numbers: ".".join(str(number) for number in numbers)
)
PLAIN = st.none() | st.integers(-(2**63), 2**64) | st.binary(max_size=60) | OIDS
# Small numbers and lengths make the rows of different columns meet.
INDEXES = st.one_of(
    st.integers(0, 3).map(str),
    st.lists(st.sampled_from(["1", "2", "4", "10", "255", "256"]), max_size=22).map(".".join),
    OIDS,
)


@dataclass
class FakeClient:
    """Answers every walk with cells that the test invents."""

    cells: dict[tuple[int, str], object]
    asked: list[str] = field(default_factory=list)

    async def get(self, oids):
        return {oid: self.cells[0, ""] for oid in oids if (0, "") in self.cells}

    async def get_next(self, oid):
        return {f"{oid}.1": self.cells[0, ""]} if (0, "") in self.cells else {}

    async def following(self, oid):
        return await self.get_next(oid)

    async def walk(self, root, columns=(), *, is_small=False):
        rows = {
            f"{root}.{column}.{index}" if index else f"{root}.{column}": value
            for (column, index), value in self.cells.items()
            if column in columns
        }
        return Walk(rows)


CELLS = st.dictionaries(st.tuples(st.integers(0, 18), INDEXES), PLAIN, max_size=40)


def check(section, reading):
    load_section(section, reading.content)
    json.dumps(reading.content)
    assert section_hash(reading.content)


class BoundlessInquiry(Inquiry):
    """Of a device that has whatever it is asked for."""

    def has(self, root):
        return True


MAKERS = sorted(
    {
        ".".join(table.entry.split(".")[:7])
        for kind in KINDS
        for table in load_tables(kind)
        if table.entry.startswith("1.3.6.1.4.1.")
    }
)


@settings(deadline=None)  # the first example loads the tables of the makers
@given(CELLS, st.sampled_from(MAKERS))
def test_any_table_gives_well_formed_sections(cells, maker):
    async def read():
        client = FakeClient(cells)
        inquiry = BoundlessInquiry(client, maker, frozenset())
        ports = await read_bridge_ports(inquiry)
        read = await read_interfaces(inquiry)
        interfaces, switching = await complete_interfaces(inquiry, read, ports)
        check(Section.INTERFACES, interfaces)
        check(Section.VLANS, switching.section())
        check(Section.COMPONENTS, await read_components(inquiry))
        check(Section.ADDRESSES, await read_addresses(inquiry))
        named = [{"index": 1, "name": "a"}, {"index": 2, "name": "b"}]
        check(Section.NEIGHBOURS, await read_neighbours(inquiry, named, ports))
        check(Section.HOST, await read_host(client, {}))
        check(Section.SOFTWARE, await read_software(inquiry))
        check(Section.PRINTER, await read_printer(inquiry))
        check(Section.POWER, await read_power(inquiry))
        if (attached := await read_attached(inquiry)) is not None:
            check(Section.ATTACHED, attached)

    asyncio.run(read())


@settings(deadline=None)  # the first example loads the device knowledge
@given(st.dictionaries(st.sampled_from(PROBE), PLAIN), PLAIN)
def test_any_answer_to_the_probe_gives_a_well_formed_system_section(probe, evidence):
    client = FakeClient({(0, ""): evidence})
    check(Section.SYSTEM, asyncio.run(read_system(client, probe)))


@given(PLAIN)
def test_text_is_short_printable_and_never_empty(value):
    text = values.text(value)
    assert text is None or (0 < len(text) <= 255 and "\0" not in text and text == text.strip())


@given(st.binary(max_size=80))
def test_any_bytes_are_an_answer_or_malformed(message):
    read_report(message)
    with suppress(MalformedError):
        assert isinstance(read_error_status(message), int)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_an_agent_whose_bytes_are_bent_gives_a_document_or_a_reason(data):
    device = {
        "1.3.6.1.2.1.1.1.0": b"Example",
        "1.3.6.1.2.1.1.2.0": Oid("1.3.6.1.4.1.99999.1"),
        "1.3.6.1.2.1.2.2.1.2.1": b"Port 1",
    }
    bends = data.draw(
        st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), min_size=1, max_size=3)
    )

    def bend(_, answer):
        message = bytearray(answer.encode())
        for at, octet in bends:
            message[at % len(message)] = octet
        return bytes(message)

    with LyingAgent(device, bend) as agent:
        *documents, report = look(agent.port, timeout=0.05, retries=0, seconds=2, engine="gufo")
    assert (report.problem is None) == (len(documents) == 1)
    for document in documents:
        for name, content in document.sections.items():
            load_section(name, content)


@pytest.mark.parametrize("value", [b"", b"\0\0", b"  ", None])
def test_nothing_is_no_text(value):
    assert values.text(value) is None


@pytest.mark.parametrize("value", [True, -1, 128, "1", b"1", None, 1.5])
def test_only_numbers_in_their_range_are_numbers(value):
    assert values.number(value, 127) is None


def test_a_boolean_from_outside_the_protocol_is_told_as_the_number_it_is_sent_as():
    assert values.scalar(value=True) == 1
    assert type(values.scalar(value=True)) is int


def test_the_symbol_set_before_a_printers_text_is_no_part_of_it():
    assert values.scalar(b"\x01\x1520201023") == "20201023"
    assert values.scalar(b"\x01\x15\x02\x03") == "01:15:02:03"
    assert values.scalar(b"\x01\x15") == "01:15"
