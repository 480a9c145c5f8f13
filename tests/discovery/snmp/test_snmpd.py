"""Both engines against a real net-snmp agent, with communities and users."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace

import pytest

from discovery.errors import RefusedError, TimeLimitError
from discovery.protocols.snmp.engines import Engine
from discovery.secrets import SnmpCommunity
from tests.discovery.snmp.asking import ENGINES, ask
from tests.discovery.snmp.snmpd import (
    COMMUNITY,
    IN_CONTEXT,
    SNMPD,
    USERS,
    free_port,
    running_snmpd,
    wait_until_it_answers,
)

NAME = "1.3.6.1.2.1.1.5.0"
SYSTEM = "1.3.6.1.2.1.1"
LAB = {NAME: b"lab-host.example.ch"}


@pytest.fixture(params=ENGINES, ids=str)
def engine(request):
    return request.param


@pytest.mark.parametrize("version", ["1", "2c"])
def test_a_community_reads(snmpd_port, engine, version):
    community = SnmpCommunity(COMMUNITY, version)
    question = lambda client: client.get([NAME])  # noqa: E731 — one line for two calls
    assert ask(snmpd_port, question, engine=engine, credential=community) == LAB


@pytest.mark.parametrize("user", USERS.values(), ids=USERS)
def test_a_user_reads(snmpd_port, engine, user):
    async def name_and_system(client):
        return await client.get([NAME]), await client.walk(SYSTEM)

    found, walk = ask(snmpd_port, name_and_system, engine=engine, credential=user)
    assert found == LAB
    assert walk.failure is None
    assert walk.rows[NAME] == LAB[NAME]


def test_both_engines_read_the_same_table(snmpd_port):
    table = "1.3.6.1.2.1.2.2.1"
    walks = [
        ask(
            snmpd_port,
            lambda client: client.walk(table, (2, 3, 6)),
            engine=engine,
            credential=USERS["sha1-aes128"],
        )
        for engine in ENGINES
    ]
    assert walks[0] == walks[1]
    assert walks[0].rows


def test_an_unknown_user_is_refused(snmpd_port, engine):
    stranger = replace(USERS["sha1-aes128"], user="stranger")
    with pytest.raises(RefusedError, match="'stranger'"):
        ask(snmpd_port, lambda client: client.get([NAME]), engine=engine, credential=stranger)


def test_a_wrong_authentication_password_is_refused_and_not_shown(snmpd_port, engine):
    wrong = replace(USERS["sha1-aes128"], auth_password="quite-wrong-1")
    with pytest.raises(RefusedError, match="'shaaes'") as caught:
        ask(snmpd_port, lambda client: client.get([NAME]), engine=engine, credential=wrong)
    assert "quite-wrong-1" not in str(caught.value)


def test_the_fast_engine_tells_why_a_user_is_refused(snmpd_port):
    user = USERS["sha1-aes128"]
    cases = {
        "does not know this user": replace(user, user="stranger"),
        "wrong authentication password": replace(user, auth_password="quite-wrong-1"),
        "wrong privacy password": replace(user, privacy_password="quite-wrong-1"),
    }
    for reason, wrong in cases.items():
        with pytest.raises(RefusedError, match=reason):
            ask(snmpd_port, lambda c: c.get([NAME]), credential=wrong, timeout=0.2, retries=0)


def test_a_level_below_what_the_agent_demands_is_refused(snmpd_port, engine):
    weaker = replace(USERS["sha1-aes128"], privacy_protocol=None, privacy_password=None)
    with pytest.raises(RefusedError):
        ask(snmpd_port, lambda client: client.get([NAME]), engine=engine, credential=weaker)


def test_a_context_is_asked_for_by_the_second_engine(snmpd_port):
    found = ask(
        snmpd_port, lambda client: client.get([NAME]), engine=Engine.AUTO, credential=IN_CONTEXT
    )
    assert found == LAB


@pytest.mark.parametrize("is_new_engine", [False, True], ids=["restarted", "replaced"])
def test_an_agent_that_starts_again_in_the_middle_is_read_on(tmp_path, is_new_engine):
    if SNMPD is None:
        pytest.skip("snmpd is not installed")
    port = free_port()
    folders = [tmp_path, tmp_path / "new" if is_new_engine else tmp_path]
    folders[1].mkdir(exist_ok=True)

    async def restart_between(client):
        first.close()
        with running_snmpd(folders[1], port):
            await asyncio.to_thread(wait_until_it_answers, port)
            return await client.get([NAME])

    with ExitStack() as first:
        first.enter_context(running_snmpd(folders[0], port))
        wait_until_it_answers(port)
        user = USERS["sha1-aes128"]
        assert ask(port, restart_between, credential=user, timeout=0.3) == LAB


def test_a_wrong_community_is_silence(snmpd_port, engine):
    with pytest.raises(TimeLimitError):
        ask(
            snmpd_port,
            lambda client: client.get([NAME]),
            engine=engine,
            credential=SnmpCommunity("wrong"),
            timeout=0.1,
            retries=0,
        )
