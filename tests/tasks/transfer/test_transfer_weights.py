"""A taught network as a file: it comes back, holds no picture, and what is wrong with a file is said."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import safetensors.torch
import torch
from own_pictures import collected

from explainer.networks.weights import MAX_BYTES, WeightsError
from explainer.tasks.transfer.config import TransferConfig
from explainer.tasks.transfer.network import build
from explainer.tasks.transfer.weights import FORMAT, from_bytes, plain_names, taught, to_bytes

PICTURES = tuple(each.pictures for each in collected((2, 2)).classes)
CONFIG = TransferConfig(("Täße", "x" * 20), pictures=PICTURES, side=64)


@pytest.fixture(scope="module")
def file() -> bytes:
    torch.manual_seed(0)
    return to_bytes(build(CONFIG), CONFIG)


def changed(file: bytes, **told: object) -> bytes:
    run = json.loads(json.dumps({"classes": list(CONFIG.classes)})) | told
    return safetensors.torch.save(safetensors.torch.load(file), {"format": FORMAT, "run": json.dumps(run)})


def test_it_comes_back_without_its_pictures(file: bytes) -> None:
    config, network = from_bytes(file)
    assert config == replace(CONFIG, pictures=())
    torch.manual_seed(0)
    expected = build(CONFIG).state_dict()
    assert all(torch.equal(values, expected[name]) for name, values in network.state_dict().items())
    assert PICTURES[0][0][20:60] not in file and len(file) < MAX_BYTES


def test_it_can_be_looked_into(file: bytes) -> None:
    network = taught(file, "Yours", plain_names(CONFIG.classes))
    assert taught(file, "Yours", plain_names(CONFIG.classes)) is network
    assert network.description.classes == ("Täße", "x" * 20)
    assert (network.description.transform.size, network.description.transform.channels) == (64, 3)
    assert network.description.layers[-1].shape == (2,)


@pytest.mark.parametrize(
    "told",
    [
        {"classes": ["a"]},
        {"side": 4096},
        {"modules": "all"},
        {"unknown": 1},
        {"classes": ["a", "b", "c"]},
    ],
)
def test_a_wrong_description_is_said(file: bytes, told: dict[str, object]) -> None:
    with pytest.raises(WeightsError):
        from_bytes(changed(file, **told))


def test_pictures_that_somebody_wrote_into_a_file_are_let_go_of(file: bytes) -> None:
    config, _ = from_bytes(changed(file, pictures=[["a", "b"], ["c", "d"]], side=64))
    assert config.pictures == ()


def test_no_such_file_is_said(file: bytes) -> None:
    for wrong in (b"", b"nothing", file[:-10], safetensors.torch.save({"a": torch.ones(1)}, {"format": "other"})):
        with pytest.raises(WeightsError):
            from_bytes(wrong)


def test_names_of_visitors_are_no_markup() -> None:
    names = ("**b** <i>", "a_b $x$", "::", "- 1", "www.x.de", "Ünser Hund, 2")
    assert plain_names(names) == ("b i", "a b x", "3", "1", "www x de", "Ünser Hund, 2")
