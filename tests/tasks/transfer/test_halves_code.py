"""The script of the digits' two halves is run in a process of its own and ends with the accuracy of the page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from exported_scripts import write_mnist

from explainer.data.assets import assets_path
from explainer.data.digits import load
from explainer.networks.build import build
from explainer.networks.config import Block, NetworkConfig
from explainer.networks.weights import to_bytes
from explainer.tasks.transfer.halves_code import halves_code
from explainer.tasks.transfer.halves_config import HalvesConfig
from explainer.tasks.transfer.halves_loop import learned
from explainer.training.snapshot import Snapshot

READER = assets_path() / "readers" / "plain.safetensors"


@pytest.mark.parametrize("is_begun", [False, True], ids=["learns-0-to-4", "begins-with-a-file"])
def test_the_script_ends_with_the_same_accuracy(is_begun: bool, tmp_path: Path) -> None:
    config, mnist = HalvesConfig(seeds=1), load("mnist")
    if is_begun:
        config = replace(config, weights=READER.read_bytes())
        (tmp_path / "weights.safetensors").symlink_to(READER)
    source = halves_code(config)
    assert source is not None
    write_mnist(tmp_path, (mnist.train_images, mnist.train_labels), (mnist.test_images, mnist.test_labels))
    told = "\nimport json\nprint(json.dumps(accuracy.tolist()))\n"
    (tmp_path / "script.py").write_text(source + told, encoding="utf-8")
    command = [sys.executable, "script.py", str(tmp_path)]
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    *_, last = (each for each in learned(config, torch.device("cpu")) if isinstance(each, Snapshot))
    assert last.results is not None
    here = last.results.accuracy
    np.testing.assert_allclose(json.loads(done.stdout.splitlines()[-1]), here, atol=0.02)


def test_of_a_network_with_blocks_there_is_no_script() -> None:
    network = NetworkConfig((Block(4, kernel=3, pairs=1),))
    assert halves_code(HalvesConfig(weights=to_bytes(build(network), network))) is None
