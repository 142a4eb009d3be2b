"""Several servers behind one port: ``python -m explainer.serve --servers 2 --port 8501``."""

from __future__ import annotations

import argparse
import ipaddress
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Sequence

from explainer.device import cores
from explainer.serve.launcher import MOST_SERVERS, CannotStartError, serve
from explainer.serve.nginx import Front
from explainer.training.process import SERVERS_VARIABLE

_log = logging.getLogger("explainer.serve")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until it is told to end by a signal; the exit code."""
    options = _options(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        serve(Front(options.port, options.address, options.base_path), options.servers, ended)
    except CannotStartError as error:
        _log.error("%s", error)
        return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m explainer.serve", description="Inside a CNN for a class: several servers behind one port."
    )
    default = os.environ.get(SERVERS_VARIABLE, "").strip() or max(1, min(cores(), MOST_SERVERS))
    parser.add_argument(
        "--servers",
        type=_servers,
        default=default,
        help=f"server processes, each for some fifty students; as {SERVERS_VARIABLE}, else one a core",
    )
    parser.add_argument("--port", type=_port, default=8501, help="the port that browsers open (8501)")
    parser.add_argument("--address", type=_address, default="", help="the only address to listen at; else all")
    parser.add_argument("--base-path", type=_base_path, default="", help="the app's path, such as /cnn")
    return parser.parse_args(arguments)


def _servers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_SERVERS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST_SERVERS}")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 1 to 65535")
    return int(text)


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text)) if text else ""
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no IP address, such as 127.0.0.1") from None


def _base_path(text: str) -> str:
    path = text.strip("/")
    if not re.fullmatch(r"([\w.~-]+(/[\w.~-]+)*)?", path, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is no path: letters, digits, '-', '_', '.', '~' and '/' only")
    return f"/{path}" if path else ""


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    sys.exit(main())
