"""The files that hold the knowledge: those that ship and those of the site."""

from functools import cache
from hashlib import blake2b
from importlib.resources import files

from discovery.knowledge.site import read_site_files


def read_texts() -> tuple[dict[str, str], str, dict[str, str]]:
    """Return the device files by name, the enterprise numbers, and the lists of products.

    Raises:
        OSError: a file of the site cannot be read.
        ValueError: a file of the site has the name of one that ships, or there are too many.
    """
    folder = files("discovery.knowledge")
    devices = {
        entry.name: entry.read_text("utf-8")
        for entry in sorted(folder.joinpath("devices").iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }
    products = {
        entry.name.replace(".txt", ".toml"): entry.read_text("utf-8")
        for entry in folder.joinpath("products").iterdir()
    }
    enterprises = folder.joinpath("enterprises.txt").read_text("utf-8")
    own = read_site_files()
    for name in own.keys() & devices.keys():
        raise ValueError(f"{name}: a file of this name ships; give yours another name.")
    return {**devices, **own}, enterprises, products


@cache
def knowledge_mark() -> str:
    """Return a short text that is another one as soon as any rule is.

    Raises:
        OSError, ValueError: as for `read_texts`.
    """
    devices, enterprises, products = read_texts()
    digest = blake2b(enterprises.encode(), digest_size=6)
    for name, text in sorted([*devices.items(), *products.items()]):
        digest.update(f"{name}\n{text}".encode())
    return digest.hexdigest()
