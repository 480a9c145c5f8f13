"""What all tests share: nothing may be skipped where everything is required."""

import os

import pytest
from hypothesis import settings

REQUIRE_ALL = os.environ.get("HAUS_TESTS_REQUIRE_ALL") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Everything is required here, but this was skipped: {reason}"
    return report


# How long an example takes says something about the machine, not about the code.
settings.register_profile("haus", deadline=None)
settings.load_profile("haus")
