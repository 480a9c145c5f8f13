"""The walls of the house: what every file of it keeps to."""

import ast
import importlib.metadata
import re
import tomllib
from dataclasses import fields

import pytest

from config.settings import ServerSettings
from tests.architecture.source import PACKAGES, ROOT, functions, modules, name_of, tree

MAX_LINES = 300
MAX_FUNCTION_LINES = 40
COMMITTING = {"catalog/transactions.py", "catalog/migrations/env.py"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc", "util", "helper"}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_file_fits_in_ones_head(path):
    lines = path.read_text("utf-8").count("\n")
    assert lines <= MAX_LINES, f"{name_of(path)} has {lines} lines"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_function_fits_on_a_screen(path):
    long = [
        f"{name_of(path)}:{one.lineno} {one.name} has {one.end_lineno - one.lineno + 1} lines"
        for one in functions(path)
        if one.end_lineno - one.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_only_the_edge_commits(path):
    if name_of(path) in COMMITTING:
        return
    calls = [
        f"{name_of(path)}:{node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]
    assert not calls, f"use catalog.transactions.unit_of_work: {calls}"


def test_no_file_is_a_drawer_for_odds_and_ends():
    assert not [name_of(path) for path in modules() if path.stem in FORBIDDEN_NAMES]


def test_no_dependency_takes_the_name_of_one_of_our_packages():
    owners = importlib.metadata.packages_distributions()
    assert {name: owners.get(name, []) for name in PACKAGES} == {
        name: owners.get(name, []) if owners.get(name) == ["haus"] else [] for name in PACKAGES
    }


def test_every_setting_has_a_default_with_an_explanation():
    text = (ROOT / "config/defaults.toml").read_text("utf-8")
    assert list(tomllib.loads(text)) == [field.name for field in fields(ServerSettings)]
    settings = [line for line in text.splitlines() if "=" in line and not line.startswith("#")]
    assert not [line for line in settings if "  # " not in line]


def test_every_setting_is_explained_in_the_handbook():
    text = (ROOT / "catalog/handbook/operating.md").read_text("utf-8")
    assert not [field.name for field in fields(ServerSettings) if f"`{field.name}`" not in text]


def test_every_file_that_the_handbook_names_exists():
    text = (ROOT / "catalog/handbook/architecture.md").read_text("utf-8")
    named = re.findall(r"`((?:catalog|cmdb|discovery|schemas|config)/[a-z_/]+\.(?:py|toml))`", text)
    assert named
    assert not [name for name in named if not (ROOT / name).is_file()]


def test_lock_files_carry_hashes_and_no_addresses():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        assert text.count("--hash=sha256:") > text.count("==")
    assert "://" not in (ROOT / "catalog/web/frontend/package-lock.json").read_text("utf-8")
