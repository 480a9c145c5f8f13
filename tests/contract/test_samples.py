"""Every sample of a contract loads and is written again unchanged; every contract has one."""

import json
import re
from importlib import import_module, resources
from pkgutil import iter_modules

import orjson
import pytest
from marshmallow import Schema, ValidationError, fields

import schemas
from schemas.envelope import load_envelope
from schemas.observation import dump_envelope

FOLDER = resources.files("schemas").joinpath("samples")
NAMES = sorted(one.name.removesuffix(".json") for one in FOLDER.iterdir())
VERSIONED = {"assignment_1": "AssignmentSchema"}
"""Samples of a numbered version; a released one is never edited, only joined by the next."""


def contracts():
    """Return all schemas of the wire by name."""
    modules = [import_module(f"schemas.{one.name}") for one in iter_modules(schemas.__path__)]
    return {
        name: one
        for module in modules
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, Schema)
    }


def sample(name):
    return json.loads(FOLDER.joinpath(f"{name}.json").read_text("utf-8"))


def contract_of(name):
    camel = "".join(part.capitalize() for part in name.split("_")) + "Schema"
    return contracts()[VERSIONED.get(name, camel)]


def readable(schema):
    """Let a schema of an answer read what it has written."""
    for field in schema.fields.values():
        field.dump_only = False
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            readable(inner.schema)
    schema.load_fields = dict(schema.fields)
    return schema


@pytest.mark.parametrize("name", [one for one in NAMES if one != "observation_1"])
def test_a_sample_loads_and_is_written_unchanged(name):
    written = sample(name)
    schema = readable(contract_of(name)())
    loaded = schema.load(written)
    again = schema.dump(loaded)
    # What a request may leave out has a value once it is read.
    assert {key: again[key] for key in written} == written


@pytest.mark.parametrize("name", [one for one in NAMES if one != "observation_1"])
def test_a_sample_with_an_unknown_field_is_refused(name):
    with pytest.raises(ValidationError, match="unknown_field"):
        readable(contract_of(name)()).load(sample(name) | {"unknown_field": 1})


def test_the_sample_of_an_envelope_is_written_unchanged():
    envelope = load_envelope(FOLDER.joinpath("observation_1.json").read_bytes())
    again = dump_envelope(envelope)
    # What version 1 has learned since the sample was released is optional and empty there.
    assert without_messages(orjson.loads(again)) == sample("observation_1")
    assert load_envelope(again) == envelope


def without_messages(node):
    if isinstance(node, list):
        return [without_messages(one) for one in node]
    if isinstance(node, dict):
        return {
            key: without_messages(one)
            for key, one in node.items()
            if (key, one) != ("messages", [])
        }
    return node


def test_every_body_and_every_answer_of_the_interface_has_a_sample(app):
    text = json.dumps(app.extensions["haus_openapi"]["paths"])
    used = {name.removesuffix("Page") for name in re.findall(r'schemas/(\w+)"', text)}
    named = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in used}
    assert len(named) > 40
    assert named - set(NAMES) == set()
