"""The build hook fetches once, explains its failures and never leaves a half-filled folder."""

import importlib.util
import json
import sys

import pytest

from tests.architecture.source import ROOT

# Stands in for npm: writes what a package would bring, or fails as npm does behind a wall.
GOOD_NPM = """
import os, pathlib
assert os.environ["NODE_USE_SYSTEM_CA"] == "1"
package = pathlib.Path("node_modules/sample")
package.mkdir(parents=True)
(package / "a.css").write_text('b{color:red}\\n/*# sourceMappingURL=a.css.map */')
(package / "x.svg").write_text('<!-- tag --><svg class="i" width="24"><path d="M0 0"/></svg>')
(package / "LICENSE").write_text("MIT")
"""
BAD_NPM = "import sys; print('npm error SELF_SIGNED_CERT_IN_CHAIN'); sys.exit(1)"
RECIPE = """
[files]
"a.css" = "sample/a.css"
[icons]
from = "sample"
names = ["x"]
"""


@pytest.fixture
def hook(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    frontend = tmp_path / "frontend"
    frontend.mkdir()
    for name in module.INPUTS:
        (frontend / name).write_text("{}")
    (frontend / "assets.toml").write_text(RECIPE)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "FRONTEND", frontend)
    monkeypatch.setattr(module, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(module, "TRANSLATIONS", tmp_path / "translations")
    monkeypatch.delenv("HAUS_SKIP_ASSETS", raising=False)
    return module


@pytest.fixture
def npm(hook, tmp_path, monkeypatch):
    def install(source):
        script = tmp_path / "npm.py"
        script.write_text(source)
        monkeypatch.setattr(hook, "npm_command", lambda: [sys.executable, str(script)])

    return install


def test_files_are_stripped_and_stamped(hook, npm):
    npm(GOOD_NPM)
    said = []
    hook.build_assets(said.append)
    assert (hook.VENDOR / "a.css").read_text() == "b{color:red}"
    assert '<symbol id="x" viewBox="0 0 24 24"><path' in (hook.VENDOR / "icons.svg").read_text()
    assert (hook.VENDOR / "licenses" / "sample.txt").read_text() == "MIT"
    assert said == ["assets: 1 files, 1 icons"]


def test_a_second_build_asks_nobody(hook, npm):
    npm(GOOD_NPM)
    hook.build_assets(str)
    npm(BAD_NPM)
    said = []
    hook.build_assets(said.append)
    assert said == ["assets: up to date"]


def test_a_change_of_the_recipe_builds_again(hook, npm):
    npm(GOOD_NPM)
    hook.build_assets(str)
    (hook.FRONTEND / "assets.toml").write_text(RECIPE + "# changed")
    npm(BAD_NPM)
    with pytest.raises(SystemExit):
        hook.build_assets(str)


def test_a_failure_names_the_cause_and_the_ways_out(hook, npm):
    npm(BAD_NPM)
    with pytest.raises(SystemExit) as failure:
        hook.build_assets(str)
    for text in ("SELF_SIGNED_CERT_IN_CHAIN", "npm_config_registry", "wheel", "HAUS_SKIP_ASSETS"):
        assert text in str(failure.value)
    assert not hook.VENDOR.exists()


def test_an_icon_that_does_not_exist_is_named(hook, npm):
    npm(GOOD_NPM)
    (hook.FRONTEND / "assets.toml").write_text(RECIPE.replace('"x"', '"y"'))
    with pytest.raises(SystemExit, match="'y'"):
        hook.build_assets(str)
    assert not hook.VENDOR.exists()


def test_assets_can_be_left_out(hook, npm, monkeypatch):
    npm(BAD_NPM)
    monkeypatch.setenv("HAUS_SKIP_ASSETS", "1")
    hook.build_assets(str)
    assert not hook.VENDOR.exists()


def test_a_refreshed_lock_holds_no_address(hook, npm):
    lock = {
        "packages": {
            "": {},
            "node_modules/sample": {
                "version": "1.0.0",
                "integrity": "sha512-x",
                "resolved": "https://registry.example/sample",
                "funding": {"url": "https://example.org"},
            },
        }
    }
    npm(f"import pathlib; pathlib.Path('package-lock.json').write_text({json.dumps(lock)!r})")
    hook.refresh_lock(str)
    written = (hook.FRONTEND / "package-lock.json").read_text()
    assert "://" not in written
    assert "sha512-x" in written


def test_a_translation_with_other_placeholders_stops_the_build(hook):
    folder = hook.TRANSLATIONS / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        '#, python-format\nmsgid "%(num)s devices"\nmsgstr "%(zahl)s Geräte"\n',
        "utf-8",
    )
    with pytest.raises(SystemExit, match="placeholders differ"):
        hook.compile_catalogues(str)


def test_third_party_scripts_never_run_at_installation():
    assert (
        "ignore-scripts=true"
        in (ROOT / "catalog/web/frontend/.npmrc").read_text("utf-8").splitlines()
    )
