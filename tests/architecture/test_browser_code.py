"""Browser code comes from the lock, fits the strict policy and asks only for what is there."""

import ast
import json
import re
import subprocess
import tomllib

import pytest

from tests.architecture.source import ROOT, modules, name_of, tree

WEB = ROOT / "catalog" / "web"
FRONTEND = WEB / "frontend"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
ICONS = set(tomllib.loads((FRONTEND / "assets.toml").read_text("utf-8"))["icons"]["names"])


def test_the_lock_names_no_address_and_every_hash():
    content = (FRONTEND / "package-lock.json").read_text("utf-8")
    assert "://" not in content
    packages = json.loads(content)["packages"]
    assert all(package.get("integrity") for path, package in packages.items() if path)


def test_every_wanted_version_is_exact():
    wanted = json.loads((FRONTEND / "package.json").read_text("utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


def test_nothing_of_others_is_committed():
    tracked = subprocess.run(
        ["git", "ls-files", "catalog/web/static/vendor"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert tracked.stdout == ""


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_hold_no_inline_code_or_style(path):
    content = re.sub(r"{#.*?#}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)\s*=", content)
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)|javascript:|hx-on", content)
    assert not re.search(r"\|\s*safe\b", content)


def test_every_icon_that_is_asked_for_is_in_the_sprite():
    asked = {}
    for path in TEMPLATES:
        for name in re.findall(r"""icon\(\s*["']([a-z0-9-]+)["']""", path.read_text("utf-8")):
            asked[name] = name_of(path)
    for path in modules():
        if path.is_relative_to(WEB):
            for call in ast.walk(tree(path)):
                if isinstance(call, ast.Call) and ast.unparse(call.func) in {"Sign", "Place"}:
                    for argument in call.args[2:]:
                        if isinstance(argument, ast.Constant):
                            asked[argument.value] = name_of(path)
    assert {name: at for name, at in asked.items() if name not in ICONS} == {}
