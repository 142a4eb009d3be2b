"""The network: how many weights it has, how its layers are called, what it says before it has learned anything."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from explainer.networks.config import ImpossibleNetworkError
from explainer.networks.description import Transform
from explainer.networks.graph import forward, trace
from explainer.tasks.detection.cells import decode
from explainer.tasks.detection.config import PARTS, DetectionConfig, is_possible, part_weights
from explainer.tasks.detection.network import build


def test_the_number_of_weights() -> None:
    """Six convolutions without biases, normalization's gamma and beta, and a last layer with biases."""
    first = 25 * 16 + 9 * (16 * 32 + 32 * 64 + 64 * 64 + 64 * 96 + 96 * 96) + 2 * (16 + 32 + 64 + 64 + 96 + 96)
    for config, channels in ((DetectionConfig(), 15), (DetectionConfig(loss="yolo-v1", boxes=2), 20)):
        network = build(config)
        assert sum(weight.numel() for weight in network.parameters()) == first + 97 * channels
    assert first + 97 * 15 == 200_735


def test_it_can_be_read_as_a_graph() -> None:
    config = DetectionConfig(width=4)
    network = build(config)
    pictures = torch.rand(2, 1, 112, 112, generator=torch.Generator().manual_seed(0))
    graph = trace(network, "detector", "Detector", (), Transform(112, 112, (0.0,), (1.0,)))
    names = [layer.name for layer in graph.description.layers]
    assert names[:3] == ["convolution_1", "batch_norm_1", "activation_1"] and names[-1] == "outputs"
    kept = forward(graph, pictures, keep=["activation_1", "activation_6"])
    assert [tuple(kept[name].shape[1:]) for name in ("activation_1", "activation_6")] == [(4, 56, 56), (24, 7, 7)]
    torch.testing.assert_close(kept["outputs"], network(pictures))


@pytest.mark.parametrize(
    ("config", "sides"),
    [
        (DetectionConfig(), [(28, 28)]),
        (DetectionConfig(loss="yolo-v1"), [(28, 28)]),
        (DetectionConfig(loss="yolo-v1", boxes=2, square_roots=False), [(19.6, 33.6), (33.6, 19.6)]),
    ],
)
def test_without_any_weight_the_boxes_are_of_a_digits_size(
    config: DetectionConfig, sides: list[tuple[float, float]]
) -> None:
    network = build(config).eval()
    with torch.no_grad():
        network.get_submodule("outputs").weight.zero_()  # type: ignore[operator, union-attr]
        found = decode(config, network(torch.zeros(1, 1, 112, 112)))
    boxes = found.boxes.view(49, -1, 4)
    for number, (width, height) in enumerate(sides):
        left, top, right, bottom = boxes[48, number].tolist()
        assert (right - left, bottom - top) == pytest.approx((width, height))
        assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((104, 104))
    if config.loss == "modern":
        assert found.scores.max() == pytest.approx(0.1 / (1 + torch.e**3), rel=1e-4)


def test_weights_of_the_parts() -> None:
    config = DetectionConfig(loss="yolo-v1", lambda_coord=5, lambda_noobj=0.5)
    assert part_weights(config) == (5, 5, 1, 0.5, 1)
    assert part_weights(config, {"lambda_noobj": 2.0, "learning_rate": 0.1}) == (5, 5, 1, 2, 1)
    assert part_weights(DetectionConfig(box_weight=3, digit_weight=4)) == (1, 3, 4)
    assert all(len(part_weights(DetectionConfig(loss=loss))) == len(parts) for loss, parts in PARTS.items())


def test_steps_and_seconds() -> None:
    assert DetectionConfig(scenes=100, batch_size=16).steps == 7
    assert DetectionConfig(scenes=0).steps == 0
    assert DetectionConfig(batch_size=0).steps == 0
    assert 0 < DetectionConfig(width=8).rough_seconds() < DetectionConfig().rough_seconds()
    assert DetectionConfig(width=0).rough_seconds() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"width": 0}, {"width": 65}, {"boxes": 3}, {"boxes": 0}, {"lambda_coord": -1.0}, {"digit_weight": float("nan")},
        {"scenes": -1}, {"batch_size": 0}, {"batch_size": 65}, {"learning_rate": 0.0}, {"learning_rate": float("inf")},
        {"clutter": 21}, {"seed": 2**32}, {"loss": "other"},
    ],
)  # fmt: skip
def test_numbers_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    config = replace(DetectionConfig(), **wrong)  # type: ignore[arg-type]
    assert is_possible(DetectionConfig())
    assert not is_possible(config)
    with pytest.raises(ImpossibleNetworkError, match="out of its range"):
        build(config)
