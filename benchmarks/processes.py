"""What a server and all that it has started take of the machine, from /proc."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_CLOCK, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Taken:
    """CPU ``seconds`` since each process began, and memory in MB, shared pages counted once (PSS)."""

    seconds: float
    memory: float


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = _fields(int(stat.parent.name))
        if fields:
            children[int(fields[1])].append(int(stat.parent.name))
    found = [pid]
    for parent in found:  # grows while it is walked through
        found += children[parent]
    return found


def taken(pids: list[int]) -> Taken:
    """What these processes take together; one that has ended takes nothing."""
    return Taken(sum(map(_seconds, pids)), sum(map(_memory, pids)))


def load() -> str:
    """The machine's load, for the report: how many processes want a core, over the last minute, and the cores."""
    return f"load {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores"


def _fields(pid: int) -> list[str]:
    """The process's state as /proc/<pid>/stat has it, from the third field on; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def _seconds(pid: int) -> float:
    fields = _fields(pid)
    return (int(fields[11]) + int(fields[12])) / _CLOCK if fields else 0.0


def _memory(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6
