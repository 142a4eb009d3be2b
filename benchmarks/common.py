"""What the benchmarks share: a server, a browser, a bare run, and one line a result."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_OF_A_PROCESS = 2  # what clock_getcpuclockid(3) adds to a process's number: the clock of all its threads


def report(what: str, value: float, target: float, at_most: bool = False) -> None:
    """Prints a ratio, the bound it should keep, and whether it does."""
    kept = value <= target if at_most else value >= target
    print(
        f"{what}: {value:.2f} (should be {'<=' if at_most else '>='} {target:g}) {'ok' if kept else 'MISSED'}",
        flush=True,
    )


def note(what: str) -> None:
    """Prints a figure that has no bound."""
    print(f"  {what}", flush=True)


@dataclass(frozen=True)
class Served:
    """A server that runs: its address, and its process."""

    url: str
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU that the server itself has used, its threads also where they have ended, not its workers."""
        return time.clock_gettime((~self.pid << 3) | _OF_A_PROCESS)


@contextmanager
def server(script: str | Path = "Home.py", warm: float = 0.0) -> Iterator[str]:
    """The address of ``served``."""
    with served(script, warm) as running:
        yield running.url


def served(script: str | Path = "Home.py", warm: float = 0.0) -> AbstractContextManager[Served]:
    """A Streamlit server of ``script`` on a free port, healthy, and given ``warm`` seconds to start its workers."""
    port = free_port()
    command = ["-m", "streamlit", "run", str(script), "--server.headless", "true", "--server.port", str(port)]
    return _running(command, f"http://localhost:{port}", warm)


def class_server(servers: int, warm: float = 0.0) -> AbstractContextManager[Served]:
    """So many servers behind nginx, healthy, and given ``warm`` seconds to start their workers."""
    port = free_port()
    command = ["-m", "explainer.serve", "--servers", str(servers), "--address", "127.0.0.1", "--port", str(port)]
    return _running(command, f"http://127.0.0.1:{port}", warm)


@contextmanager
def _running(command: list[str], url: str, warm: float) -> Iterator[Served]:
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for_health(int(url.rsplit(":", 1)[1]))
        time.sleep(warm)
        yield Served(url, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def page_of(code: str) -> Iterator[Path]:
    """A script with this code, in a folder of its own: a folder ``pages`` beside it would give it a menu."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "bare.py"
        script.write_text(code, encoding="utf-8")
        yield script


def wait_for_health(port: int, within: float = 60.0) -> None:
    """Returns when the server answers. Raises TimeoutError."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("The server does not answer.")


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, as on a projector's laptop without a GPU."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        yield chromium
        chromium.close()


def open_page(chromium: Browser, url: str) -> Page:
    """A new page at 1280x720."""
    page = chromium.new_context(viewport={"width": 1280, "height": 720}, bypass_csp=True).new_page()  # see conftest.py
    page.goto(url)
    return page


def in_process(module: str, *arguments: str, timeout: float = 3600) -> str:
    """What ``python -m module arguments`` prints on its last line, in a fresh process with the plain environment."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=timeout,
    )
    return done.stdout.strip().splitlines()[-1]


__all__ = [
    "Served",
    "browser",
    "class_server",
    "free_port",
    "in_process",
    "median",
    "note",
    "open_page",
    "page_of",
    "report",
    "served",
    "server",
    "wait_for_health",
]
