"""The script of the three ways runs alone, and ends with the accuracy of the runs that it stands for."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from exported_scripts import assert_clean
from own_pictures import collected, striped
from PIL import Image

from explainer.data.assets import assets_path
from explainer.tasks.transfer.config import RATES, WAYS, TransferConfig
from explainer.tasks.transfer.examples import Examples
from explainer.tasks.transfer.loop import train
from explainer.tasks.transfer.ways_code import ways_code
from explainer.training.snapshot import Snapshot

CPU = torch.device("cpu")
CUTOUTS = TransferConfig(
    ("fish", "insects"), per_class=3, tested="red", modules=2, epochs=4, side=64, seed=1, reduced=48
)
OWN = TransferConfig(
    ("stripes", "bars"),
    pictures=tuple(own.pictures for own in collected((6, 6)).classes),
    epochs=2,
    side=64,
    augmented=True,
)


@contextlib.contextmanager
def standing_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def run(source: str, folder: Path) -> dict[str, object]:
    """The names of the script when it is over."""
    names: dict[str, object] = {}
    with standing_in(folder):
        exec(source, names)
    return names


def losses(config: TransferConfig, source: Examples | None = None) -> float:
    """The accuracy of a run at its end."""
    *_, last = train(config, device=CPU, source=source)
    assert isinstance(last, Snapshot) and last.point.test_accuracy is not None
    return last.point.test_accuracy


def test_the_script_of_cut_outs_ends_as_the_three_runs_do(capsys: pytest.CaptureFixture[str]) -> None:
    names = run(ways_code(CUTOUTS), assets_path().parent)
    found = names["accuracy"]
    assert isinstance(found, dict) and list(found) == list(WAYS)
    for way in WAYS:
        here = losses(replace(CUTOUTS, way=way, learning_rate=RATES[way]))
        assert found[way] == pytest.approx(here, abs=1 / 9 + 1e-9)  # Pillow and sums of another order round otherwise
    assert capsys.readouterr().out.count("of 9 test pictures are right") == 3


def test_the_script_of_own_pictures_reads_a_folder_a_class(tmp_path: Path) -> None:
    for kind, name in enumerate(OWN.classes):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for number in range(6):
            Image.fromarray(striped(kind, number)).save(tmp_path / "pictures" / name / f"{number}.png")
    (tmp_path / assets_path().name).symlink_to(assets_path())
    names = run(ways_code(OWN), tmp_path)
    learned, tested, labels, own = (names[name] for name in ("learned", "tested", "labels", "train"))
    assert isinstance(learned, np.ndarray) and learned.shape == (8, 64, 64, 3)
    source = Examples(learned, labels[own], tested, labels[names["test"]])  # type: ignore[index, arg-type]
    for way in WAYS:
        here = losses(replace(OWN, way=way, learning_rate=RATES[way]), source)
        assert names["accuracy"][way] == pytest.approx(here, abs=1 / 4 + 1e-9)  # type: ignore[index]


def test_both_scripts_are_clean(tmp_path: Path) -> None:
    assert_clean([ways_code(CUTOUTS), ways_code(OWN)], tmp_path, "--line-length", "120")
