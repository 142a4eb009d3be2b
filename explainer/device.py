"""Where the networks compute, the first CUDA device when there is one, else the CPU; and with how much of it."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

VARIABLE = "EXPLAINER_DEVICE"

PROCESS_GROUPS = Path("/proc/self/cgroup")
CONTROL_GROUPS = Path("/sys/fs/cgroup")


def device() -> torch.device:
    """The device for every tensor of the app: CUDA when PyTorch finds one, else the CPU.

    The environment variable EXPLAINER_DEVICE ("cpu", "cuda" or "cuda:<number>") overrides it. Raises ValueError,
    naming the variable, for any other value and for a CUDA device that is not there.
    """
    import torch  # noqa: PLC0415  the first page opens without torch

    kind, number = _requested()
    if kind == "cpu":
        return torch.device("cpu")
    if number < torch.cuda.device_count() and torch.cuda.is_available():
        return torch.device("cuda", number)
    if kind == "cuda":
        raise _missing(number, torch.cuda.device_count())
    return torch.device("cpu")


def describe() -> str:
    """Where ``device()`` computes, for people: "NVIDIA H200" or "CPU, 2 cores". Does not import torch.

    Raises ValueError as ``device()`` does.
    """
    kind, number = _requested()
    if kind == "cpu":
        return _cpu()
    names = _cuda_names() if _torch_can_use_cuda() else ()
    if number < len(names):
        return names[number]
    if kind == "cuda":
        raise _missing(number, len(names))
    return _cpu()


def let_threads_sleep() -> None:
    """Has the threads of a computation sleep while they wait for each other; to be called before torch is imported.

    OpenMP's threads spin otherwise, which takes the cores from all others: beside two busy processes on two cores a
    gradient through SqueezeNet took ten seconds, and takes 0.2. What the environment says already stays.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _requested() -> tuple[str, int]:
    """("cpu", 0), ("cuda", number), or ("", 0) where the choice is left to us."""
    value = os.environ.get(VARIABLE, "").strip().lower()
    match = re.fullmatch(r"(cpu|cuda|)(?::([0-9]{1,2}))?", value)
    if match is None or (match[2] and match[1] != "cuda"):
        raise ValueError(f'{VARIABLE} is "{value}"; set it to "cpu", "cuda" or "cuda:<number>", or leave it unset.')
    return match[1], int(match[2] or 0)


def _missing(number: int, found: int) -> ValueError:
    return ValueError(f"{VARIABLE} asks for CUDA device {number}, but PyTorch finds {found} CUDA devices here.")


def _cpu() -> str:
    return f"CPU, {cores()} core" + ("s" if cores() > 1 else "")


def cores() -> int:
    """The cores that this process may use, at least 1: those it is bound to, or fewer where a container's quota is."""
    affinity = getattr(os, "sched_getaffinity", None)  # absent on macOS and Windows
    bound = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min([bound, *(-(-granted // period) for granted, period in _quotas())]))


def give_way(niceness: int) -> None:
    """The present thread, and those that it starts, leave the cores to others who want them, 0 (not) to 19.

    On Linux, where niceness belongs to a thread and cannot be taken back; elsewhere nothing changes.
    """
    if sys.platform == "linux":
        os.nice(niceness)


def memory() -> int:
    """The bytes of memory that this process may use together with its children.

    What the machine has, or less where a container or a job of a cluster is granted less.
    """
    import psutil  # noqa: PLC0415  only the process that counts workers needs it

    return min([int(psutil.virtual_memory().total), *_memory_limits()])


def _quotas() -> Iterator[tuple[int, int]]:
    """Microseconds granted, and of how many, by each control group around this process that has a limit."""
    for group in _control_groups(""):
        yield from ((granted, period) for granted, period in _numbers(group / "cpu.max"))
    for group in _control_groups("cpu"):
        for (granted,), (period,) in zip(
            _numbers(group / "cpu.cfs_quota_us"), _numbers(group / "cpu.cfs_period_us"), strict=False
        ):
            if granted > 0:  # -1: no limit
                yield granted, period


def _memory_limits() -> Iterator[int]:
    """Bytes that each control group around this process grants; a very large number is a way to say "no limit"."""
    for group in _control_groups(""):
        yield from (granted for (granted,) in _numbers(group / "memory.max"))
    for group in _control_groups("memory"):
        yield from (granted for (granted,) in _numbers(group / "memory.limit_in_bytes"))


def _control_groups(controller: str) -> Iterator[Path]:
    """Folders of the process's own control group and of those around it, to the root.

    ``controller`` is "" for version 2, which has one tree for all resources, else the one of version 1. A container
    often sees its own group as the root, under a path that only the host has: folders that are not there are left out.
    Sources: the Linux kernel's "Control Group v2" and "cgroups" (version 1), cgroups(7).
    """
    for line in _lines(PROCESS_GROUPS):
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            names = (controllers, controller) if controller else ("", "unified")  # where systems mount the tree
            for root in dict.fromkeys(CONTROL_GROUPS / name for name in names):
                own = root / path.lstrip("/")
                for group in (own, *own.parents):
                    if group.is_relative_to(root):
                        yield group


def _numbers(file: Path) -> Iterator[tuple[int, ...]]:
    """The numbers in a control group's file, if it is there and has nothing else: "max" is no limit."""
    with suppress(ValueError):
        yield from [tuple(map(int, line.split())) for line in _lines(file)]


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except OSError:  # no such control group, or not Linux
        return []


def _torch_can_use_cuda() -> bool:
    """Whether the installed PyTorch is built for CUDA; once it is imported, whether it finds a device too."""
    if "torch" in sys.modules:
        import torch  # noqa: PLC0415  waits for another thread's import to finish

        return torch.cuda.is_available()
    spec = importlib.util.find_spec("torch")
    folders = spec.submodule_search_locations if spec else None
    return any(any(Path(folder, "lib").glob("*torch_cuda.*")) for folder in folders or ())


@cache
def _cuda_names() -> tuple[str, ...]:
    """Names of the GPUs that NVIDIA's driver offers to this process, asked through its own library.

    Source: CUDA Driver API, sections "Initialization" and "Device Management".
    """
    try:
        driver = ctypes.CDLL("nvcuda.dll" if os.name == "nt" else "libcuda.so.1")
    except OSError:
        return ()
    count = ctypes.c_int(0)
    if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
        return ()
    return tuple(_cuda_name(driver, number) for number in range(count.value))


def _cuda_name(driver: ctypes.CDLL, number: int) -> str:
    handle, name = ctypes.c_int(0), ctypes.create_string_buffer(256)
    if driver.cuDeviceGet(ctypes.byref(handle), number) or driver.cuDeviceGetName(name, len(name), handle):
        return f"CUDA device {number}"
    return name.value.decode("utf-8", "replace")
