"""What the page "Architectures" says of other input sizes and of maps of scores."""

from __future__ import annotations

from typing import Any

import pytest
from opening import opened, said

from explainer.networks.architectures import counted
from explainer.networks.folding import fold
from pages.networks.architectures.page import TRY_THIS

PAGE = "networks/architectures"


def preset(number: int) -> str:
    return said(opened(PAGE, dict(TRY_THIS[number].query)))


def test_vgg_at_96_without_adaptive_pooling_stops() -> None:
    text = preset(10)
    assert "At 96 × 96 the network stops at `classifier.0`: its 512 maps of 3 × 3 are 4,608 numbers" in text
    assert "weights for 25,088. " not in text and "has weights for 25,088." in text
    assert "The 18 layers before it still compute." in text and r"4{,}608 \neq 25{,}088" in text
    assert "Training on a batch" not in text and "Depth: " not in text


def test_adaptive_pooling_is_said() -> None:
    text = preset(11)
    assert "`avgpool` is adaptive: it averages maps of any size to 7 × 7, here those of 10 × 10." in text
    assert "Input: 3 × 320 × 320" in text and " top-1, " not in text


def test_a_map_of_scores_and_what_it_saves() -> None:
    text = preset(12)
    assert "In 16 convolutions are all of the 138,357,544 parameters and all of the 33.3 billion MACs." in text
    assert "4 × 4 scores for each class: one for each place of a window of 224 × 224 pixels that moves by 32." in text
    assert "asked at each of these 16 places, takes 248 billion MACs: 7.4 times the 33.3 billion" in text
    assert "A window cut out of the picture gets another score: its convolutions pad it with zeros" in text
    assert 16 * fold(counted("vgg16")).macs / 33.3e9 == pytest.approx(7.4, abs=0.05)


def test_without_padding_a_window_cut_out_has_the_same_score() -> None:
    text = said(opened(PAGE, {"network": "lenet-5", "ar_size": "64", "ar_head": "convolutions"}))
    assert "A window cut out of the picture gets the same score: no convolution pads." in text


@pytest.mark.parametrize(
    ("side", "sentence"), [("224", ""), ("320", "here of 19 × 19, whatever its size. So there is one score for each")]
)
def test_a_network_without_fully_connected_layers_is_not_compared_with_them(side: str, sentence: str) -> None:
    text = said(opened(PAGE, {"network": "squeezenet1-0", "ar_size": side}))
    assert sentence in text and "fully connected layers: the weights" not in text


def test_a_map_of_scores_of_a_photograph() -> None:
    at = opened(PAGE, {**TRY_THIS[13].query, "code": "true"})
    assert not at.exception
    text = said(at)
    assert "of 341 × 512 pixels it makes 21 × 31 scores for each class. Their mean is its answer: **soup bowl**" in text
    assert r"\frac{1}{21 \cdot 31}" in text and "of the 651 places **soup bowl** has the highest score" in text
    values: dict[str, Any] = {}
    exec(at.code[0].value, values)
    assert f"= {float(values['score']):.3f}" in text


@pytest.mark.parametrize(
    "query",
    [{"ar_photo": "upload"}, {"ar_photo": "no such", "ar_side": "7"}, {"ar_photo": "cat", "ar_class": "no such"},
     {"ar_side": "128", "ar_photo": "engine", "ar_class": "soup-bowl"}],
)  # fmt: skip
def test_any_photograph_and_class_in_the_address_gives_a_picture_or_a_sentence(query: dict[str, str]) -> None:
    at = opened(PAGE, {"ar_view": "scores", **query})
    assert not at.exception
    assert at.info if query["ar_photo"] == "upload" else "scores for each class" in said(at)


@pytest.mark.parametrize(
    "query",
    [
        {"ar_size": "no size", "ar_head": "none"},
        {"network": "vit-b-16", "ar_size": "32", "ar_head": "convolutions"},
        {"network": "maxvit-t", "ar_size": "96"},
        {"network": "lenet-5", "ar_size": "512", "layer": "output"},
        {"network": "resnet18", "ar_size": "32", "ar_head": "flat"},
    ],
)
def test_any_size_and_head_in_the_address_gives_a_sentence(query: dict[str, str]) -> None:
    assert not opened(PAGE, query).exception


@pytest.mark.parametrize("side", ["96", "128", "224"])
def test_a_head_that_training_alone_reads_may_fail_where_all_else_computes(side: str) -> None:
    text = said(opened(PAGE, {"network": "inception-v3", "ar_size": side, "other": "inception-v3"}))
    assert f"Training does not compute at {side} × {side}: `AuxLogits" in text
    assert "Of 27,161,264 parameters, 3,326,696 are read in training alone." in text
    assert "| Memory of training, batch of 64, SGD with momentum | – | " in text
