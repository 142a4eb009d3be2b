"""What the page "Architectures" says of its presets, and what it does with what a browser sends."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from opening import opened, said

from explainer.networks import zoo
from explainer.networks.architecture_names import FAMILIES, TORCHVISION
from explainer.networks.architectures import counted
from explainer.networks.build import build
from explainer.networks.folding import fold
from explainer.networks.memory import Saved
from explainer.networks.plan import parameter_count
from explainer.networks.weights import to_bytes
from explainer.training.job import Job
from explainer.training.recorded_film import recorded_film
from explainer.ui.frame import menu, studio
from explainer.ui.frame.menu import Place
from explainer.ui.frame.studio import Run, Studio
from pages.networks.architectures import seeing
from pages.networks.architectures.comparison import points
from pages.networks.architectures.memory import full_size
from pages.networks.architectures.page import TRY_THIS
from pages.networks.architectures.rows import COLUMNS, encode, to_csv
from pages.networks.architectures.words import large, notice

PAGE = "networks/architectures"


def preset(number: int) -> str:
    return said(opened(PAGE, dict(TRY_THIS[number].query)))


def test_lenet_5() -> None:
    text = preset(0)
    assert "In 3 convolutions are 82.2 % of the 61,706 parameters and 97.4 % of the 416,520 MACs." in text
    assert "The largest output is that of `C1`: 4,704 numbers." in text
    assert r"(5 \cdot 5 \cdot 16 + 1) \cdot 120 = 48{,}120" in text
    assert "A unit of `C5` sees 32 × 32 pixels of the input." in text
    assert "Depth: 5 layers with weights" in text and " top-1, " not in text


def test_vgg_and_its_fully_connected_layers() -> None:
    text = preset(1)
    assert "Of 138,357,544 parameters, 89.4 % are in 3 fully connected layers." in text
    assert "Of 15.5 billion MACs, 99.2 % are in 13 convolutions." in text
    assert "The largest output is that of `features.0`: 3,211,264 numbers." in text
    assert r"(25{,}088 + 1) \cdot 4{,}096 = 102{,}764{,}544" in text
    assert "ImageNet: 71.6 % top-1, 90.4 % top-5" in text


def test_global_average_pooling_has_no_parameters() -> None:
    text = preset(2)
    assert "A unit of `avgpool` sees the whole input. This layer multiplies no weights: it has no MACs." in text
    assert "Parameters: 6,624,904" in text


def test_a_convolution_of_one_pixel_before_one_of_five() -> None:
    text = preset(3)
    assert r"1 \cdot 1 \cdot 192 \cdot 16 = 3{,}072" in text  # weights: 16 maps of 192
    assert "Its normalization adds 32 parameters." in text
    assert "in front of 2 larger ones: 155,872 parameters and 121,626,624 MACs." in text
    assert "Without them: 295,424 parameters and 231,211,008 MACs." in text


def test_a_depthwise_convolution() -> None:
    text = preset(4)
    assert r"3 \cdot 3 \cdot 1 \cdot 32 = 288" in text
    assert "With the 1 × 1 convolution behind it: 896 parameters and 10,035,200 MACs." in text
    assert "One of 3 × 3 for both: 4,640 parameters and 57,802,752 MACs." in text


def test_152_layers() -> None:
    text = preset(8)
    assert "Depth: 152 layers with weights" in text
    assert "In 155 convolutions are 96.6 % of the 60,192,808 parameters and more than 99.9 % of" in text


@pytest.mark.parametrize("name", [next(iter(family)) for family in FAMILIES.values()])
def test_every_notice_is_a_sentence(name: str) -> None:
    text = str(notice(fold(counted(name))))
    assert re.search(r"\d (convolution|fully connected layer|attention layer)", text)


def test_what_only_training_reads_is_said() -> None:
    assert "Of 27,161,264 parameters, 3,326,696 are read in training alone." in said(
        opened(PAGE, {"network": "inception-v3"})
    )


def test_the_snippet_counts_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    at = opened(PAGE, {"network": "googlenet", "code": "true"})
    values: dict[str, Any] = {}
    exec(at.code[0].value, values)
    assert capsys.readouterr().out == "6,624,904 parameters, 1,498,376,192 MACs\n"
    assert "Parameters: 6,624,904" in said(at) and "MACs: 1.5 billion" in said(at)


def test_six_convolutions_and_the_ten_biases() -> None:
    text = preset(9)
    assert "Parameters: 33,730" in text
    assert r"(1{,}568 + 1) \cdot 10 = 15{,}690" in text
    layers = [layer for layer in fold(counted("app-six-convolutions")).layers if layer.parameters]
    sums = [sum(layer.parameters for layer in layers[first : first + 2]) for first in (0, 2, 4)]
    weights = layers[-1].parameters - layers[-1].maps  # without a bias for each logit
    assert (*sums, weights, sum(sums) + weights) == (664, 3_488, 13_888, 15_680, 33_720)
    for number in (*sums, weights, sum(sums) + weights, 33_730):
        assert f"{number:,}" in text


def test_the_table_for_a_spreadsheet() -> None:
    lines = list(csv.reader(io.StringIO(to_csv(fold(counted("lenet-5"))))))
    assert lines[0] == COLUMNS and len(lines) == 9
    assert lines[2] == ["C1", "", "Conv2d", "6", "28", "28", "5x5", "1x1", "0 0 0 0", "1", "", "Tanh",
                        "156", "117600", "4704", "5"]  # fmt: skip
    assert lines[-1][-2:] == ["10", "whole"]


def test_the_browser_gets_all_layers_and_groups() -> None:
    data = encode(fold(counted("resnet50")))
    assert len(data["layers"]) == 73
    assert {"first": 8, "length": 4, "repeats": 2, "called": "Bottleneck"} in data["groups"]
    assert data["layers"][7]["reads"] == (5, 6)


def test_counts_as_people_say_them() -> None:
    assert [str(large(value)) for value in (0, 61_706, 1_240_000, 15_470_264_320)] == [
        "0", "61,706", "1.24 million", "15.5 billion"
    ]  # fmt: skip


@pytest.mark.parametrize("sent", ["features.3", "no such layer", "", 7, None, ["features.0"], {"a": 1}])
def test_a_click_chooses_a_layer_that_is_there(sent: object) -> None:
    from pages.networks.architectures import choice

    state: dict[str, Any] = {"picture": {"chosen": sent}, "network": "vgg11", "layer": "features.0"}
    state |= {"ar_size": "own", "ar_head": "built"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice.st, "session_state", state)
        patch.setattr(choice, "value_of", state.__getitem__)
        patch.setattr(choice, "_architecture", lambda name, *_: fold(counted(name)))
        patch.setattr(choice, "_own", dict)
        choice.take("picture")
    assert state["layer"] == ("features.3" if sent == "features.3" else "features.0")


def test_the_memory_of_vgg() -> None:
    text = preset(5)
    assert "Training on a batch of 128 takes 11.6 GB: 9.39 GB of activations" in text
    assert "and 2.21 GB that do not." in text  # 16 bytes for each of 138 million parameters
    helps = "**half the batch** (6.91 GB), **stride 2** in the first convolution (4.64 GB), **16 bits** (7.69 GB)"
    assert f"What helps: {helps}, **twice as many devices** (6.91 GB on each)." in text
    assert "16 bits leave 1.57 GB of the activations at full size: the positions where max pooling found" in text


@pytest.mark.parametrize(
    ("saved", "told"),
    [
        (Saved(10, 0), []),
        (Saved(10, 4 * 10**6), ["4 MB of the activations at full size: what is there whatever the batch"]),
        (Saved(10, 0, 10**6), ["3 MB of the activations at full size: the positions where max pooling found"]),
        (Saved(10, 4 * 10**6, 10**6), ["7 MB of the activations at full size: the positions where max pooling found"]),
    ],
)
def test_what_16_bits_leave_is_said(saved: Saved, told: list[str]) -> None:
    said = [str(each) for each in full_size(saved, 3)]
    assert len(said) == len(told)
    assert all(begins in each.replace("\u00a0", " ") for begins, each in zip(told, said, strict=True))


def test_remedies_that_change_nothing_are_left_out() -> None:
    one = said(opened(PAGE, {"network": "alexnet", "batch": "1"}))
    assert "Training on one picture takes" in one and "What helps: **stride 8** in the first convolution (" in one
    assert "**16 bits** (" in one and "half the batch" not in one and "devices**" not in one
    shared = said(opened(PAGE, {"network": "vit-b-16", "batch": "1", "devices": "2", "half": "true"}))
    assert "with 2 devices takes" in shared and "What helps" not in shared
    half = said(opened(PAGE, {"network": "alexnet", "half": "true"}))
    assert "What helps: **half the batch** (" in half and "**16 bits**" not in half


def test_twice_the_stride_is_a_switch() -> None:
    strided = said(opened(PAGE, {"network": "vgg16", "batch": "128", "optimizer": "adam", "ar_stride": "true"}))
    assert "Training on a batch of 128 takes 4.64 GB" in strided
    assert "The first convolution has **stride 2** here." in strided
    assert "What helps: **half the batch** (" in strided and "in the first convolution (" not in strided
    fails = said(opened(PAGE, {"network": "lenet-5", "ar_stride": "true"}))
    assert "With **stride 2** in the first convolution, `C5` does not compute any more" in fails


def test_two_beside_each_other() -> None:
    text = preset(6)
    assert "|  | VGG16 | MobileNet V2 |" in text
    assert "| Depth | 16 | 53 |" in text
    assert "| Parameters | 138,357,544 | 3,504,872 |" in text
    assert "| MACs | 15.5 billion | 301 million |" in text
    assert "| ImageNet, top-1 | 71.6 % | 71.9 % |" in text
    assert "| Memory of training, batch of 64, SGD with momentum | 6.36 GB |" in text


def test_what_has_no_published_accuracy_has_none_in_the_table() -> None:
    assert "| ImageNet, top-5 | – | 92.9 % |" in said(opened(PAGE))


@pytest.mark.parametrize(("cost", "of_vgg"), [("macs", 15.47), ("parameters", 138.357544)])
def test_the_chart_has_all_of_torchvision(cost: str, of_vgg: float) -> None:
    found = {point.name: (point.cost, point.accuracy) for point in points(cost)}
    assert len(found) == len(TORCHVISION) == 80
    assert found["VGG16"] == (of_vgg, 71.592)


def test_three_convolutions_see_as_far_as_one_of_seven() -> None:
    text = preset(7)
    assert r"(3 \cdot 3 \cdot 512 + 1) \cdot 512 = 2{,}359{,}808" in text
    assert (
        "The 3 convolutions of 3 × 3 in a row up to `features.28`: 7,079,424 parameters and 1,387,266,048 MACs." in text
    )
    assert "One of 7 × 7, which sees as much: 12,845,568 parameters and 2,517,630,976 MACs." in text
    vgg = fold(counted("vgg16"))
    before, after = vgg.layer("features.23"), vgg.layer("features.28")
    assert before and after and isinstance(before.field, int) and isinstance(after.field, int)
    assert (after.field - before.field) // 16 + 1 == 7  # a pixel after the fourth pooling is 16 of the input


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    """The visitor has trained a network."""
    film = recorded_film()
    weights = to_bytes(build(film.config.network), film.config.network)
    job = Job(film.config, state=replace(film.state(), weights=weights))
    monkeypatch.setattr(studio, "visitor", lambda: "visitor")
    monkeypatch.setattr(studio, "_studios", {"visitor": Studio("visitor", runs=(Run("My net", job, key="run-1"),))})
    yield job
    studio.close()


def test_what_a_visitor_trained_is_taken_apart(run: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened(PAGE, {"network": "run-1", "code": "true"})
    assert not at.exception
    text = said(at)
    assert f"Parameters: {parameter_count(run.config.network):,}" in text and " top-1, " not in text
    assert "|  | Yours: My net | ResNet-50 |" in text
    values: dict[str, Any] = {}
    exec(at.code[0].value, values)
    assert values["parameters"] == parameter_count(run.config.network)


@pytest.mark.parametrize(
    ("network", "layer", "query"),
    [
        ("squeezenet1-0", "features.3.expand3x3", "i_net=squeezenet&fm_layer=convolution-4"),
        ("squeezenet1-0", "features.3.cat", ""),
        ("squeezenet1-0", "input", ""),
        ("app-wider", "convolution_2", "i_net=digits&fm_layer=convolution-2"),
        ("app-wider", "logits", "i_net=digits&fm_layer=logits"),
        ("run-1", "convolution_1", "i_net=run-1&fm_layer=convolution-1"),
        ("vgg11", "features.0", ""),
    ],
)
def test_a_layer_with_weights_is_linked(
    run: Job, monkeypatch: pytest.MonkeyPatch, network: str, layer: str, query: str
) -> None:
    monkeypatch.setattr(menu, "find", lambda _: Place("feature_maps", "Feature maps", "feature_maps"))
    text = said(opened(PAGE, {"network": network, "layer": layer}))
    assert "sees" in text or layer == "input"
    link = f"computes of a picture](feature_maps?{query})."
    assert (link in text) if query else ("feature_maps?" not in text)


@pytest.mark.parametrize(("architecture", "network"), seeing.BUNDLED.items())
def test_what_is_linked_is_the_same_layer(architecture: str, network: str) -> None:
    found = [(layer, seeing.shown(zoo.load(network), layer.name)) for layer in fold(counted(architecture)).layers]
    linked = [(layer, there) for layer, there in found if there]
    assert len(linked) >= sum(layer.macs > 0 for layer, _ in found)
    assert all(layer.step.shape == there.shape for layer, there in linked)


def test_a_run_that_another_tab_removed_gives_way_to_the_first_network(run: Job) -> None:
    at = opened(PAGE, {"network": "run-1"})
    studio._studios["visitor"] = Studio("visitor")
    at.run()
    assert not at.exception
    assert "61,706" in said(at)
