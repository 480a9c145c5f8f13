"""The route map as tests read it: every address with every method that does something."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask

from catalog.access.guards import Guard, guard_of

READING = ("GET",)
WRITING = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address."""

    path: str
    method: str
    endpoint: str
    arguments: tuple[str, ...]
    guard: Guard | None

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes(app: Flask, methods: tuple[str, ...] = READING + WRITING) -> Iterator[Route]:
    """Yield every route of an app that answers one of these methods."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) & set(methods)):
            yield Route(
                rule.rule,
                method,
                rule.endpoint,
                tuple(sorted(rule.arguments)),
                guard_of(view, method),
            )


def ask(visitor, route, path, **values):
    """Send a request as its route expects it: with the token, or with the session and a form."""
    if not route.is_api:
        return visitor.client.open(path, method=route.method, **values)
    headers = {"Authorization": f"Bearer {visitor.token}", "If-Match": "*"}
    if route.method in WRITING:
        values = {"json": {}}
    fresh = visitor.client.application.test_client()
    return fresh.open(path, method=route.method, headers=headers, **values)
