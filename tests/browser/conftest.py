"""A real Chromium and real servers for tests that do what a visitor does.

``chromium`` is the browser, ``serve`` starts a server on a script, ``visit`` opens a page in its own window.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tabs_kept import Tabs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

ROOT = Path(__file__).parents[2]
START_TIMEOUT = 240.0  # seconds until a server must be healthy
STOP_TIMEOUT = 10.0
BROWSERS = ("chromium-headless-shell", "chromium")  # the first draws no window around the page: half the work
LOG_TAIL = 4000  # characters of a server's log in the report of a failed test

# Playwright's own wait_for_function needs what the app's policy forbids: tests of the policy go without.
USUAL = {"viewport": {"width": 1280, "height": 720}, "bypass_csp": True}

_servers: list[Server] = []  # those that run
_browsers: list[Tabs] = []  # the one that runs, with its tabs
_running = contextlib.ExitStack()  # ends them


@dataclass(frozen=True)
class Server:
    """A running server: its address without a slash at the end, the file that holds what it printed, its process."""

    url: str
    log: Path
    process: int

    def log_text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="module")
def chromium() -> Browser:
    """The browser, one for all files of this folder: each would compile Streamlit's scripts anew.

    Playwright keeps an event loop running in this thread meanwhile, and tests elsewhere start their own: it ends with
    the servers.
    """
    return _browser_of_all().browser


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """``serve(script, **environment)`` starts Streamlit on a script, once for all who ask for the same."""
    known: dict[object, Server] = {}

    def start(script: Path, **environment: str) -> Server:
        asked = (script, tuple(sorted(environment.items())))
        if known.get(asked) not in _servers:
            log = tmp_path_factory.mktemp("server") / f"{script.stem}.log"
            known[asked] = _running.enter_context(_running_server(script, environment, log))
        return known[asked]

    yield start
    _running.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """After the last of these tests servers and browser end: each takes more than a gigabyte, with its workers."""
    yield
    if nextitem is None or not nextitem.path.is_relative_to(Path(__file__).parent):
        _running.close()


@pytest.fixture(scope="module")
def tabs() -> Iterator[Tabs]:
    """The tabs of a file, the usual one of which serves the next files, too.

    Streamlit's scripts take a second to load and compile, and half of it in the same tab.
    """
    made = _browser_of_all()
    yield made
    made.close(but=USUAL)


@pytest.fixture
def visit(tabs: Tabs) -> Iterator[Callable[..., Page]]:
    """``visit(url, **options)`` opens a page in its own window; options are those of ``Browser.new_context``.

    With ``fresh`` the window was nobody's before: for what cannot be taken back, such as a script that is added to
    every page. A test fails at its end when one of its pages threw an error in JavaScript, or Streamlit caught one of
    a component's.
    """
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "BidiComponent Error" in message.text:
            errors.append(message.text)

    def open_page(url: str, fresh: bool = False, **options: Any) -> Page:
        page = tabs.take(USUAL | options, fresh)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", note)
        page.goto(url)
        return page

    yield open_page
    tabs.leave()
    assert not errors, f"errors in the browser: {errors}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Put the end of the servers' logs into the report of a failed test."""
    report = yield
    if report.failed and item.path.is_relative_to(Path(__file__).parent):
        for server in _servers:
            report.sections.append((f"log of {server.url}", server.log_text()[-LOG_TAIL:]))
    return report


def _browser_of_all() -> Tabs:
    if not _browsers:
        _browsers.append(Tabs(_running.enter_context(_running_browser())))
        _running.callback(_browsers.clear)
    return _browsers[0]


@contextlib.contextmanager
def _running_browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    names = [os.environ["CHROMIUM"]] if "CHROMIUM" in os.environ else BROWSERS
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        pytest.skip(f"no {' or '.join(names)} here; set CHROMIUM to the path of one")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    arguments += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # a camera that is none
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@contextlib.contextmanager
def _running_server(script: Path, environment: dict[str, str], log: Path) -> Iterator[Server]:
    port = _free_port()
    options = {
        "server.headless": "true",
        "server.port": str(port),
        "server.address": "127.0.0.1",
        "server.enableXsrfProtection": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "server.disconnectedSessionTTL": "15",  # seconds: what belongs to pages that were closed goes soon
    }
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += [part for name, value in options.items() for part in (f"--{name}", value)]
    with log.open("wb") as output:
        variables = os.environ | {"EXPLAINER_AWAY": "0.25"} | environment  # minutes: runs of closed pages end soon
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT)
    base = environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
    server = Server(f"http://127.0.0.1:{port}" + (f"/{base}" if base else ""), log, process.pid)
    try:
        _wait_until_healthy(process, server)
        _servers.append(server)
        yield server
        _servers.remove(server)
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_until_healthy(process: subprocess.Popen[bytes], server: Server) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5):
            return
        time.sleep(0.05)
    pytest.fail(f"The server at {server.url} did not start:\n{server.log_text()[-LOG_TAIL:]}")
