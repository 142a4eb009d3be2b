"""A U-Net's weights come back bit for bit, and every other file ends in one sentence."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from explainer.networks.weights import WeightsError
from explainer.networks.weights import from_bytes as reader_from_bytes
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.detection.network import untrained as untrained_detector
from explainer.tasks.detection.weights import to_bytes as detector_to_bytes
from explainer.tasks.segmentation.build import build
from explainer.tasks.segmentation.config import UNetConfig, recommended
from explainer.tasks.segmentation.weights import FORMAT, from_bytes, to_bytes

SMALL = UNetConfig(width=1, decoder="transposed", skips=(True, False, True), seed=9)


def saved(config: UNetConfig = SMALL) -> bytes:
    torch.manual_seed(1)
    network = build(config)
    network(torch.rand(2, 1, 32, 32))  # running statistics that are not the initial ones
    return to_bytes(network, config)


def file_of(state: dict[str, Tensor], **told: str) -> bytes:
    return safetensors.torch.save(state, {"format": FORMAT, "run": json.dumps(asdict(SMALL)), **told})


def with_state(change: Callable[[dict[str, Tensor]], object]) -> bytes:
    state = safetensors.torch.load(saved())
    change(state)
    return file_of(state)


def described(**changes: object) -> bytes:
    return file_of(safetensors.torch.load(saved()), run=json.dumps(asdict(SMALL) | changes))


@pytest.mark.parametrize(
    "config",
    [
        UNetConfig(),
        SMALL,
        recommended("brain", "colourize"),
        replace(SMALL, network="fcn"),
        replace(SMALL, votes=False),
    ],
)
def test_weights_come_back_bit_for_bit(config: UNetConfig) -> None:
    data = saved(config)
    state = torch.get_rng_state()
    read_config, network = from_bytes(data)
    assert torch.equal(torch.get_rng_state(), state)
    assert (read_config, network.training) == (config, False)
    before, after = safetensors.torch.load(data), network.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(value, after[name]) and value.dtype == after[name].dtype for name, value in before.items())


WRONG = {
    "nothing": b"",
    "a pickle": pickle.dumps({"weights": 1}),
    "cut": saved()[:-9],
    "a detector": detector_to_bytes(untrained_detector(DetectionConfig(width=1)), DetectionConfig(width=1)),
    "no description": safetensors.torch.save({"w": torch.zeros(1)}, {"format": FORMAT}),
    "a description that is no JSON": file_of({}, run="{"),
    "nested too deep": file_of({}, run="[" * 50_000),
    "a number as a text": described(width="2"),
    "a number that is not whole": described(width=2.5),
    "an unknown name": described(colour=1),
    "another task": described(task="mine"),
    "other data": described(data="cats"),
    "two skips": described(skips=[True, True]),
    "too wide": described(width=10**6),
    "no learning rate": described(learning_rate=0),
    "an FCN with unpooling": described(network="fcn", decoder="unpooling"),
    "of another width": described(width=2),
    "of another network": described(network="fcn"),
    "of other skips": described(skips=[True, True, True]),
    "a weight is missing": with_state(lambda state: state.pop("head.bias")),
    "a weight too many": with_state(lambda state: state.update(more=torch.zeros(1))),
    "another shape": with_state(lambda state: state.update({"head.bias": torch.zeros(2)})),
    "another type": with_state(lambda state: state.update({"head.bias": torch.zeros(44, dtype=torch.int64)})),
    "not a number": with_state(lambda state: state["head.bias"].fill_(float("nan"))),
    "a negative variance": with_state(lambda state: state["down1.norm.running_var"].fill_(-1)),
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG.keys())
def test_every_other_file_ends_in_a_sentence(data: bytes) -> None:
    with pytest.raises(WeightsError) as error:
        from_bytes(data)
    assert str(error.value).endswith(".") and "\n" not in str(error.value)


def test_a_unet_is_no_network_that_reads_digits() -> None:
    with pytest.raises(WeightsError, match="was not saved by this app"):
        reader_from_bytes(saved())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_bytes_that_changed_are_read_or_refused(data: st.DataObject) -> None:
    file = bytearray(saved())
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(0, 1_500))] = data.draw(st.integers(0, 255))
    try:
        from_bytes(bytes(file))
    except WeightsError as error:
        assert str(error)
