"""Starts the pool of workers, the servers and nginx, keeps them going, and ends them together."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from explainer import memory
from explainer.device import cores
from explainer.serve.keeping import Keeper, NeverStartedError, Part
from explainer.serve.nginx import ROOT, Front, find_nginx, prepare
from explainer.training.process import SERVERS_VARIABLE
from explainer.training.shared_messages import ADDRESS_VARIABLE, KEY_VARIABLE

MOST_SERVERS = 32
ASK_EVERY = 0.3  # seconds between two questions whether a server has started

NO_NGINX = (
    "nginx is not installed. Install it (on Debian and Ubuntu: apt-get install nginx-light), or start one server "
    "without it: streamlit run Home.py"
)

_log = logging.getLogger(__name__)


class CannotStartError(RuntimeError):
    """Why nothing can be served: a sentence for who started it."""


def serve(front: Front, servers: int, ended: threading.Event) -> None:
    """Serves the app at ``front`` by so many processes until ``ended``. Raises CannotStartError."""
    nginx = find_nginx()
    if nginx is None:
        raise CannotStartError(NO_NGINX)
    _refuse_a_port_in_use(front)
    pool, *ports = islice(_free_ports(front.port), servers + 1)
    keeper = Keeper()
    with tempfile.TemporaryDirectory(prefix="inside-a-cnn-") as name:
        folder = Path(name)
        try:
            environment = shared_environment(pool, servers)
            keeper.start(Part("The pool of workers", _module("explainer.training.shared"), environment, ROOT))
            for number, port in enumerate(ports, 1):
                keeper.start(Part(f"Server {number}", _server(port, front), environment, ROOT))
            configuration = prepare(nginx, folder, front, ports)
            command = [nginx, "-p", str(folder), "-c", str(configuration)]
            keeper.start(Part("nginx", command, {}, folder))
            threading.Thread(target=_announce, args=(front, ports, ended), daemon=True).start()
            keeper.keep(ended)
        except (NeverStartedError, ValueError) as error:
            raise CannotStartError(str(error)) from error
        finally:
            ended.set()
            keeper.close()


def shared_environment(pool: int, servers: int) -> dict[str, str]:
    """What servers and pool have in common. A secret or a number of threads that is set already stays.

    Servers that use all cores for one visitor's picture take them from each other and lose far more than their share.
    The memory that is meant for visitors is shared out among them. Raises ValueError where that is no number.
    """
    defaults = {
        "STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_hex(),  # a cookie of one server is good for all
        "OMP_NUM_THREADS": str(max(1, cores() // servers)),
    }
    shared = {
        ADDRESS_VARIABLE: f"127.0.0.1:{pool}",
        KEY_VARIABLE: secrets.token_hex(16),
        SERVERS_VARIABLE: str(servers),
        memory.VARIABLE: str(max(memory.LEAST, memory.megabytes() // servers)),
    }
    return {name: value for name, value in defaults.items() if name not in os.environ} | shared


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", name]


def _server(port: int, front: Front) -> list[str]:
    options = {
        "server.port": str(port),
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.baseUrlPath": front.base_path.strip("/"),
        "logger.hideWelcomeMessage": "true",  # it would name a port that is not for visitors
    }
    settings = [part for name, value in options.items() for part in (f"--{name}", value) if value]
    return [*_module("streamlit"), "run", str(ROOT / "Home.py"), *settings]


def _refuse_a_port_in_use(front: Front) -> None:
    family = socket.AF_INET6 if ":" in front.address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((front.address, front.port))
        except OSError as error:
            at = f" at {front.address}" if front.address else ""
            raise CannotStartError(
                f"Port {front.port}{at} cannot be used ({error.strerror}): choose another one with --port."
            ) from error


def _free_ports(above: int) -> Iterator[int]:
    """Ports of the loopback that nobody uses, the next ones above first.

    Not those that the system gives out by itself: it would give one away while a server is started again.
    """
    for port in chain(range(above + 1, 65_536), range(1024, above)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        yield port


def _announce(front: Front, ports: Sequence[int], ended: threading.Event) -> None:
    """Says where to open the app once all servers answer, and nginx."""
    silent = [front.url, *(f"http://127.0.0.1:{port}{front.base_path}/" for port in ports)]
    while silent and not ended.wait(ASK_EVERY):
        silent = [url for url in silent if not _is_healthy(url)]
    if not silent:
        servers = "1 server" if len(ports) == 1 else f"{len(ports)} servers"
        _log.info("Inside a CNN is ready: %s (%s)", front.url, servers)


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
