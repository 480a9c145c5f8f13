"""Prints one table of all measured parts: what is reached, what is wanted."""

# ruff: noqa: T201 — printing is what this program is for

import argparse
import sys
from importlib import import_module

import sqlalchemy as sa

from tests.bench.figures import Figure, Options

PARTS = ("demo", "inventory", "pages", "rest")
APART = ("snmp",)
"""Measured only when named: it needs the laboratory, and has a command of its own."""


def main() -> int:
    """Measure the named parts, or all; the exit status tells whether every budget is kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, *APART, []], help="default: all")
    parser.add_argument("--scale", type=float, default=1.0, help="0.1 for a quick look")
    parser.add_argument("--postgresql", default="postgresql://root@127.0.0.1:5432")
    arguments = parser.parse_args()
    options = Options(_reachable(arguments.postgresql), arguments.scale)
    figures: list[Figure] = []
    print(f"{'':44} {'reached':>10} {'budget':>10}")
    for part in arguments.parts or PARTS:
        print(part)
        for figure in import_module(f"tests.bench.{part}").measure(options):
            figures.append(figure)
            print(_line(figure), flush=True)
    missed = sum(not figure.is_met for figure in figures)
    print(f"{len(figures) - missed} of {len(figures)} within budget")
    return 1 if missed else 0


def _line(figure: Figure) -> str:
    sign = "≤" if figure.is_most else "≥"
    budget = "" if figure.budget is None else f"{sign} {figure.budget:,g}"
    mark = "" if figure.is_met else "  missed"
    return f"  {figure.what:42} {figure.reached:>10,.1f} {budget:>10} {figure.unit}{mark}"


def _reachable(server: str) -> str | None:
    engine = sa.create_engine(
        f"{server}/postgres", poolclass=sa.NullPool, connect_args={"connect_timeout": 2}
    )
    try:
        with engine.connect():
            return server
    except sa.exc.OperationalError:
        print(f"PostgreSQL does not answer at {server}: left out")
        return None


if __name__ == "__main__":
    sys.exit(main())
