"""Where a pixel's answer comes from: what it can see, what moves it, and what the network is made of."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainer.tasks.segmentation.build import build, untrained
from explainer.tasks.segmentation.config import UNetConfig
from explainer.tasks.segmentation.looking import field, field_of, pixel_view, trained, watched_pixel
from explainer.tasks.segmentation.stages import Stage, stages
from explainer.tasks.segmentation.weights import to_bytes

TINY = UNetConfig(width=2, seed=1)
PICTURE = np.random.default_rng(0).integers(0, 256, (1, 64, 48), dtype=np.uint8)


def test_a_fully_convolutional_network_sees_what_the_recurrence_says() -> None:
    """Folding reads 2 pixels; then size += 2 jump for each 3 x 3: 6, 10, 18, 26, 34 and 66; bilinearly 16 more."""
    left, top, right, bottom = field(untrained(UNetConfig(width=1, network="fcn")), (256, 256), 128, 128)
    assert (right - left, bottom - top) == (82, 82)


def test_near_the_corner_the_field_is_cut() -> None:
    network = untrained(UNetConfig(width=1, network="fcn"))
    assert field(network, (256, 256), 0, 0)[:2] == (0, 0)
    left, top, right, bottom = field(network, (256, 256), 255, 255)
    assert (right, bottom) == (256, 256) and left > 180 and top > 180


@pytest.mark.parametrize("decoder", ["bilinear", "transposed"])
def test_nothing_outside_the_field_moves_the_answer_and_its_edges_do(decoder: str) -> None:
    config = UNetConfig(width=2, seed=3, decoder=decoder)  # type: ignore[arg-type]
    network = build(config).double().eval()
    for parameter in network.parameters():
        torch.nn.init.uniform_(parameter, 0.1, 0.5)
    left, top, right, bottom = field(network, (256, 256), 120, 130)
    plain = torch.zeros(1, 1, 256, 256, dtype=torch.float64)
    outside, inside = plain + 1, plain.clone()
    outside[..., top:bottom, left:right] = 0
    inside[..., top, :] = 1
    with torch.no_grad():
        base, same, other = (network(each)[0, :, 120, 130] for each in (plain, outside, inside))
    torch.testing.assert_close(base, same, rtol=0, atol=0)
    assert (other - base).abs().max() > 0


def test_the_gradient_is_that_of_finite_differences() -> None:
    view = pixel_view(untrained(TINY), PICTURE, 20, 30, has_classes=True)
    network = untrained(TINY).double()
    given = torch.from_numpy(PICTURE / 255.0)
    changes = []
    for row, column in ((20, 30), (22, 31), (5, 5)):
        values = []
        for step in (-1e-5, 1e-5):
            moved = given.clone()
            moved[0, row, column] += step
            with torch.no_grad():
                values.append(float(network(moved.unsqueeze(0))[0, view.chosen, 20, 30]))
        changes.append(abs(values[1] - values[0]) / 2e-5)
    expected = [view.gradient[each] for each in ((20, 30), (22, 31), (5, 5))]
    np.testing.assert_allclose(expected, changes, rtol=1e-3, atol=1e-7)


def test_a_pixel_of_a_weights_file_is_that_of_its_network() -> None:
    network = untrained(TINY)
    data = to_bytes(network, TINY)
    first, again = watched_pixel(TINY, data, 2, 10, 11), watched_pixel(TINY, None, 2, 10, 11)
    np.testing.assert_allclose(first.logits, again.logits, rtol=0, atol=1e-6)
    assert first.probabilities is not None and first.probabilities.sum() == pytest.approx(1)
    assert first.chosen == int(first.logits.argmax())
    assert trained(data) is trained(data)


def test_a_pixel_without_classes_has_the_values_of_its_channels() -> None:
    config = UNetConfig(width=2, task="colourize")
    view = watched_pixel(config, None, 0, 50, 46)
    assert view.probabilities is None and view.logits.shape == (3,)
    assert field_of(config, 50, 46) == field_of(UNetConfig(width=1), 50, 46)


@pytest.mark.parametrize(
    "config",
    [
        UNetConfig(),
        UNetConfig(skips=(True, False, False), votes=False),
        UNetConfig(decoder="unpooling"),
        UNetConfig(network="fcn", decoder="transposed"),
        UNetConfig(data="brain", task="colourize"),
    ],
)
def test_stages_have_all_parameters(config: UNetConfig) -> None:
    made = stages(config)
    assert sum(stage.parameters for stage in made) == config.parameters
    assert [f"skip{level}" in {stage.name for stage in made} for level in (1, 2, 3)] == (
        [False] * 3 if config.network == "fcn" else list(config.skips)
    )


def test_the_first_stage_by_hand() -> None:
    """9 x 4 folded neighbours x 24 maps, and two numbers of each map's normalization."""
    assert stages(UNetConfig())[0] == Stage("down1", 24, 48, 48, 9 * 4 * 24 + 2 * 24)


def test_how_a_network_is_trained_moves_nothing_of_what_a_pixel_sees() -> None:
    config = UNetConfig(skips=(False, True, False))
    assert field_of(UNetConfig(skips=(False, True, False), seed=3, loss="dice", scenes=800), 5, 7) is field_of(
        config, 5, 7
    )
    assert field_of(config, 5, 7) != field_of(config, 90, 90)
