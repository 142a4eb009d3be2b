"""Starting a worker process, with the environment in which torch trains fastest beside others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

KEY_VARIABLE = "EXPLAINER_WORKER_KEY"
SIZE_VARIABLE = "EXPLAINER_WORKERS"
SERVERS_VARIABLE = "EXPLAINER_SERVERS"
MAX_WORKERS = 64

# glibc gives freed memory back to the system and asks for it again in every step unless told not to: kept, a
# run trains 1.2 to 1.5 times faster. OpenMP threads that spin while they wait take the cores from everybody
# else; a short spin costs little alone and saves a lot beside others.
ENVIRONMENT = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "1099511627776",
    "MALLOC_TOP_PAD_": "67108864",
    "GOMP_SPINCOUNT": "10000",
}


def spawn(number: int, address: str, key: bytes) -> subprocess.Popen[bytes]:
    """Starts worker ``number``, which connects to ``address`` and proves itself by ``key``."""
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    environment = os.environ | ENVIRONMENT | {KEY_VARIABLE: key.hex(), "PYTHONPATH": path}
    command = [sys.executable, "-m", "explainer.training.serve", str(number), address]
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)


def size_setting() -> int | None:
    """The number of workers that EXPLAINER_WORKERS asks for, None where it is not set.

    Raises ValueError with a sentence where it is not a number from 1 to 64.
    """
    value = os.environ.get(SIZE_VARIABLE, "").strip()
    if not value:
        return None
    if not value.isdecimal() or not 1 <= int(value) <= MAX_WORKERS:
        raise ValueError(f"{SIZE_VARIABLE} is {value!r}; set it to a number from 1 to {MAX_WORKERS}.")
    return int(value)


def servers_setting() -> int:
    """The servers that share these workers, as python -m explainer.serve says in EXPLAINER_SERVERS; else 1."""
    value = os.environ.get(SERVERS_VARIABLE, "").strip()
    return max(1, int(value)) if value.isdecimal() else 1
