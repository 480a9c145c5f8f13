"""The description of the interface as a page shows it, read from its OpenAPI document."""

from dataclasses import dataclass
from typing import Any, Final

METHODS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Entry:
    """A parameter, or a field of a body."""

    name: str
    kind: str
    is_required: bool
    description: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One way in which a request can be answered."""

    status: str
    description: str
    schema: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Entry, ...]
    fields: tuple[Entry, ...]
    replies: tuple[Reply, ...]
    answered_fields: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class ResourceText:
    """All operations of one resource."""

    name: str
    description: str
    operations: tuple[Operation, ...]


def describe(document: dict[str, Any]) -> list[ResourceText]:
    """Return the resources of an OpenAPI document in their order, with their operations."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                shared = methods.get("parameters", [])
                operation = _operation(document, path, method, methods[method], shared)
                found[methods[method]["tags"][0]].append(operation)
    return [
        ResourceText(tag["name"], tag["description"], tuple(found[tag["name"]]))
        for tag in document["tags"]
    ]


def _operation(
    document: dict[str, Any], path: str, method: str, told: dict[str, Any], shared: list[Any]
) -> Operation:
    body = _content(_resolved(document, told.get("requestBody", {})))
    replies = {
        status: _resolved(document, reply)
        for status, reply in sorted(told["responses"].items())
        if status != "default"
    }
    good = next((_content(one) for status, one in replies.items() if status < "3"), {})
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        description=_plain(told.get("description", "")),
        parameters=tuple(
            _parameter(_resolved(document, one)) for one in [*shared, *told.get("parameters", [])]
        ),
        fields=_fields(document, body),
        replies=tuple(
            Reply(status, one.get("description", ""), kind_of(_content(one)))
            for status, one in replies.items()
        ),
        answered_fields=_fields(document, good),
    )


def kind_of(schema: dict[str, Any]) -> str:
    """Return in a few words what a schema allows, such as `list of text`."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "enum" in schema:
        return " | ".join("null" if one is None else str(one) for one in schema["enum"])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " | ".join(filter(None, (kind_of(one) for one in schema[several])))
    kinds = schema.get("type", "")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    words = [schema.get("format") or one if one != "null" else one for one in kinds]
    if "array" in kinds:
        words[kinds.index("array")] = f"[{kind_of(schema.get('items', {}))}]"
    return " | ".join(words)


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> tuple[Entry, ...]:
    resolved = _resolved(document, schema)
    required = set(resolved.get("required", ()))
    return tuple(
        Entry(name, kind_of(one), name in required, _plain(one.get("description", "")))
        for name, one in resolved.get("properties", {}).items()
    )


def _parameter(told: dict[str, Any]) -> Entry:
    return Entry(
        told["name"],
        kind_of(told.get("schema", {})),
        bool(told.get("required")),
        _plain(told.get("description", "")),
        told["in"],
    )


def _plain(text: str) -> str:
    """Return a text without the marks of Markdown that the house's descriptions use."""
    return text.replace("`", "")


def _content(told: dict[str, Any]) -> dict[str, Any]:
    for media in told.get("content", {}).values():
        return media.get("schema", {})
    return {}


def _resolved(document: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in told:
        node: Any = document
        for step in told["$ref"].removeprefix("#/").split("/"):
            node = node[step]
        told = node
    return told
