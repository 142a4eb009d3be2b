"""Options of the whole test suite."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# The same examples every time, and no limit on one of them: a busy machine is no failure.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skip",
        action="append",
        default=[],
        metavar="MARK",
        help="a test with this mark that is skipped counts as a failure; may be given several times",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For ``-n auto``: a browser test keeps a core busy, and holds a server and a browser of half a gigabyte."""
    return min(os.cpu_count() or 1, 4)


@pytest.fixture(scope="session", autouse=True)
def one_thread_each() -> None:
    """Where several test processes share the cores, the threads of PyTorch would wait for each other's."""
    if int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")) > 1:
        import torch

        torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def one_look_for_components() -> Iterator[None]:
    """Every AppTest looks for components in all the packages that are installed; the first one has found them all."""
    from streamlit.components.v2 import manifest_scanner

    found = functools.cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_cookies() -> Iterator[None]:
    """AppTest has no browser: what it gives for a cookie is a mock, not text."""
    from streamlit.runtime.context import ContextProxy

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ContextProxy, "cookies", property(lambda _context: {}))
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    report = yield
    if report.skipped and any(item.get_closest_marker(mark) for mark in item.config.getoption("--no-skip")):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is not allowed here: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def nobody_was_here(request: pytest.FixtureRequest) -> None:
    """AppTest's visitor is always the same one: what they made in another test is gone, and their work ended."""
    if {"pages", "ui", "words"} & set(request.path.parts):
        from explainer.ui.frame import background, studio

        studio._studios.clear()
        background.close()
