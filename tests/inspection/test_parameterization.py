"""What a gradient ascent moves, against closed forms."""

from __future__ import annotations

import math

import pytest
import torch

from explainer.inspection.parameterization import (
    COLORS,
    NOISE,
    WAVE,
    Canvas,
    Parameterization,
    frequencies,
    from_waves,
    gaussian_response,
    to_waves,
    wave_gains,
)
from explainer.networks.description import Transform

GREY = Transform(8, 8, (0.25,), (0.5,))
RGB = Transform(8, 8, (0.5, 0.4, 0.3), (0.2, 0.25, 0.3))
CPU = torch.device("cpu")


def canvas(how: Parameterization, transform: Transform = GREY, side: int = 8) -> Canvas:
    return Canvas(how, transform, side, CPU)


@pytest.mark.parametrize("side", [8, 9])
def test_waves_and_back(side: int) -> None:
    pictures = torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(from_waves(to_waves(pictures), side), pictures, rtol=0, atol=1e-6)


def test_one_coefficient_is_one_wave() -> None:
    coefficients = torch.zeros(1, 1, 8, 5, 2)
    coefficients[0, 0, 0, 2, 0] = 0.5  # two waves across, real: it stands for itself and its conjugate
    expected = torch.tensor([math.cos(2 * math.pi * 2 * x / 8) for x in range(8)])
    torch.testing.assert_close(from_waves(coefficients, 8)[0, 0], expected.expand(8, 8), rtol=0, atol=1e-6)


def test_long_waves_are_amplified_by_1_over_their_frequency() -> None:
    found = frequencies(8)
    assert found[0].tolist() == pytest.approx([0, 1, 2, 3, 4])
    assert found[:, 0].tolist() == pytest.approx([0, 1, 2, 3, 4, 3, 2, 1])
    assert found[3, 4].item() == pytest.approx(5)
    gains = wave_gains(8)
    assert gains[0].tolist() == pytest.approx([WAVE, WAVE, WAVE / 2, WAVE / 3, WAVE / 4])
    assert gains[3, 4].item() == pytest.approx(WAVE / 5)


@pytest.mark.parametrize("bounded", [True, False])
@pytest.mark.parametrize("fourier", [True, False])
def test_no_parameters_are_the_mean_colour(fourier: bool, bounded: bool) -> None:
    made = canvas(Parameterization(fourier, True, bounded), RGB)
    pictures = made.paint(torch.zeros_like(made.start(0, 2)))
    expected = torch.tensor(RGB.mean)[None, :, None, None].expand(2, 3, 8, 8)
    torch.testing.assert_close(pictures, expected, rtol=0, atol=1e-6)
    torch.testing.assert_close(made.read(pictures), torch.zeros(2, 3, 8, 8), rtol=0, atol=1e-5)


def test_bounded_pixels_are_a_sigmoid_and_others_go_anywhere() -> None:
    values = torch.tensor([-50.0, -1.0, 0.0, 2.0])[None, None, None].expand(1, 1, 4, 4)
    bounded = canvas(Parameterization(False, False, True), side=4).paint(values)[0, 0, 0]
    expected = [1 / (1 + math.exp(-(value + math.log(0.25 / 0.75)))) for value in (-50.0, -1.0, 0.0, 2.0)]
    assert bounded.tolist() == pytest.approx(expected, abs=1e-6)
    free = canvas(Parameterization(False, False, False), side=4).paint(values)[0, 0, 0]
    assert free.tolist() == pytest.approx([-49.75, -0.75, 0.25, 2.25])


def test_decorrelated_colours_are_the_columns_of_the_matrix() -> None:
    made = canvas(Parameterization(False, True, False), RGB)
    for direction in range(3):
        parameters = torch.zeros(1, 3, 8, 8)
        parameters[0, direction] = 1.0
        moved = made.paint(parameters)[0, :, 0, 0] - torch.tensor(RGB.mean)
        torch.testing.assert_close(moved, COLORS[:, direction], rtol=0, atol=1e-6)
    assert COLORS.norm(dim=0).max().item() == pytest.approx(1)
    # numbers of the first column: 0.26, 0.27, 0.27 over their length
    assert COLORS[0, 0].item() == pytest.approx(0.26 / math.sqrt(0.26**2 + 2 * 0.27**2), abs=1e-6)


@pytest.mark.parametrize("how", [Parameterization(), Parameterization(False), Parameterization(False, False, False)])
def test_the_start_is_noise_of_the_same_size_for_every_picture(how: Parameterization) -> None:
    made = canvas(how, RGB, 64)
    started = made.start(3, 4)
    assert all(torch.equal(started[0], other) for other in started)
    assert made.paint(started).sub(made.mean).std().item() == pytest.approx(NOISE, rel=0.2)
    assert torch.equal(started, made.start(3, 4))
    assert not torch.equal(started, made.start(4, 4))


def test_the_start_leaves_the_global_generator_alone() -> None:
    before = torch.get_rng_state()
    canvas(Parameterization()).start(5, 1)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("fourier", [True, False])
def test_blur_leaves_of_a_wave_what_a_gaussian_leaves(fourier: bool) -> None:
    """A Gaussian of standard deviation s takes cos(2 pi f x) to exp(-2 pi^2 s^2 f^2) cos(2 pi f x)."""
    made, sigma = canvas(Parameterization(fourier, False, False), side=16), 1.5
    wave = torch.cos(2 * torch.pi * 3 / 16 * torch.arange(16)).expand(1, 1, 16, 16).contiguous()
    parameters = to_waves(wave) / wave_gains(16)[..., None] if fourier else wave
    left = math.exp(-2 * (math.pi * sigma * 3 / 16) ** 2)
    blurred = made.paint(made.blurred(parameters, sigma)) - 0.25
    torch.testing.assert_close(blurred, left * wave, rtol=0, atol=1e-6)


def test_blur_is_the_convolution_with_a_gaussian() -> None:
    """An impulse becomes the Gaussian itself, summed up around the torus."""
    impulse = torch.zeros(1, 1, 32, 32)
    impulse[0, 0, 16, 16] = 1.0
    blurred = canvas(Parameterization(False, False, False), side=32).blurred(impulse, 2.0)[0, 0]
    distance = torch.arange(32) - 16
    gaussian = torch.exp(-(distance**2) / (2 * 2.0**2)) / (2.0 * math.sqrt(2 * math.pi))
    torch.testing.assert_close(blurred, torch.outer(gaussian, gaussian), rtol=0, atol=1e-6)
    assert gaussian_response(32, 0.0).eq(1).all()
