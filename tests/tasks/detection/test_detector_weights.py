"""A detector's weights come back bit for bit, and every other file ends in one sentence."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import asdict

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from explainer.networks.build import build as build_reader
from explainer.networks.config import NetworkConfig
from explainer.networks.weights import WeightsError
from explainer.networks.weights import from_bytes as reader_from_bytes
from explainer.networks.weights import to_bytes as reader_to_bytes
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.detection.network import build
from explainer.tasks.detection.weights import FORMAT, from_bytes, to_bytes

SMALL = DetectionConfig(width=2, loss="yolo-v1", boxes=2, lambda_noobj=0.25, seed=9)


def saved(config: DetectionConfig = SMALL) -> bytes:
    torch.manual_seed(1)
    network = build(config)
    network(torch.rand(2, 1, 112, 112))  # running statistics that are not the initial ones
    return to_bytes(network, config)


def file_of(state: dict[str, Tensor], **told: str) -> bytes:
    return safetensors.torch.save(state, {"format": FORMAT, "run": json.dumps(asdict(SMALL)), **told})


def with_state(change: Callable[[dict[str, Tensor]], object]) -> bytes:
    state = safetensors.torch.load(saved())
    change(state)
    return file_of(state)


def described(**changes: object) -> bytes:
    return file_of(safetensors.torch.load(saved()), run=json.dumps(asdict(SMALL) | changes))


@pytest.mark.parametrize("config", [DetectionConfig(), SMALL], ids=["default", "small"])
def test_weights_come_back_bit_for_bit(config: DetectionConfig) -> None:
    data = saved(config)
    state = torch.get_rng_state()
    read_config, network = from_bytes(data)
    assert torch.equal(torch.get_rng_state(), state)
    assert (read_config, network.training) == (config, False)
    before = safetensors.torch.load(data)
    after = network.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(value, after[name]) and value.dtype == after[name].dtype for name, value in before.items())


WRONG = {
    "nothing": b"",
    "a pickle": pickle.dumps({"weights": 1}),
    "cut": saved()[:-9],
    "a network that reads digits": reader_to_bytes(build_reader(NetworkConfig(())), NetworkConfig(())),
    "no description": safetensors.torch.save({"w": torch.zeros(1)}, {"format": FORMAT}),
    "a description that is no JSON": file_of({}, run="{"),
    "nested too deep": file_of({}, run="[" * 50_000),
    "a number as a text": described(width="2"),
    "a number that is not whole": described(width=2.5),
    "an unknown name": described(colour=1),
    "another loss": described(loss="mine"),
    "too wide": described(width=10**6),
    "three boxes": described(boxes=3),
    "no learning rate": described(learning_rate=0),
    "endless": described(lambda_coord=float("inf")),
    "of another width": described(width=4),
    "of another loss": described(loss="modern"),
    "a weight is missing": with_state(lambda state: state.pop("outputs.bias")),
    "a weight too many": with_state(lambda state: state.update(more=torch.zeros(1))),
    "another shape": with_state(lambda state: state.update({"outputs.bias": torch.zeros(2)})),
    "another type": with_state(lambda state: state.update({"outputs.bias": torch.zeros(20, dtype=torch.int64)})),
    "not a number": with_state(lambda state: state["outputs.bias"].fill_(float("nan"))),
    "a negative variance": with_state(lambda state: state["batch_norm_1.running_var"].fill_(-1)),
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG.keys())
def test_every_other_file_ends_in_a_sentence(data: bytes) -> None:
    with pytest.raises(WeightsError) as error:
        from_bytes(data)
    assert str(error.value).endswith(".") and "\n" not in str(error.value)


def test_a_detector_is_no_network_that_reads_digits() -> None:
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
