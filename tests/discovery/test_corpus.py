"""How well the real devices of the corpus are known, asked over UDP and judged by its scorer."""

import json

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
    # One recording expects the raw octets of chassis ids that are network addresses
    # (IEEE 802.1AB, subtype 5); the addresses we tell for its 38 neighbours count as wrong.
    "neighbours": (0.99, 0.97),
    "vlans": (0.97, 0.98),
    "module_serials": (0.97, 0.98),
}


@pytest.fixture(scope="module")
def score(tmp_path_factory):
    """What the scorer says of all recordings."""
    folder = tmp_path_factory.mktemp("corpus")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus, "BUILD", folder)
        assert corpus.main(CORPUS, "--json", str(folder / "score.json")) == 0
    return json.loads((folder / "score.json").read_text("utf-8"))["overall"]


@pytest.mark.parametrize("field", WANTED)
def test_the_recordings_are_known(score, field):
    recall, precision = WANTED[field]
    assert score[field]["recall"] >= recall
    assert score[field]["precision"] >= precision


def test_the_mean_over_the_core_fields(score):
    assert score["_core_f1"] >= 0.94
