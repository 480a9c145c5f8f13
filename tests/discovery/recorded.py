"""Where the recordings of real devices lie that are no part of the project."""

from pathlib import Path

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "snmp"
