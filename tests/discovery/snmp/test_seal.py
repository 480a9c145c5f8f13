"""An answer whose digest does not fit is none, whichever of its bits was turned."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from discovery.protocols.snmp.users import seal_of
from tests.discovery.snmp.lying_agent import Answer, Request, encode, numbers
from tests.discovery.snmp.lying_v3 import USER, Envelope, LyingV3Agent

NAME = numbers("1.3.6.1.2.1.1.5.0")
AGENT = LyingV3Agent({})
SEAL = seal_of(USER, AGENT.engine_id)
REQUEST = Request(3, b"public", 0xA0, 7, 0, (NAME,))
HEAD = Envelope(9, 1, AGENT.engine_id, AGENT.boots, AGENT.time, USER.user.encode())
PDU = Answer(REQUEST, [(NAME, encode(b"sw-1"))]).pdu()
SEALED = AGENT._seal(PDU, HEAD, 1)


def test_what_is_sealed_with_the_key_is_genuine():
    assert SEAL.is_genuine(SEALED)


def test_another_key_or_engine_is_not():
    assert not seal_of(replace(USER, auth_password="another long one"), AGENT.engine_id).is_genuine(
        SEALED
    )
    assert not seal_of(USER, b"\x80\x00\x1f\x88\x04two").is_genuine(SEALED)


def test_only_a_report_may_come_without_a_seal():
    assert not SEAL.is_genuine(AGENT._seal(PDU, HEAD, 0))
    assert SEAL.is_genuine(AGENT._seal(AGENT._report(REQUEST, "1.3.6.1.6.3.15.1.1.4.0"), HEAD, 0))


@given(st.integers(0, len(SEALED) * 8 - 1))
def test_no_bit_can_be_turned(bit):
    bent = bytearray(SEALED)
    bent[bit // 8] ^= 1 << bit % 8
    assert not SEAL.is_genuine(bytes(bent))


@given(st.binary(max_size=80), st.integers(0, len(SEALED)))
def test_other_octets_are_not_genuine_and_trip_nothing(noise, at):
    assert not SEAL.is_genuine(noise)
    assert not SEAL.is_genuine(SEALED[:at] + noise) or noise == SEALED[at:]


def test_a_user_without_authentication_seals_nothing():
    assert seal_of(replace(USER, auth_protocol=None), AGENT.engine_id) is None
