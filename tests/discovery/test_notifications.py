"""Notifications: only known senders are read, seldom, and what they say does not count."""

import asyncio
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.notifications import Hearing, HearingLimits, Outcome
from discovery.protocols.snmp import receiver as receiving
from discovery.protocols.snmp.receiver import Receiver
from discovery.secrets import SnmpCommunity, SnmpUser

LIMITS = HearingLimits(device_seconds=600, devices=3, attempts=2, attempt_seconds=10)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def device_of(sender):
    return sender if sender.startswith("10.") else None


def hearing():
    clock = Clock()
    return Hearing(device_of, LIMITS, clock), clock


def test_a_stranger_is_not_read():
    heard, _ = hearing()
    assert not heard.admits("192.0.2.1")
    assert heard.accept("192.0.2.1") is None
    assert heard.counts == {Outcome.FOREIGN: 1}


def test_a_device_is_heard_once_in_ten_minutes():
    heard, clock = hearing()
    assert heard.admits("10.0.0.1")
    assert heard.accept("10.0.0.1") == "10.0.0.1"
    clock.now = 599
    assert not heard.admits("10.0.0.1")
    clock.now = 600
    assert heard.admits("10.0.0.1")


def test_a_sender_with_a_wrong_community_is_read_a_few_times_only():
    heard, clock = hearing()
    assert [heard.admits("10.0.0.1") for _ in range(4)] == [True, True, False, False]
    assert heard.admits("10.0.0.2")
    clock.now = 10
    assert heard.admits("10.0.0.1")


def test_all_devices_together_are_heard_so_often_only():
    heard, clock = hearing()
    wanted = [heard.accept(f"10.0.0.{number}") for number in range(1, 6)]
    assert [one is not None for one in wanted] == [True, True, True, False, False]
    assert heard.counts[Outcome.TOO_MANY] == 2
    clock.now = 600
    assert heard.accept("10.0.0.4") == "10.0.0.4"


@given(
    st.lists(
        st.tuples(
            st.sampled_from([f"10.0.0.{n}" for n in range(6)] + ["192.0.2.1"]), st.integers(0, 300)
        ),
        max_size=80,
    )
)
def test_whatever_arrives_nobody_is_looked_at_too_often(messages):
    heard, clock = hearing()
    wanted: list[tuple[float, str]] = []
    for sender, pause in messages:
        clock.now += pause
        if heard.admits(sender) and (device := heard.accept(sender)):
            wanted.append((clock.now, device))
    for at, device in wanted:
        window = [one for when, one in wanted if at <= when < at + LIMITS.device_seconds]
        assert window.count(device) == 1
        assert len(window) <= LIMITS.devices
        assert device != "192.0.2.1"


PRIVACY = "privacy-pass-12345"
USER = SnmpUser("trapper", "sha1", "auth-pass-12345", "aes128", "privacy-pass-12345")
AUTHENTICATED = ("-a", "SHA", "-A", "auth-pass-12345")
V3 = ["-v3", "-u", "trapper", "-l", "authPriv", *AUTHENTICATED, "-x", "AES", "-X", PRIVACY]
SECRETS = [SnmpCommunity("public"), SnmpCommunity("old", "1"), USER]

NOTIFICATIONS = {
    "trap of v2c": ("snmptrap", ["-v2c", "-c", "public"], 1),
    "inform of v2c": ("snmpinform", ["-v2c", "-c", "public"], 1),
    "trap of v3": ("snmptrap", [*V3, "-e", "0x8000000001020304"], 1),
    "inform of v3": ("snmpinform", V3, 1),
    "wrong community": ("snmptrap", ["-v2c", "-c", "wrong"], 0),
    "a community of v1": ("snmptrap", ["-v2c", "-c", "old"], 0),
    "wrong password": ("snmptrap", [*V3[:-1], "quite-wrong-1", "-e", "0x8000000001020304"], 0),
    "unknown user": ("snmptrap", ["-v3", "-u", "nobody", "-l", "noAuthNoPriv"], 0),
    "without privacy": ("snmptrap", [*V3[:3], "-l", "authNoPriv", *AUTHENTICATED], 0),
    "without authentication": ("snmptrap", ["-v3", "-u", "trapper", "-l", "noAuthNoPriv"], 0),
}
needs_tools = pytest.mark.skipif(
    shutil.which("snmpinform") is None, reason="net-snmp's tools are not installed"
)
needs_ipv6 = pytest.mark.skipif(
    not Path("/proc/net/if_inet6").is_file(), reason="the system has no IPv6"
)


def receive(*sendings, admits=lambda _: True, at="127.0.0.1"):
    """Return the senders that were accepted."""

    async def listen():
        accepted: list[str] = []
        receiver = Receiver(SECRETS, admits, accepted.append)
        port = await receiver.start(at, 0)
        try:
            for sending in sendings:
                await sending(port)
            return accepted
        finally:
            receiver.close()

    return asyncio.run(listen())


def sent(tmp_path, tool, arguments, to="127.0.0.1"):
    async def send(port):
        process = await asyncio.create_subprocess_exec(
            tool,
            *("-r", "0", "-t", "2", *arguments, f"{to}:{port}", "", "1.3.6.1.6.3.1.1.5.1"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={"MIBS": "", "SNMP_PERSISTENT_DIR": str(tmp_path)},
        )
        await process.wait()

    return send


@needs_tools
@pytest.mark.parametrize(
    ("tool", "arguments", "expected"), NOTIFICATIONS.values(), ids=NOTIFICATIONS
)
def test_who_knows_a_secret_is_heard(tmp_path, tool, arguments, expected):
    # The inform that follows is answered: by then everything before it has been read.
    last = sent(tmp_path, "snmpinform", ["-v2c", "-c", "public"])
    accepted = receive(sent(tmp_path, tool, arguments), last)
    assert accepted == ["127.0.0.1"] * (expected + 1)


@needs_tools
def test_a_sender_of_many_engines_does_not_deafen_for_others(tmp_path, monkeypatch):
    monkeypatch.setattr(receiving, "MAX_ENGINES", receiving.MAX_ENGINES_OF_SENDER + 1)
    tool, arguments, _ = NOTIFICATIONS["trap of v3"]

    def trap(sender, number):
        own = [*arguments[:-1], f"0x80000000010203{number:02x}", f"--clientaddr={sender}"]
        return sent(tmp_path, tool, own)

    strange = [trap("127.0.0.2", number) for number in range(1, 9)]
    last = sent(tmp_path, "snmpinform", ["-v2c", "-c", "public"])
    accepted = receive(*strange, trap("127.0.0.3", 99), last)
    assert accepted.count("127.0.0.2") == receiving.MAX_ENGINES_OF_SENDER
    assert "127.0.0.3" in accepted


@needs_tools
@needs_ipv6
@pytest.mark.parametrize(
    ("at", "to", "expected"),
    [("::1", "udp6:[::1]", "::1"), ("::", "udp6:[::1]", "::1"), ("::", "127.0.0.1", "127.0.0.1")],
)
@pytest.mark.parametrize("version", ["inform of v2c", "inform of v3"])
def test_senders_of_both_address_families_are_heard(tmp_path, version, at, to, expected):
    tool, arguments, _ = NOTIFICATIONS[version]
    assert receive(sent(tmp_path, tool, arguments, to), at=at) == [expected]


@needs_tools
def test_nobody_else_is_even_read(tmp_path):
    assert receive(sent(tmp_path, *NOTIFICATIONS["trap of v2c"][:2]), admits=lambda _: False) == []
