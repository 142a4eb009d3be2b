"""Options of the whole test suite."""

from __future__ import annotations

import pytest
from hypothesis import settings

# The same examples every time, and no limit on one of them: a busy machine is no failure.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skip-browser", action="store_true", help="a browser test that is skipped counts as a failure"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    report = yield
    if report.skipped and item.get_closest_marker("browser") and item.config.getoption("--no-skip-browser"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is not allowed here: {report.longrepr}"
    return report
