"""A run with the real collector: names, several communities, sockets, credentials in envelopes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from discovery.collectors.snmp import access
from discovery.protocols.snmp.engines import make_client
from discovery.run import run
from discovery.secrets import SnmpCommunity
from discovery.transport.local import MemorySink
from schemas.assignment import Assignment
from schemas.observation import dump_envelope
from schemas.vocabulary import ProblemCode, Protocol, Section
from tests.discovery.snmp.looking import MemorySecrets
from tests.discovery.snmp.lying_agent import LyingAgent
from tests.discovery.snmp.snmpd import AUTH_PASSWORD, COMMUNITY, PRIVACY_PASSWORD, USERS

DEVICE = {"1.3.6.1.2.1.1.1.0": b"Example", "1.3.6.1.2.1.1.5.0": b"sw-1"}


def carry_out(port, targets, secrets, **changes):
    assignment = Assignment(
        id=UUID(int=1),
        run_id=UUID(int=2),
        partner="ebikon",
        protocol=Protocol.SNMP,
        targets=targets,
        deadline=datetime.now(UTC) + timedelta(minutes=1),
        credentials=tuple(secrets),
        options={"port": port, "timeout": 1.0} | changes,
    )
    sink = MemorySink()
    return run(assignment, MemorySecrets(secrets), sink), sink


def test_a_server_called_by_its_name_is_inventoried_and_no_secret_travels(snmpd_port):
    secrets = {"user": USERS["sha256-aes128"], "community": SnmpCommunity(COMMUNITY)}
    summary, sink = carry_out(snmpd_port, ("localhost",), secrets)
    (document,) = sink.documents
    assert (document.target, document.key) == ("localhost", f"127.0.0.1:{snmpd_port}")
    assert document.sections[Section.SYSTEM]["sys_name"] == "lab-host.example.ch"
    assert summary.problems == {}
    wire = b"".join(dump_envelope(envelope) for envelope in sink.envelopes)
    for secret in (AUTH_PASSWORD, PRIVACY_PASSWORD, COMMUNITY):
        assert secret.encode() not in wire


def test_dead_addresses_are_reports_and_the_living_one_a_document():
    secrets = {name: SnmpCommunity(name) for name in ("one", "two", "public")}
    with LyingAgent(DEVICE) as agent:
        summary, sink = carry_out(agent.port, ("127.0.0.0/29",), secrets)
    assert [document.target for document in sink.documents] == ["127.0.0.1"]
    assert sink.documents[0].credential == "public"
    assert summary.problems == {ProblemCode.UNREACHABLE: 5}
    assert {report.target for report in sink.reports} == {f"127.0.0.{n}" for n in range(2, 7)}


def test_several_communities_never_open_more_sockets_than_devices_may_be_asked(monkeypatch):
    opened: list[int] = [0]

    def make_counted(*arguments):
        client = make_client(*arguments)
        close = client.close

        def close_counted():
            close()
            opened.append(opened[-1] - 1)

        client.close = close_counted
        opened.append(opened[-1] + 1)
        return client

    monkeypatch.setattr(access, "make_client", make_counted)
    secrets = {name: SnmpCommunity(name) for name in ("one", "two", "three", "public")}
    with LyingAgent(DEVICE) as agent:
        _, sink = carry_out(agent.port, ("127.0.0.0/28",), secrets, concurrency=2)
    assert len(sink.documents) == 1
    assert max(opened) == 2
    assert opened[-1] == 0
