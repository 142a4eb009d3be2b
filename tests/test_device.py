from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
import torch

from explainer import device

GB = 10**9
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(device.VARIABLE, raising=False)
    device._cuda_names.cache_clear()
    yield
    device._cuda_names.cache_clear()


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes PyTorch and NVIDIA's driver report GPUs of these names."""

    def pretend(*names: str) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: bool(names))
        monkeypatch.setattr(torch.cuda, "device_count", lambda: len(names))
        monkeypatch.setattr(ctypes, "CDLL", lambda _name: Driver(names))

    return pretend


class Driver:
    """CUDA's driver library: functions that write through pointers and return 0 for success."""

    def __init__(self, names: tuple[str, ...], failing: str = "") -> None:
        self.names, self.failing = names, failing

    def cuInit(self, flags: int) -> int:  # noqa: N802
        assert flags == 0
        return 100 if self.failing == "cuInit" else 0  # CUDA_ERROR_NO_DEVICE

    def cuDeviceGetCount(self, count: Any) -> int:  # noqa: N802
        count._obj.value = len(self.names)
        return 0

    def cuDeviceGet(self, handle: Any, number: int) -> int:  # noqa: N802
        handle._obj.value = number + 40
        return 1 if self.failing == "cuDeviceGet" else 0

    def cuDeviceGetName(self, name: Any, size: int, handle: ctypes.c_int) -> int:  # noqa: N802
        name.value = self.names[handle.value - 40].encode()[: size - 1]
        return 0


def test_without_cuda_it_is_the_cpu(gpus: Callable[..., None]) -> None:
    gpus()
    assert device.device() == torch.device("cpu")
    assert device.describe() == f"CPU, {CORES} core" + ("s" if CORES > 1 else "")


def test_one_core_is_singular(gpus: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    gpus()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {3}, raising=False)
    assert device.describe() == "CPU, 1 core"


def test_with_cuda_it_is_the_first_gpu(gpus: Callable[..., None]) -> None:
    gpus("NVIDIA One", "NVIDIA Two")
    assert device.device() == torch.device("cuda", 0)
    assert device.describe() == "NVIDIA One"


@pytest.mark.parametrize(
    ("value", "expected", "described"),
    [
        ("cpu", "cpu", f"CPU, {CORES} core" + ("s" if CORES > 1 else "")),
        (" CPU ", "cpu", f"CPU, {CORES} core" + ("s" if CORES > 1 else "")),
        ("cuda", "cuda:0", "NVIDIA One"),
        ("cuda:1", "cuda:1", "NVIDIA Two"),
        ("", "cuda:0", "NVIDIA One"),
    ],
)
def test_the_variable_overrides(
    gpus: Callable[..., None], monkeypatch: pytest.MonkeyPatch, value: str, expected: str, described: str
) -> None:
    gpus("NVIDIA One", "NVIDIA Two")
    monkeypatch.setenv(device.VARIABLE, value)
    assert device.device() == torch.device(expected)
    assert device.describe() == described


@pytest.mark.parametrize("value", ["gpu", "cpu:0", ":1", "cuda:", "cuda:-1", "cuda:1000", "mps", "cuda 0", "cuda:²"])
@pytest.mark.parametrize("ask", [device.device, device.describe])
def test_a_bad_value_names_the_variable(monkeypatch: pytest.MonkeyPatch, value: str, ask: Callable[[], object]) -> None:
    monkeypatch.setenv(device.VARIABLE, value)
    with pytest.raises(ValueError, match=rf'EXPLAINER_DEVICE is "{value}"; set it to "cpu", "cuda"'):
        ask()


@pytest.mark.parametrize(("names", "value"), [((), "cuda"), (("NVIDIA One",), "cuda:1")])
@pytest.mark.parametrize("ask", [device.device, device.describe])
def test_a_missing_gpu_names_the_variable(
    gpus: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    names: tuple[str, ...],
    value: str,
    ask: Callable[[], object],
) -> None:
    gpus(*names)
    monkeypatch.setenv(device.VARIABLE, value)
    with pytest.raises(ValueError, match=rf"EXPLAINER_DEVICE asks for CUDA device .* finds {len(names)} CUDA devices"):
        ask()


def test_a_driver_without_a_library_or_a_device_means_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> None:
        raise OSError("no such file")

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert device._cuda_names() == ()
    device._cuda_names.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Driver(("NVIDIA One",), failing="cuInit"))
    assert device._cuda_names() == ()
    device._cuda_names.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Driver(("NVIDIA One",), failing="cuDeviceGet"))
    assert device._cuda_names() == ("CUDA device 0",)


def test_a_gpu_that_pytorch_cannot_use_is_not_promised(
    gpus: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    gpus("NVIDIA One")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device.describe().startswith("CPU")


def test_before_torch_is_imported_its_build_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch")
    built_for_cuda = torch.version.cuda is not None
    assert device._torch_can_use_cuda() == built_for_cuda
    assert "torch" not in sys.modules


def test_describe_does_not_import_torch() -> None:
    code = "import sys; from explainer import device; print(device.describe(), 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.strip() == f"{device.describe()} False"


def _tree(root: Path, monkeypatch: pytest.MonkeyPatch, groups: str, files: dict[str, str]) -> None:
    """A machine of 64 cores and 64 GB with these control groups."""
    (root / "cgroup").write_text(groups)
    for name, text in files.items():
        (root / "fs" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "fs" / name).write_text(text)
    monkeypatch.setattr(device, "PROCESS_GROUPS", root / "cgroup")
    monkeypatch.setattr(device, "CONTROL_GROUPS", root / "fs")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(64)), raising=False)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(total=64 * GB))


@pytest.mark.parametrize(
    ("groups", "files", "granted"),
    [
        ("", {}, (64, 64)),
        ("0::/\n", {"cpu.max": "150000 100000\n", "memory.max": f"{3 * GB}\n"}, (2, 3)),
        ("0::/\n", {"cpu.max": "max 100000\n", "memory.max": "max\n"}, (64, 64)),
        (
            "0::/a/b/c\n",  # the tightest of those around it counts
            {
                "a/cpu.max": "400000 100000\n",
                "a/b/cpu.max": "50000 100000\n",
                "a/b/c/cpu.max": "max 100000\n",
                "a/memory.max": f"{2 * GB}\n",
                "a/b/memory.max": "max\n",
                "a/b/c/memory.max": f"{5 * GB}\n",
            },
            (1, 2),
        ),
        (
            "0::/kubepods/of-the-host\n",  # a path that the container does not see
            {"cpu.max": "300000 100000\n", "memory.max": f"{4 * GB}\n"},
            (3, 4),
        ),
        (
            "9:memory:/job/step\n4:cpu,cpuacct:/job\n1:name=systemd:/\n0::/\n",
            {
                "memory/memory.limit_in_bytes": "9223372036854771712\n",
                "memory/job/memory.limit_in_bytes": f"{6 * GB}\n",
                "memory/job/step/memory.limit_in_bytes": f"{7 * GB}\n",
                "cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
                "cpu,cpuacct/cpu.cfs_period_us": "100000\n",
                "cpu,cpuacct/job/cpu.cfs_quota_us": "450000\n",
                "cpu,cpuacct/job/cpu.cfs_period_us": "100000\n",
            },
            (5, 6),
        ),
        (
            "4:cpuacct,cpu:/docker/0123\n3:memory:/docker/0123\n",  # mounted as "cpu", and seen as the root
            {
                "cpu/cpu.cfs_quota_us": "200000\n",
                "cpu/cpu.cfs_period_us": "100000\n",
                "memory/memory.limit_in_bytes": f"{GB}\n",
            },
            (2, 1),
        ),
        (
            "1:cpu:/\n0::/user\n",  # both versions at once
            {"unified/user/memory.max": f"{8 * GB}\n", "cpu/cpu.cfs_quota_us": "broken\n"},
            (64, 8),
        ),
    ],
    ids=["none", "version 2", "no limit", "nested", "container", "version 1", "container 1", "hybrid"],
)
def test_cores_and_memory_are_what_all_control_groups_grant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, groups: str, files: dict[str, str], granted: tuple[int, int]
) -> None:
    _tree(tmp_path, monkeypatch, groups, files)
    assert (device.cores(), device.memory() / GB) == granted


def test_memory_is_at_most_what_the_machine_has() -> None:
    assert 0 < device.memory() <= psutil.virtual_memory().total


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_driver_agrees_with_pytorch() -> None:
    names = tuple(torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count()))
    assert device._cuda_names() == names


@pytest.mark.parametrize(("said", "policy"), [("", "PASSIVE"), ("ACTIVE", "ACTIVE")])
def test_threads_that_wait_sleep_unless_the_environment_says_otherwise(said: str, policy: str) -> None:
    code = "from explainer.device import let_threads_sleep; let_threads_sleep(); import torch"
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    environment |= {"OMP_DISPLAY_ENV": "TRUE"} | ({"OMP_WAIT_POLICY": said} if said else {})
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert f"OMP_WAIT_POLICY = '{policy}'" in done.stderr
