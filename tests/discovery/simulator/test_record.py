"""A recorded device answers the same questions, and tells nothing about whose it was."""

import asyncio
import socket

from click.testing import CliRunner

from discovery.cli import main
from discovery.knowledge import classify
from discovery.protocols.snmp.budget import Limits
from discovery.protocols.snmp.engines import make_client
from discovery.protocols.snmp.wire import Endpoint
from discovery.secrets import SnmpCommunity, SnmpUser, telling_words
from discovery.simulator import Recording, Simulator, ber, one_community
from discovery.simulator.anonymise import Anonymiser
from discovery.simulator.reading import read_column, read_facts, read_value
from discovery.simulator.record import record_device, write_recording

SECRET = "c0mmunity-of-probenau"
SPELT = ".".join(str(octet) for octet in SECRET.encode())
DEVICE = f"""\
1.0.8802.1.1.2.1.4.1.1.9.0.1.1|4|core.probenau.example
1.0.8802.1.1.2.1.4.2.1.3.0.1.1.1.4.10.20.1.1|2|2
1.3.6.1.2.1.1.1.0|4|RouterOS RB5009UG+S+ of fw.probenau.example (admin@probenau.example)
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.14988.1
1.3.6.1.2.1.1.3.0|67|1234
1.3.6.1.2.1.1.4.0|4|the caretaker
1.3.6.1.2.1.1.5.0|4|fw.probenau.example
1.3.6.1.2.1.1.6.0|4|Cellar of the school
1.3.6.1.2.1.2.2.1.5.1|66|1000000000
1.3.6.1.2.1.2.2.1.6.1|4x|4c5e0caabbcc
1.3.6.1.2.1.2.2.1.6.2|4x|4c5e0c2a3b4d
1.3.6.1.2.1.2.2.1.10.1|65|77
1.3.6.1.2.1.4.20.1.1.10.20.1.7|64|10.20.1.7
1.3.6.1.2.1.4.20.1.3.10.20.1.7|64|255.255.255.0
1.3.6.1.2.1.4.22.1.3.1.10.20.1.9|64|10.20.1.9
1.3.6.1.2.1.4.34.1.3.2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.9|2|1
1.3.6.1.2.1.17.4.3.1.2.76.94.12.42.59.77|2|7
1.3.6.1.2.1.17.7.1.2.2.1.2.20.0.80.86.55.66.77|2|7
1.3.6.1.2.1.25.4.2.1.5.1|4|--password=hunter2
1.3.6.1.2.1.31.1.1.1.18.1|4|Line to the mayor
1.3.6.1.4.1.14988.1.1.4.4.0|4|7.15.3
1.3.6.1.4.1.14988.1.1.7.3.0|4|HE808AAAAAA
1.3.6.1.4.1.14988.1.1.9.9.0|4|reach 10.20.1.9 with {SECRET}
1.3.6.1.4.1.14988.1.1.9.10.0|4|bridge 4C:5E:0C:2A:3B:4D, peer 00-50-56-37-42-4d
1.3.6.1.4.1.14988.9.1.2.{SPELT}|2|1
1.3.6.1.4.1.8072.1.3.2.3.1.1.1|4|output of a script
"""
PHYS_ADDRESS = (1, 3, 6, 1, 2, 1, 2, 2, 1, 6)
TELLING = (
    "probenau",
    "caretaker",
    "Cellar",
    "mayor",
    "10.20.",
    "HE808",
    "hunter2",
    "script",
    "254.128",
    SECRET,
    SPELT,
    "aabbcc",
    "2a3b4d",
    "42.59.77",
    "55.66.77",
    "2A:3B:4D",
    "37-42-4d",
)


def record(text=DEVICE, **options):
    anonymiser = Anonymiser(b"salt", (SECRET.encode(),), **options)

    async def look(port):
        credential = SnmpCommunity(SECRET)
        client = make_client(Endpoint("127.20.0.1", port), credential, Limits(seconds=20))
        try:
            await client.open()
            return await record_device(client, anonymiser)
        finally:
            client.close()

    devices = {"127.20.0.1": Recording.parse(text.encode())}
    with Simulator(devices, accepts=one_community(SECRET)) as simulator:
        return asyncio.run(look(simulator.port))


def test_nothing_telling_stays():
    recorded = record()
    assert recorded.problems == ()
    text = write_recording(recorded.recording)
    assert [word for word in TELLING if word.lower() in text.lower()] == []
    assert SECRET.encode().hex() not in text


def test_what_the_device_is_stays():
    before = classify(*read_facts(Recording.parse(DEVICE.encode())))
    after = classify(*read_facts(record().recording))
    assert (after.vendor, after.ci_class) == (before.vendor, before.ci_class)
    assert after.os_version == "7.15.3"
    assert len(after.serial) == len(before.serial)
    assert after.serial != before.serial


def test_serials_stay_where_the_operator_wants_it():
    assert classify(*read_facts(record(is_hiding_serials=False).recording)).serial == "HE808AAAAAA"


def test_the_serial_of_a_maker_nobody_has_taught_is_replaced_too():
    group = (1, 3, 6, 1, 4, 1, 4242424, 1)
    told = (b"TX-4820P", b"TX48201900417", b"V3.2.1 build 2204")
    rows = [((*group, number, 0), ber.OCTETS, text) for number, text in enumerate(told, start=1)]
    _, serial, _ = (content for _, _, content in Anonymiser(b"salt").apply(rows))
    assert serial != told[1]
    assert len(serial) == len(told[1])
    kept = Anonymiser(b"salt", is_hiding_serials=False).apply(rows)
    assert tuple(content for _, _, content in kept) == told


def test_addresses_are_replaced_by_those_of_documentation_in_values_and_indexes_alike():
    recording = record().recording
    for oid, value in read_column(recording, "1.3.6.1.2.1.4.20.1.1"):
        assert oid.endswith(f".{value}")
        assert value.startswith("192.0.2.")
    assert dict(read_column(recording, "1.3.6.1.2.1.4.20.1.3")).popitem()[1] == "255.255.255.0"


def test_a_maker_stays_known_by_its_mac_addresses():
    mac = read_value(record().recording, "1.3.6.1.2.1.2.2.1.6.1")
    assert mac.startswith("4c:5e:0c:")


def test_numbers_keep_the_types_of_the_mib():
    text = write_recording(record().recording)
    for line in ("1.3.6.1.2.1.1.3.0|67|1234", ".2.2.1.5.1|66|1000000000", ".2.2.1.10.1|65|77"):
        assert line in text


def test_the_command_writes_a_file_that_can_be_replayed(tmp_path):
    target = tmp_path / "device.snmprec"
    devices = {"127.20.0.1": Recording.parse(DEVICE.encode())}
    variables = {"HAUS_SECRET_LAB_KIND": "snmp-community", "HAUS_SECRET_LAB_COMMUNITY": SECRET}
    with Simulator(devices, accepts=one_community(SECRET)) as simulator:
        arguments = ["record", "127.20.0.1", str(target), "--secret", "lab"]
        done = CliRunner(env=variables).invoke(main, [*arguments, "--port", str(simulator.port)])
    assert done.exit_code == 0, done.output
    assert SECRET not in target.read_text() + done.output
    assert read_value(Recording.read(target), "1.3.6.1.2.1.1.2.0") == "1.3.6.1.4.1.14988.1"


def test_an_address_is_replaced_by_the_same_one_in_values_indexes_and_words():
    recording = record().recording
    (_, _, octets), *_ = [row for row in recording.rows() if row[0][:10] == PHYS_ADDRESS][1:]
    assert octets[:3] == bytes.fromhex("4c5e0c")
    assert read_value(recording, f"1.3.6.1.2.1.17.4.3.1.2.{'.'.join(map(str, octets))}") == 7
    assert octets.hex(":") in read_value(recording, "1.3.6.1.4.1.14988.1.1.9.10.0")


def test_passwords_and_names_of_a_user_stay_out_too():
    user = SnmpUser("surveyor", "sha1", "first-password", "aes128", "second-password")
    assert telling_words(user) == ("surveyor", "first-password", "second-password")
    assert telling_words(SnmpCommunity("public")) == ()


def test_a_short_community_stays_out_where_it_is_a_word_of_its_own():
    recording = Recording.parse(
        b"1.3.6.1.2.1.1.1.0|4|Roof ro (ro) of Roswil\n"
        b"1.3.6.1.4.1.14988.9.1.2.2.114.111|2|1\n"
        b"1.3.6.1.4.1.14988.9.1.3.114.111|2|1\n"
    )
    kept = Anonymiser(salt=b"salt", secrets=(b"ro",)).apply(recording.rows())
    assert [content for _, tag, content in kept if tag == ber.OCTETS] == [
        b"Roof public (public) of Roswil"
    ]
    assert [arcs[-3:] for arcs, tag, _ in kept if tag != ber.OCTETS] == [(3, 114, 111)]


def test_a_device_that_says_nothing_leaves_no_file(tmp_path):
    target = tmp_path / "device.snmprec"
    target.write_text("what was there")
    variables = {"HAUS_SECRET_LAB_KIND": "snmp-community", "HAUS_SECRET_LAB_COMMUNITY": SECRET}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
    words = ["record", "127.0.0.1", str(target), "--secret", "lab", "--port", port]
    done = CliRunner(env=variables).invoke(main, words)
    assert done.exit_code == 1
    assert "Nothing was recorded" in done.output
    assert target.read_text() == "what was there"
    words[2] = str(tmp_path / "no" / "device.snmprec")
    assert "There is no folder" in CliRunner(env=variables).invoke(main, words).output


def test_the_commands_say_what_is_wrong(tmp_path):
    nothing = CliRunner().invoke(main, ["replay", str(tmp_path / "no.snmprec")])
    assert "cannot be read" in nothing.output
    outside = CliRunner().invoke(main, ["replay", "x.snmprec", "--address", "192.0.2.1"])
    assert "not a loopback address" in outside.output
    missing = CliRunner(env={}).invoke(main, ["record", "127.0.0.1", "x", "--secret", "no"])
    assert missing.exit_code == 1
    assert "HAUS_SECRET_NO_" in missing.output
