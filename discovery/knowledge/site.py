"""The rules that a site has taught itself, beside those that ship."""

import os
from collections.abc import Mapping
from pathlib import Path

FOLDER_VARIABLE = "HAUS_KNOWLEDGE"
MAX_FILES = 500


def site_folder() -> Path | None:
    """Return the folder of the site's own rules, as the environment names it; None without."""
    name = os.environ.get(FOLDER_VARIABLE)
    return Path(name) if name else None


def read_site_files() -> Mapping[str, str]:
    """Return name and text of every rule file of the site.

    Raises:
        OSError: the folder or a file cannot be read.
        ValueError: a name of a file that ships is used again, or there are too many files.
    """
    folder = site_folder()
    if folder is None:
        return {}
    if not folder.is_dir():
        raise FileNotFoundError(f"{FOLDER_VARIABLE} names {folder}, which is no folder.")
    paths = sorted(folder.glob("*.toml"))
    if len(paths) > MAX_FILES:
        raise ValueError(f"{folder} holds more than {MAX_FILES} files of rules.")
    return {path.name: path.read_text("utf-8") for path in paths}
