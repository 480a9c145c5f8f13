"""The interface keeps what its description says: Schemathesis asks, in process, within bounds."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi

BOUNDED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)

CHECKS = [
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
    openapi.response_headers_conformance,
]


@pytest.fixture
def description(app, token):
    return schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", app, headers={"Authorization": f"Bearer {token}"}
    )


def test_every_answer_is_as_described(description, token, keys):
    wrong, asked = [], []
    for result in description.get_all_operations():
        _ask(result.ok(), token, {name: str(key) for name, key in keys.items()}, asked, wrong)
    assert len(asked) > 300
    assert not wrong, f"{len(wrong)} of {len(asked)}:\n" + "\n".join(sorted(set(wrong)))


def _ask(operation, token, known, asked, wrong):
    @BOUNDED
    @given(case=operation.as_strategy())
    def ask(case):
        asked.append(operation.label)
        # A key that is there leads further than one that chance has made.
        for name in set(case.path_parameters or ()) & set(known):
            if len(asked) % 3:
                case.path_parameters[name] = known[name]
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        try:
            case.validate_response(answer, checks=CHECKS)
        except AssertionError as error:
            wrong.append(_shortly(operation, error))
        except BaseExceptionGroup as group:
            wrong.extend(_shortly(operation, error) for error in group.exceptions)

    ask()


def _shortly(operation, error):
    return f"{operation.label}: {' '.join(str(error).split())[:300]}"
