"""The script of the greedy start is run in a process of its own and ends with the errors that the page shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from exported_scripts import assert_clean, write_mnist

from explainer.data.digits import load
from explainer.tasks.autoencoder.greedy import STARTS, UNITS, GreedyConfig, UnitName, compared
from explainer.tasks.autoencoder.greedy_code import greedy_code

TELL = "\nimport json\nprint(json.dumps([errors, lost]))\n"


@pytest.mark.parametrize("units", UNITS)
def test_the_script_ends_with_the_same_errors(units: UnitName, tmp_path: Path) -> None:
    config = GreedyConfig(units, layers=2, labels=100, width=12, steps=50, unlabelled=400)
    source, mnist = greedy_code(config), load("mnist")
    assert_clean([source], tmp_path, "--line-length=120")
    write_mnist(tmp_path, (mnist.train_images, mnist.train_labels), (mnist.test_images, mnist.test_labels))
    script = tmp_path / "script.py"
    script.write_text(source + TELL, encoding="utf-8")
    command, alone = [sys.executable, str(script), str(tmp_path)], {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=alone, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    errors, lost = json.loads(done.stdout.splitlines()[-1])
    (found,) = [each for each in compared(config) if each is not None and each.whole]
    for start in STARTS:
        np.testing.assert_allclose(errors[start], found.errors[start], atol=2e-3)  # 4 of 2,000 digits
    np.testing.assert_allclose(lost, found.layer_errors, rtol=1e-3)
