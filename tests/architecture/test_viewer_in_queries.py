"""Whoever asks says who they are, and whoever acts is asked whether they may."""

import ast

import pytest

from tests.architecture.source import ROOT, name_of, tree

ASKING = ("queries.py", "detail.py", "inventory.py", "facets.py", "search.py", "names.py")
ACTING = ("commands.py", "classes.py", "relations.py", "municipalities.py")
ROOMS = [path for top in ("cmdb", "catalog") for path in sorted((ROOT / top).glob("*/"))]
OUTSIDE = {"kernel", "web", "api", "jobs", "cli", "demo", "migrations", "handbook", "translations"}

PURE = {
    "catalog/offers/queries.py:price_terms": "turns a row that was read into plain values",
    "catalog/ordering/queries.py:facts_of": "turns a row that was read into plain values",
    "catalog/ordering/queries.py:actions_of": "judges a row that was read",
    "catalog/subscriptions/queries.py:cost_line_of": "turns a row that was read into plain values",
    "cmdb/reconcile/queries.py:no_finding": "an error to raise, not a question",
    "cmdb/items/classes.py:shipped_classes": "reads a file that ships",
    "cmdb/items/classes.py:read_definitions": "classes belong to nobody",
    "cmdb/partners/municipalities.py:parse_municipalities": "reads text",
    "cmdb/intake/commands.py:scope_of": "turns a plan that was read into plain values",
}
"""What is public beside questions and acts, each with the reason why nobody has to be named."""

STEPS = {
    "cmdb/history/commands.py:open_facts": "a step of commands that have asked before",
    "cmdb/history/commands.py:record_facts": "a step of commands that have asked before",
    "cmdb/history/commands.py:record_revision": "a step of commands that have asked before",
    "cmdb/history/commands.py:record_revisions": "a step of commands that have asked before",
}
"""What other commands do on the way, each with the reason why it does not ask again."""


def public_functions(path):
    return [
        node
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def files(names):
    return [
        room / name
        for room in ROOMS
        if room.name not in OUTSIDE
        for name in names
        if (room / name).exists()
    ]


def first_arguments(function):
    return [one.arg for one in function.args.args[:2]]


def called(function):
    """Return the names of what a function calls, `permit` or `commands.retire_item` alike."""
    return {
        node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    }


def those_who_ask(path):
    """Return the functions of a module that ask for the right, or call one that does."""
    calls = {
        node.name: called(node) for node in tree(path).body if isinstance(node, ast.FunctionDef)
    }
    asking = {"permit", "may"}
    while True:
        more = {name for name, names in calls.items() if names & asking} - asking
        if not more:
            return asking
        asking |= more


@pytest.mark.parametrize("path", files(ASKING), ids=name_of)
def test_every_question_says_who_asks(path):
    wrong = [
        one.name
        for one in public_functions(path)
        if first_arguments(one) != ["session", "viewer"]
        and f"{name_of(path)}:{one.name}" not in PURE
    ]
    assert not wrong, f"{name_of(path)}: {wrong} must take (session, viewer, …)"


@pytest.mark.parametrize("path", files(ASKING), ids=name_of)
def test_every_question_heeds_who_asks(path):
    unheeding = [
        one.name
        for one in public_functions(path)
        if first_arguments(one) == ["session", "viewer"]
        and sum(isinstance(node, ast.Name) and node.id == "viewer" for node in ast.walk(one)) == 0
    ]
    assert not unheeding, f"{name_of(path)}: {unheeding} never look at the viewer"


@pytest.mark.parametrize("path", files(ACTING), ids=name_of)
def test_every_act_says_who_acts(path):
    known = PURE | STEPS
    wrong = [
        one.name
        for one in public_functions(path)
        if first_arguments(one) != ["session", "actor"]
        and f"{name_of(path)}:{one.name}" not in known
    ]
    assert not wrong, f"{name_of(path)}: {wrong} must take (session, actor, …)"


@pytest.mark.parametrize("path", files(ACTING), ids=name_of)
def test_every_act_asks_whether_the_actor_may(path):
    known = PURE | STEPS
    asking = those_who_ask(path)
    silent = [
        one.name
        for one in public_functions(path)
        if one.name not in asking and f"{name_of(path)}:{one.name}" not in known
    ]
    assert not silent, f"{name_of(path)}: {silent} never ask permit()"


def test_every_exception_still_exists():
    existing = {
        f"{name_of(path)}:{one.name}"
        for path in files((*ASKING, *ACTING))
        for one in public_functions(path)
    }
    assert not (PURE | STEPS).keys() - existing
