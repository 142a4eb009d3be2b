"""Where the networks compute: the first CUDA device when there is one, else the CPU."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

VARIABLE = "EXPLAINER_DEVICE"


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
    return max(1, min(bound, _quota(Path("/sys/fs/cgroup/cpu.max"))))


def _quota(file: Path) -> int:
    """Whole cores that a Linux control group (version 2) grants, rounded up; very many where there is no limit."""
    try:
        granted, period = file.read_text().split()
        return -(-int(granted) // int(period))
    except (OSError, ValueError):  # no such file, or "max": no limit
        return 1_000_000


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
