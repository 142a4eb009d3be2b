"""The app served by several processes behind nginx, for the tests of a file."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from explainer.serve.nginx import ROOT, find_nginx

START_WITHIN = 120.0  # seconds, on a busy machine
END_WITHIN = 30.0


@dataclass(frozen=True)
class Launched:
    """The launcher's process, the app's address with a slash at its end, and what all of them print."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def children(self) -> dict[int, list[str]]:
        """The command lines of the launcher's own children, by their process."""
        pid = self.process.pid
        pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        found = {int(pid): _command_line(pid) for pid in pids}
        return {pid: line for pid, line in found.items() if line != [""]}

    def server_ports(self) -> dict[int, int]:
        """The servers' processes by their ports, the first server's first."""
        lines = {pid: line for pid, line in self.children().items() if "--server.port" in line}
        return dict(sorted((int(line[line.index("--server.port") + 1]), pid) for pid, line in lines.items()))

    def server(self, number: int) -> tuple[int, int]:
        """Server ``number``'s port and process."""
        return list(self.server_ports().items())[number - 1]

    def pool(self) -> int:
        """The process that owns the workers."""
        return next(pid for pid, line in self.children().items() if "explainer.training.shared" in line)


def _command_line(pid: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except FileNotFoundError:  # it has just ended
        return [""]


def until(condition: Callable[[], object], seconds: float = START_WITHIN) -> None:
    """Waits until ``condition`` holds; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def is_healthy(url: str) -> bool:
    try:
        return httpx.get(url + "_stcore/health", timeout=10).status_code == 200
    except httpx.HTTPError:
        return False


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def launched(folder: Path, *arguments: str, base_path: str = "", **environment: str) -> Iterator[Launched]:
    """Two servers and one worker, ready; at the end none of their processes is left."""
    if find_nginx() is None:
        pytest.skip("nginx is not installed (on Debian: apt-get install nginx-light)")
    port = free_port()
    log = folder / "serve.log"
    command = [sys.executable, "-m", "explainer.serve", "--port", str(port), "--address", "127.0.0.1"]
    command += ["--base-path", base_path, *arguments]
    settings = {"EXPLAINER_SERVERS": "2", "EXPLAINER_WORKERS": "1", "TMPDIR": str(folder), **environment}
    settings["STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL"] = "10"  # seconds: runs of tabs that were closed end soon
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=output, stderr=output)
    found = Launched(process, f"http://127.0.0.1:{port}{base_path}/", log)
    try:
        until(lambda: "is ready" in log.read_text() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield found
    finally:
        children = list(found.children()) if process.poll() is None else []
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            code = None
    assert code in (0, -signal.SIGKILL), log.read_text()[-4000:]
    until(lambda: not any(alive(pid) for pid in children), END_WITHIN)
