"""The exported script is run in a process of its own and must end with the weights of the run itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from exported_scripts import assert_clean, run_script, write_mnist
from numpy.typing import NDArray
from small_cifar import downloaded_cifar, sums_in_script

from explainer.data.digits import Digits, load
from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.networks.presets import PRESETS
from explainer.networks.weights import from_bytes
from explainer.training.config import Recipe, RunConfig
from explainer.training.configuration import Controls
from explainer.training.export import script
from explainer.training.loop import train
from explainer.training.messages import Change, Changed
from explainer.training.snapshot import Snapshot, Step

pytestmark = pytest.mark.processes

SMALL = NetworkConfig((Block(4, 4, 2), Block(6, 3, pool=Pool())), hidden=(20,))
DEEP = NetworkConfig((Block(3, stride=2, pairs=2), Block(4, 3, 2, pairs=1)), global_pool=True)
CONFIGS = {
    "plain, asymmetric padding": RunConfig(SMALL, Recipe(epochs=2), seed=3),
    "another initialization, sgd": RunConfig(
        SMALL, Recipe(optimizer="sgd", learning_rate=0.1, initialization="he", batch_size=100), subset=250
    ),
    "batch norm, dropout, moved and turned": RunConfig(
        replace(SMALL, batch_norm=True, dropout=0.3, spatial_dropout=0.1),
        Recipe(shift=2, rotate=10.0, epochs=2, batch_size=61),
        subset=245,  # one digit is left for the last batch
    ),
    "LeNet-5, nesterov, cosine": RunConfig(
        PRESETS["lenet-5"],
        Recipe(optimizer="nesterov", schedule="cosine", learning_rate=0.05, weight_decay=1e-3),
        subset=300,
    ),
    "one-cycle, AdamW, smoothing, L1": RunConfig(
        replace(SMALL, activation="gelu"),
        Recipe(
            *("adamw", 0.01, "one-cycle"), betas=(0.7, 0.9), weight_decay=0.01, label_smoothing=0.1, l1=1e-4, epochs=3
        ),
        seed=8,
    ),
    "no layer before the logits, rmsprop": RunConfig(
        NetworkConfig(()), Recipe(optimizer="rmsprop", initialization="normal-0.01")
    ),
    "residual blocks, batch norm, He's weights, dropout": RunConfig(
        replace(DEEP, batch_norm=True, dropout=0.2), Recipe(initialization="he", batch_size=100), subset=200
    ),
    "preactivation blocks without batch norm": RunConfig(
        replace(DEEP, skips="pre-activation", activation="tanh"), Recipe(batch_size=100), subset=200
    ),
    "preactivation blocks": RunConfig(
        replace(DEEP, skips="pre-activation", batch_norm=True), Recipe(batch_size=100), subset=200
    ),
    "plain blocks": RunConfig(replace(DEEP, skips="plain", batch_norm=True), Recipe(batch_size=100), subset=200),
    "adagrad": RunConfig(replace(SMALL, activation="tanh"), Recipe(optimizer="adagrad", initialization="xavier")),
}


@pytest.fixture(scope="module")
def few() -> Digits:
    digits = load("mnist")
    return replace(
        digits,
        train_images=digits.train_images[:400],
        train_labels=digits.train_labels[:400],
        test_images=digits.test_images[:100],
        test_labels=digits.test_labels[:100],
    )


@pytest.fixture(scope="module")
def folder(few: Digits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The few digits as MNIST's four files."""
    path = tmp_path_factory.mktemp("mnist")
    write_mnist(path, (few.train_images, few.train_labels), (few.test_images, few.test_labels))
    return path


def trained_here(config: RunConfig, few: Digits, changes: tuple[Changed, ...] = (), stop: int = 10**9) -> Snapshot:
    """The last snapshot of the run, on one thread as in the script's process."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    controls, done, last = Controls(), 0, None
    try:
        for item in train(config, few, controls, torch.device("cpu")):
            if isinstance(item, Step) and item.examples:
                done += 1
                controls.measure_now = done == stop
                for changed in changes:
                    if changed.step == done:
                        controls.changed[changed.change.what] = changed.change.value
            elif isinstance(item, Snapshot):
                last = item
                if item.point.step == stop:
                    break
    finally:
        torch.set_num_threads(threads)
    assert last is not None
    return last


def same_weights(here: Snapshot, there: dict[str, NDArray[np.float32]]) -> None:
    assert here.weights is not None
    ours = [value.numpy() for value in from_bytes(here.weights)[1].state_dict().values()]
    assert len(ours) == len(there)
    for mine, theirs in zip(ours, there.values(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_script_ends_with_the_weights_of_the_run(name: str, few: Digits, folder: Path, tmp_path: Path) -> None:
    config = CONFIGS[name]
    here = trained_here(config, few)
    there, said = run_script(script(config).replace("60000 //", "400 //"), folder, tmp_path)
    same_weights(here, there)
    assert here.point.test_accuracy is not None
    assert said.splitlines()[-1].endswith(f"test digits right {100 * here.point.test_accuracy:.2f} %")
    assert len(said.splitlines()) == config.recipe.epochs
    assert all(("smoothed loss" in line) == (config.recipe.label_smoothing > 0) for line in said.splitlines())


@pytest.mark.parametrize("network", [SMALL, DEEP], ids=["small", "blocks"])
def test_a_run_that_was_changed_and_stopped_is_reproduced_so(
    network: NetworkConfig, few: Digits, folder: Path, tmp_path: Path
) -> None:
    config = RunConfig(network, Recipe(batch_size=50, epochs=4), seed=5)
    told = ((3, Change("learning_rate", 0.01)), (3, Change("dropout", 0.5)), (9, Change("dropout", 0.1)))
    changes = tuple(Changed(*each) for each in told)
    here = trained_here(config, few, changes, stop=13)
    assert here.point.step == 13
    there, said = run_script(script(config, changes, steps=13), folder, tmp_path)
    same_weights(here, there)
    assert len(said.splitlines()) == 2


@pytest.mark.parametrize("name", CONFIGS)
def test_the_script_is_formatted_and_clean(name: str, tmp_path: Path) -> None:
    changes = (Changed(3, Change("learning_rate", 0.01)), Changed(3, Change("dropout", 0.25)))
    sources = (script(CONFIGS[name]), script(CONFIGS[name], changes, 7))
    assert_clean(sources, tmp_path)


def test_blocks_that_are_alike_are_made_by_one_line() -> None:
    source = script(RunConfig(DEEP))
    assert "    *(Block(3) for _ in range(2)),\n" in source
    assert "    Block(4),\n" in source
    assert "class Block" not in script(RunConfig(SMALL))


COLOUR_CONFIGS = {
    "moved and turned": RunConfig(
        replace(SMALL, reads="colour", batch_norm=True),
        Recipe(shift=2, rotate=10.0, epochs=2, batch_size=61),
        dataset="cifar-10",
    ),
    "residual blocks": RunConfig(
        replace(DEEP, reads="colour"), Recipe(batch_size=50), dataset="cifar-10", subset=200, seed=3
    ),
}


@pytest.mark.parametrize("name", COLOUR_CONFIGS)
def test_a_run_in_colour_is_reproduced_from_torchvisions_data_set(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloaded_cifar(tmp_path, monkeypatch)
    config = COLOUR_CONFIGS[name]
    here = trained_here(config, load("cifar-10"))
    source = script(config)
    assert_clean([source], tmp_path)
    small = f"{sums_in_script()}folder = sys.argv[1]"
    folder = tmp_path / "cache" / "datasets"  # with the archive in it
    there, said = run_script(source.replace("folder = sys.argv[1]", small), folder, tmp_path)
    same_weights(here, there)
    assert here.point.test_accuracy is not None
    assert said.splitlines()[-1].endswith(f"test pictures right {100 * here.point.test_accuracy:.2f} %")


def test_other_data_sets_come_through_torchvision() -> None:
    source = script(RunConfig(SMALL, dataset="kmnist"))
    assert "from torchvision.datasets import KMNIST" in source
    assert "gzip" not in source
    compile(source, "script", "exec")
