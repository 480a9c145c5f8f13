"""The directories of the demonstration as LDIF files, and the secrets file of its site."""

from pathlib import Path

from catalog.demo.content import COMMUNITY, SECRET, content
from catalog.demo.directory import directory_ldif
from cmdb.kernel.clock import today

SEED = 7


def write_directories(folder: Path) -> None:
    """Write one LDIF file per directory into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in content()["directories"]:
        text = directory_ldif(
            entry["partner"],
            entry["base_dn"],
            entry["people"],
            entry["computers"],
            SEED,
            today=today(),
        )
        (folder / f"{entry['partner']}.ldif").write_text(text, "utf-8")


def secrets_text() -> str:
    """Return the secrets file: what opens the invented devices."""
    return f'[{SECRET}]\nkind = "snmp-community"\ncommunity = "{COMMUNITY}"\n'
