"""torchvision's segmenters and detectors, with weights where torch.hub looks for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from made_weights import SEGMENTER, make_segmenter

from explainer.networks import pretrained
from explainer.networks.fetched import fetched
from explainer.networks.pretrained import DETECTORS, SEGMENTERS, PretrainedError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PyTorch's folder, empty."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    fetched.cache.clear()
    yield
    fetched.cache.clear()


@pytest.mark.parametrize("name", SEGMENTERS)
def test_the_figures_are_torchvisions(name: str) -> None:
    entry, stated = pretrained.weights(name), SEGMENTERS[name]
    assert stated.parameters == entry.meta["num_params"]
    assert stated.megabytes == entry.meta["_file_size"]
    assert stated.quality == entry.meta["_metrics"]["COCO-val2017-VOC-labels"]["miou"]
    assert len(entry.meta["categories"]) == 21


@pytest.mark.parametrize("name", DETECTORS)
def test_the_figures_of_detectors_are_torchvisions(name: str) -> None:
    entry, stated = pretrained.weights(name), DETECTORS[name]
    assert stated.parameters == entry.meta["num_params"]
    assert stated.megabytes == entry.meta["_file_size"]
    assert stated.quality == entry.meta["_metrics"]["COCO-val2017"]["box_map"]
    assert len(set(entry.meta["categories"]) - {"__background__", "N/A"}) == 80


@pytest.mark.parametrize("name", [SEGMENTER, pytest.param("fcn_resnet50", marks=pytest.mark.thorough)])
def test_weights_in_the_cache_folder_are_used(name: str) -> None:
    plain = make_segmenter(name)
    network = fetched(name)
    pictures = torch.randn(1, 3, 64, 96, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(network(pictures)["out"], plain(pictures)["out"], rtol=0, atol=0)
    assert fetched(name) is network


def test_what_is_not_here_gets_a_sentence() -> None:
    with pytest.raises(PretrainedError, match="FCN ResNet-50 are not on this computer yet"):
        fetched("fcn_resnet50")


def test_damaged_weights_get_a_sentence() -> None:
    make_segmenter()
    where = pretrained.file(SEGMENTER)
    where.write_bytes(where.read_bytes()[:5000])
    with pytest.raises(PretrainedError, match=r"are damaged\. Delete lraspp_mobilenet_v3_large"):
        fetched(SEGMENTER)


def test_offline_is_a_sentence_that_speaks_of_no_other_network(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = property(lambda each: f"http://127.0.0.1:1/{Path(each.value.url).name}")
    monkeypatch.setattr(type(pretrained.weights(SEGMENTER)), "url", nobody)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(PretrainedError, match=r"from 127\.0\.0\.1\. Is this computer connected to the network\?$"):
        pretrained.fetch(SEGMENTER, lambda _share: None)
    assert not pretrained.is_fetched(SEGMENTER)
