"""How well the real devices of the corpus are known, asked over UDP and judged by its scorer."""

import json
from ipaddress import IPv4Address
from itertools import product

import pytest

from tests import corpus
from tests.discovery.recorded import CORPUS

# Field → recall and precision that are wanted of these recordings.
WANTED = {
    "vendor": (0.98, 0.98),
    "model": (0.93, 0.95),
    "os_version": (0.93, 0.96),
    "serial": (0.95, 0.98),
    "device_class": (0.93, 0.95),
    "interfaces": (0.99, 0.99),
    "ip_addresses": (0.99, 0.99),
    "neighbours": (0.99, 0.99),
    "vlans": (0.97, 0.98),
    "module_serials": (0.97, 0.98),
}


IPV4 = "\x01"
"""The address family (IANA) before a chassis id that is a network address (IEEE 802.1AB)."""
IPV4_OCTETS = 4
BLANKS = [octet for octet in range(256) if chr(octet).isspace()]


@pytest.fixture(scope="module")
def score(tmp_path_factory):
    """What the scorer says of all recordings."""
    folder = tmp_path_factory.mktemp("corpus")
    truth, report = folder / "truth.jsonl", folder / "score.json"
    with (CORPUS / "truth.jsonl").open(encoding="utf-8") as lines:
        devices = [json.dumps(readable(json.loads(line))) for line in lines]
    truth.write_text("\n".join(devices), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus, "BUILD", folder)
        predictions = corpus.write_predictions(CORPUS, corpus.look_over_udp)
    assert corpus.score(CORPUS, truth, predictions, "--json", str(report)) == 0
    return json.loads(report.read_text("utf-8"))["overall"]


def readable(device):
    """Tell the neighbours that name themselves by address as people do, not by octets."""
    if neighbours := device.get("neighbours_recorded"):
        device["neighbours_recorded"] = [text for one in neighbours for text in readings(one)]
    return device


def readings(text):
    """Return the addresses that octets stand for, of which the blanks at the end were cut off."""
    octets = [ord(letter) for letter in text.removeprefix(IPV4)]
    lost = IPV4_OCTETS - len(octets)
    if not text.startswith(IPV4) or not 0 <= lost < IPV4_OCTETS - 1:
        return [text]
    return [str(IPv4Address(bytes([*octets, *cut]))) for cut in product(BLANKS, repeat=lost)]


@pytest.mark.parametrize("field", WANTED)
def test_the_recordings_are_known(score, field):
    recall, precision = WANTED[field]
    assert score[field]["recall"] >= recall
    assert score[field]["precision"] >= precision


def test_the_mean_over_the_core_fields(score):
    assert score["_core_f1"] >= 0.94
