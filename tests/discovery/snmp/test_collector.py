"""The collector as a whole: which credential opens, what the document says, what is missing."""

import asyncio
import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import ClassVar

import pytest

from discovery.collectors.base import CollectorContext
from discovery.collectors.snmp import access
from discovery.collectors.snmp.collector import SnmpCollector
from discovery.errors import TimeLimitError
from discovery.knowledge import classify
from discovery.secrets import LdapBind, SnmpCommunity
from schemas.observation import section_hash
from schemas.sentences.snmp import SnmpSentence
from schemas.vocabulary import ProblemCode, Section, Source, Step, SubjectKind
from tests.discovery.snmp.looking import NOW, MemorySecrets, look, look_at_device
from tests.discovery.snmp.lying_agent import (
    GEN_ERR,
    GET,
    LyingAgent,
    Oid,
    failure,
    numbers,
)
from tests.discovery.snmp.snmpd import COMMUNITY, USERS

IF_ENTRY = "1.3.6.1.2.1.2.2.1"
DEVICE = {
    "1.3.6.1.2.1.1.1.0": b"Example OS 1.2\r\n\0",
    "1.3.6.1.2.1.1.2.0": Oid("1.3.6.1.4.1.99999.1"),
    "1.3.6.1.2.1.1.3.0": 12345,
    "1.3.6.1.2.1.1.5.0": b"sw-1",
    "1.3.6.1.2.1.1.6.0": "Geb\u00e4ude 3".encode("latin-1"),
    "1.3.6.1.2.1.1.7.0": 2,
    f"{IF_ENTRY}.2.1": b"Port 1",
    f"{IF_ENTRY}.2.2": b"Port 2",
    f"{IF_ENTRY}.10.1": 999,
}


def test_a_document_names_device_credential_and_time():
    with LyingAgent(DEVICE) as agent:
        document, report = look(agent.port)
    assert (document.kind, document.source) == (SubjectKind.DEVICE, Source.SNMP)
    assert (document.key, document.target) == (f"127.0.0.1:{agent.port}", "127.0.0.1")
    assert (document.observed_at, document.credential) == (NOW, "lab")
    assert (report.step, report.problem, report.documents) == (Step.AUTHENTICATED, None, 1)


def test_the_system_section_is_clean_text():
    with LyingAgent(DEVICE) as agent:
        system = look_at_device(agent.port).sections[Section.SYSTEM]
    assert system["sys_descr"] == "Example OS 1.2"
    assert system["sys_location"] == "Geb\u00e4ude 3"
    assert system["sys_object_id"] == "1.3.6.1.4.1.99999.1"
    assert system["sys_services"] == 2


def test_the_makers_private_tree_is_found_behind_the_name_of_the_agent():
    device = {
        "1.3.6.1.2.1.1.1.0": b"Linux box 6.1",
        "1.3.6.1.2.1.1.2.0": Oid("1.3.6.1.4.1.8072.3.2.10"),
        "1.3.6.1.4.1.2021.4.5.0": 512,
        "1.3.6.1.4.1.13742.6.1.1.0": 4711,
    }
    with LyingAgent(device) as agent:
        system = look_at_device(agent.port).sections[Section.SYSTEM]
    # The trees are kept, not what was counted there.
    assert system["evidence"] == {"1.3.6.1.4.1.2021": 1, "1.3.6.1.4.1.13742": 1}
    assert classify(system).vendor == "Raritan"


def test_two_looks_at_an_unchanged_device_hash_the_same_although_time_passes():
    hashes = []
    for uptime in (1, 2):
        device = DEVICE | {"1.3.6.1.2.1.1.3.0": uptime, f"{IF_ENTRY}.10.1": uptime}
        with LyingAgent(device) as agent:
            sections = look_at_device(agent.port).sections
        hashes.append({name: section_hash(content) for name, content in sections.items()})
    assert hashes[0] == hashes[1]


def test_a_section_cut_short_is_named_with_its_problem_and_the_others_are_complete():
    def fail_in_descriptions(request, answer):
        is_behind = any(oid == numbers(f"{IF_ENTRY}.2.2") for oid, _ in answer.bindings)
        return (failure(request, GEN_ERR) if is_behind else answer).encode()

    with LyingAgent(DEVICE, fail_in_descriptions) as agent:
        document = look_at_device(agent.port)
    assert document.incomplete == (Section.INTERFACES,)
    assert [row["index"] for row in document.sections[Section.INTERFACES]] == [1]
    problem = document.problems[0]
    assert (problem.code, problem.section) == (ProblemCode.REFUSED, Section.INTERFACES)
    assert "genErr" in problem.message


def test_the_first_community_that_opens_is_taken_and_named():
    secrets = MemorySecrets(
        {
            "old": SnmpCommunity("before"),
            "new": SnmpCommunity("public"),
            "ldap": LdapBind("cn", "x"),
        }
    )
    with LyingAgent(DEVICE) as agent:
        document, _ = look(agent.port, secrets=secrets, credentials=("gone", "ldap", "old", "new"))
        assert document.credential == "new"


class MuteClient:
    """Never answers; remembers who asked and how many asked at once."""

    asked: ClassVar[list[str]] = []
    most_at_once: ClassVar[int] = 0
    at_once: ClassVar[int] = 0

    def __init__(self, _endpoint, secret, *_):
        self.secret = secret

    async def open(self):
        pass

    async def get(self, _oids):
        MuteClient.asked.append(self.secret.community)
        MuteClient.at_once += 1
        MuteClient.most_at_once = max(MuteClient.most_at_once, MuteClient.at_once)
        await asyncio.sleep(0)
        MuteClient.at_once -= 1
        raise TimeLimitError(SnmpSentence.NO_ANSWER, endpoint="it")

    def close(self):
        pass


@pytest.fixture
def mute(monkeypatch):
    monkeypatch.setattr(access, "make_client", MuteClient)
    monkeypatch.setattr(MuteClient, "asked", [])
    monkeypatch.setattr(MuteClient, "most_at_once", 0)


@pytest.mark.usefixtures("mute")
def test_several_communities_are_tried_one_after_another_each_once_before_any_again():
    names = ("first", "second", "third")
    secrets = MemorySecrets({name: SnmpCommunity(name) for name in names})
    (report,) = look(161, secrets=secrets, credentials=names, retries=1)
    assert report.problem.code is ProblemCode.UNREACHABLE
    assert MuteClient.asked == [*names, *names]
    assert MuteClient.most_at_once == 1


def test_the_search_for_the_right_community_is_part_of_the_time_of_a_device():
    names = tuple(f"secret-{number}" for number in range(12))
    secrets = MemorySecrets({name: SnmpCommunity(name) for name in names})
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        limits = {"timeout": 0.4, "retries": 3, "seconds": 1}
        (report,) = look(mute.getsockname()[1], secrets=secrets, credentials=names, **limits)
        mute.setblocking(False)
        asked = 0
        with suppress(BlockingIOError):
            while mute.recv(4096):
                asked += 1
    assert 1 < asked <= 3
    assert report.problem.code is ProblemCode.UNREACHABLE


@pytest.mark.usefixtures("mute")
def test_a_device_with_several_names_is_asked_by_one_look_at_a_time():
    collector = SnmpCollector()
    context = CollectorContext(MemorySecrets(), ("lab",), collector.check_options({}))

    async def look_twice():
        async def once():
            return [item async for item in collector.collect("127.0.0.1", context)]

        return await asyncio.gather(once(), once())

    assert [len(reports) for reports in asyncio.run(look_twice())] == [1, 1]
    assert MuteClient.most_at_once == 1


def test_silence_is_explained_by_what_it_can_mean():
    secrets = MemorySecrets({"lab": SnmpCommunity("wrong")})
    with LyingAgent(DEVICE) as agent:
        (report,) = look(agent.port, secrets=secrets, timeout=0.1, retries=0)
    assert (report.step, report.problem.code) == (Step.ASKED, ProblemCode.UNREACHABLE)
    assert "wrong community" in report.problem.message
    assert "wrong community, blocked on the way, or no SNMP" in report.problem.message


@pytest.mark.parametrize(
    ("credentials", "words"),
    [(("gone",), "'gone'"), ((), "names no secret"), (("ldap",), "not a secret for SNMP")],
)
def test_without_a_secret_nothing_is_asked(credentials, words):
    secrets = MemorySecrets({"ldap": LdapBind("cn=x", "hidden-value")})
    with LyingAgent(DEVICE) as agent:
        (report,) = look(agent.port, secrets=secrets, credentials=credentials)
        assert agent.requests == []
    assert report.problem.code is ProblemCode.SECRET_MISSING
    assert words in report.problem.message
    assert "hidden-value" not in report.problem.message


def test_a_small_device_is_asked_little_and_first_by_one_small_get():
    with LyingAgent(DEVICE) as agent:
        look(agent.port)
        assert agent.requests[0].kind == GET
        assert len(agent.requests[0].oids) <= 12
        assert len(agent.requests) < 35


def test_an_agent_of_version_1_is_read_whole():
    secrets = MemorySecrets({"lab": SnmpCommunity("public", "1")})
    with LyingAgent(DEVICE) as agent:
        document = look_at_device(agent.port, secrets=secrets)
    assert document.incomplete == ()
    assert [row["name"] for row in document.sections[Section.INTERFACES]] == ["Port 1", "Port 2"]


def test_a_real_server_is_read_with_community_and_user_alike(snmpd_port):
    secrets = MemorySecrets({"community": SnmpCommunity(COMMUNITY), "user": USERS["sha256-aes128"]})
    by_community, by_user = (
        look_at_device(snmpd_port, secrets=secrets, credentials=(name,))
        for name in ("community", "user")
    )
    assert by_user.credential == "user"
    assert by_user.sections == by_community.sections
    assert by_user.incomplete == ()
    loopback = next(r for r in by_user.sections[Section.INTERFACES] if r["name"] == "lo")
    assert (loopback["type"], loopback["oper_status"]) == ("softwareLoopback", "up")
    addresses = {ip_address(row["address"]) for row in by_user.sections[Section.ADDRESSES]}
    assert ip_address("127.0.0.1") in addresses
    assert by_user.sections[Section.HOST]["processors"] >= 1
    assert by_user.sections[Section.HOST]["memory_bytes"] > 2**24


def test_users_are_tried_before_communities(snmpd_port):
    secrets = MemorySecrets({"community": SnmpCommunity(COMMUNITY), "user": USERS["sha1-aes128"]})
    document = look_at_device(snmpd_port, secrets=secrets, credentials=("community", "user"))
    assert document.credential == "user"


def test_a_refused_user_is_a_report_with_its_reason(snmpd_port):
    wrong = USERS["sha1-aes128"].__class__("stranger", "sha1", "quite-wrong-1")
    (report,) = look(snmpd_port, secrets=MemorySecrets({"lab": wrong}))
    assert (report.step, report.problem.code) == (Step.REACHED, ProblemCode.REFUSED)
    assert "does not know this user" in report.problem.message
