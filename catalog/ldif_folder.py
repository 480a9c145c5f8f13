"""The one folder of this machine from which plans may read LDIF files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cmdb.kernel.errors import N_, InvalidError
from cmdb.plans.drafts import PlanDraft
from schemas.vocabulary import Protocol

MAX_LISTED: Final = 200
TOLD: Final = 10


def list_files(folder: Path) -> list[str]:
    """Return the names of the LDIF files in the folder, at most 200; none where it is not there."""
    try:
        found = sorted(
            one.name
            for one in folder.iterdir()
            if one.suffix.lower() == ".ldif" and one.is_file() and not one.is_symlink()
        )
    except OSError:
        return []
    return found[:MAX_LISTED]


def check_files(draft: PlanDraft, folder: Path) -> None:
    """Refuse a plan that names a file which does not lie in the folder.

    Raises:
        InvalidError: a file is not there; the text names those that are.
    """
    if draft.protocol is not Protocol.LDIF:
        return
    for name in draft.targets:
        if not is_inside(name, folder):
            raise _missing(name, list_files(folder))


def is_inside(name: str, folder: Path) -> bool:
    """Tell whether a name is that of a file in the folder itself, and of nothing elsewhere."""
    if "/" in name or "\\" in name or "\0" in name:
        return False
    path = folder / name
    return path.is_file() and not path.is_symlink()


def _missing(name: str, files: Sequence[str]) -> InvalidError:
    if not files:
        return InvalidError(
            "plan.no-files",
            N_("There is no file «{file}» in the folder of this server, which holds no LDIF file."),
            file=name,
        )
    return InvalidError(
        "plan.no-such-file",
        N_("There is no file «{file}» in the folder of this server; there are: {files}."),
        file=name,
        files=", ".join(files[:TOLD]) + (" …" if len(files) > TOLD else ""),
    )
