"""Exported scripts: digits for them, a run of theirs in its own process, and the run that they stand for."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import runpy
import struct
import subprocess
import sys
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.training.configuration import Controls
from explainer.training.messages import Changed
from explainer.training.snapshot import AnySnapshot, Snapshot

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["torch", "torch._dynamo", __name__])  # the imports that most of a run would be
_OUTPUTS = ("printed.txt", "failed.txt")
Digits = tuple[NDArray[np.uint8], NDArray[np.uint8]]  # images (n, 28, 28), labels (n,)


def write_mnist(path: Path, training: Digits, test: Digits) -> None:
    """MNIST's four files with these digits alone."""
    for part, (images, labels) in (("train", training), ("t10k", test)):
        with gzip.open(path / f"{part}-images-idx3-ubyte.gz", "wb", compresslevel=1) as file:
            file.write(struct.pack(">iiii", 2051, len(images), 28, 28) + images.tobytes())
        with gzip.open(path / f"{part}-labels-idx1-ubyte.gz", "wb") as file:
            file.write(struct.pack(">ii", 2049, len(labels)) + labels.tobytes())


def run_script(source: str, folder: Path, tmp_path: Path) -> tuple[dict[str, NDArray[np.float32]], str]:
    """What the script wrote, and what it printed, in a process with one thread that has imported torch already."""
    file, weights = tmp_path / "run.py", tmp_path / "weights.npz"
    file.write_text(source, encoding="utf-8")
    process = _PROCESSES.Process(target=_execute, args=(file, folder, weights))
    process.start()
    process.join()
    printed, failed = ((tmp_path / name).read_text(encoding="utf-8") for name in _OUTPUTS)
    assert process.exitcode == 0, failed
    return dict(np.load(weights)), printed


def _execute(file: Path, folder: Path, weights: Path) -> None:
    """Runs the script as the only one of this process; the package is out of its reach."""
    import torch

    os.chdir(file.parent)
    for number, name in enumerate(_OUTPUTS, start=1):  # standard output, and standard error
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    torch.set_num_threads(1)
    warnings.simplefilter("error")
    sys.argv = [str(file), str(folder), str(weights)]
    sys.modules |= {name: None for name in sys.modules if name.startswith("explainer")}  # type: ignore[misc]
    runpy.run_path(str(file), run_name="__main__")


def followed(run: Iterable[object], controls: Controls, changes: Sequence[Changed], stop: int) -> list[AnySnapshot]:
    """The snapshots of a run that reports after every step, with ``changes`` made at theirs, up to step ``stop``."""
    items: list[AnySnapshot] = []
    for item in run:
        if not isinstance(item, Snapshot):
            continue
        items.append(item)
        if item.point.step >= stop:
            break
        for changed in changes:
            if changed.step == item.point.step:
                controls.changed[changed.change.what] = changed.change.value
        controls.measure_now = item.point.step + 1 == stop
    return items


def same_losses(here: Sequence[AnySnapshot], there: dict[str, Any], rtol: float) -> None:
    """The loss of every step, which is taken out of what the script wrote."""
    losses = [item.point.loss or 0.0 for item in here[1:]]
    np.testing.assert_allclose(losses, there.pop("losses"), rtol=rtol, atol=1e-6)


def assert_clean(sources: Iterable[str], tmp_path: Path, *options: str) -> None:
    """Each is as the formatter writes it, and the linter finds nothing; ``options`` are ruff's."""
    for number, source in enumerate(sources):
        file = tmp_path / f"script_{number}.py"
        file.write_text(source, encoding="utf-8")
        for task in (["format", "--diff"], ["check", "--select", "E,F,W,I,B"]):
            command = [sys.executable, "-m", "ruff", *task, "--isolated", "--no-cache", *options, str(file)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
