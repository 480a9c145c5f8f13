"""A collector at a partner's site runs without the server's libraries and rooms."""

import subprocess
import sys

SCRIPT = """
import importlib, pkgutil, sys

FORBIDDEN = ("flask", "sqlalchemy", "celery", "cmdb", "catalog")

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in FORBIDDEN:
            raise ImportError(f"{name} is not to be had at a site")

sys.meta_path.insert(0, Wall())
import discovery
for module in pkgutil.walk_packages(discovery.__path__, "discovery."):
    importlib.import_module(module.name)
    print(module.name)
"""


def test_every_module_of_discovery_loads_without_flask_sqlalchemy_celery_cmdb_and_catalog():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert {"discovery.cli", "discovery.run"} <= set(done.stdout.split())


def test_the_command_line_starts_without_loading_the_heavy_libraries():
    libraries = ("pysnmp", "ldap3")
    script = f"import sys, discovery.cli; print([m for m in {libraries} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
