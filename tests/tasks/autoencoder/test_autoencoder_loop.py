"""Autoencoders in training: what they report, that the same settings give the same numbers, and their files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from explainer.networks.config import ImpossibleNetworkError
from explainer.networks.weights import WeightsError
from explainer.tasks.autoencoder.build import build, untrained
from explainer.tasks.autoencoder.config import CODES, NETWORKS, AutoencoderConfig, is_possible, recommended
from explainer.tasks.autoencoder.data import Lessons, UnseenDigits, noisy, unseen_digits
from explainer.tasks.autoencoder.loop import cadence, train
from explainer.tasks.autoencoder.reports import AutoencoderSnapshot
from explainer.tasks.autoencoder.testing import outputs_of
from explainer.tasks.autoencoder.weights import from_bytes, to_bytes
from explainer.tasks.scene_run import Cadence
from explainer.training.snapshot import Snapshot

TINY = AutoencoderConfig(scenes=160, batch_size=16, seed=3)
EVERY = Cadence(1, 10**9)


def run(config: AutoencoderConfig, images: torch.Tensor, tests: UnseenDigits) -> list[AutoencoderSnapshot]:
    source = Lessons(images, config.seed, config.noise)
    made = train(config, device=torch.device("cpu"), source=source, tests=tests, measured=EVERY)
    return [item for item in made if isinstance(item, Snapshot)]


@pytest.mark.parametrize("network", NETWORKS)
def test_a_run_ends_with_the_error_of_its_weights(network: str, images: torch.Tensor, tests: UnseenDigits) -> None:
    config = replace(TINY, network=network)
    items = run(config, images, tests)
    assert [item.point.step for item in items] == list(range(config.steps + 1))
    last = items[-1]
    assert last.weights is not None and last.results is not None and last.views is not None
    again, loaded = from_bytes(last.weights)
    assert again == config
    made = outputs_of(loaded, tests.inputs)
    expected = (made - tests.targets).square().mean(dim=(1, 2, 3)).numpy()
    np.testing.assert_allclose(last.results.errors, expected, rtol=1e-5)
    assert last.point.test_error == pytest.approx(float(expected.mean()), rel=1e-6) and last.point.test_pictures == 60
    watched = (made[: len(tests.watched), 0].clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    np.testing.assert_array_equal(last.views.output, watched)
    assert items[0].point.test_error is not None and last.point.test_error < items[0].point.test_error


@pytest.mark.parametrize("noise", [0.0, 0.25])
def test_the_same_settings_give_the_same_numbers(noise: float, images: torch.Tensor, tests: UnseenDigits) -> None:
    config = replace(TINY, noise=noise, scenes=64)
    first, second, other = (run(each, images, tests)[-1] for each in (config, config, replace(config, seed=4)))
    assert first.weights and second.weights and first.results and second.results and other.results
    ours, theirs = (from_bytes(each)[1].state_dict() for each in (first.weights, second.weights))
    assert all(torch.equal(value, theirs[name]) for name, value in ours.items())
    np.testing.assert_array_equal(first.results.errors, second.results.errors)
    assert other.results.mean != first.results.mean


@pytest.mark.parametrize("network", NETWORKS)
def test_the_untrained_network_is_that_of_the_run(network: str) -> None:
    config = AutoencoderConfig(network=network, code=4, seed=11)
    state = torch.random.get_rng_state()
    ours = untrained(config).state_dict()
    assert torch.equal(state, torch.random.get_rng_state())
    torch.manual_seed(11)
    theirs = build(config).state_dict()
    assert all(torch.equal(value, theirs[name]) for name, value in ours.items())


def test_a_pass_has_every_digit_once_and_noise_does_not_change_the_order(images: torch.Tensor) -> None:
    plain, spoiled = Lessons(images, 7, 0.0), Lessons(images, 7, 0.5)
    drawn = [plain.draw(50) for _ in range(4)]
    targets = torch.cat([each[1] for each in drawn])
    assert sorted(map(bytes, (targets * 255).round().byte().numpy())) == sorted(map(bytes, images.numpy()))
    assert all(torch.equal(given, target) for given, target in drawn)
    for _, target in drawn:
        given, same = spoiled.draw(50)
        assert torch.equal(same, target) and not torch.equal(given, target)
        assert given.min() >= 0 and given.max() <= 1


def test_noise_has_its_spread_where_nothing_is_cut_off() -> None:
    clean = torch.full((1, 1, 200, 200), 0.5)
    made = noisy(clean, 0.05, torch.Generator().manual_seed(0))
    assert float(made.std()) == pytest.approx(0.05, rel=0.02)
    assert float(made.mean()) == pytest.approx(0.5, abs=0.001)


def test_test_digits_are_the_same_with_noise() -> None:
    clean, spoiled = unseen_digits(), unseen_digits(0.5)
    assert len(clean.inputs) == 2_000 and torch.equal(clean.inputs, clean.targets)
    assert torch.equal(clean.targets, spoiled.targets) and not torch.equal(spoiled.inputs, clean.inputs)
    assert [int(clean.labels[number]) for number in clean.watched] == list(range(10))


@pytest.mark.parametrize(
    "config",
    [
        replace(TINY, code=3),
        replace(TINY, noise=-0.1),
        replace(TINY, noise=float("nan")),
        replace(TINY, batch_size=0),
        replace(TINY, batch_size=1),
        replace(TINY, scenes=17),
        replace(TINY, learning_rate=0.0),
        replace(TINY, seed=-1),
    ],
)
def test_what_cannot_be_trained_says_so(config: AutoencoderConfig) -> None:
    assert not is_possible(config) and config.rough_seconds() == 0
    with pytest.raises(ImpossibleNetworkError, match="out of its range"):
        next(train(config))


def test_every_offered_run_is_possible_and_is_measured_often() -> None:
    for network in NETWORKS:
        for code in CODES:
            for times in (0.2, 0.5, 1, 2):
                best = recommended(network)
                config = replace(best, code=code, scenes=round(best.scenes * times))
                assert is_possible(config) and 0 < config.rough_seconds() < 90
                assert config.scenes / cadence(config, torch.device("cpu")).point > 5


def test_a_file_of_another_network_ends_in_a_sentence() -> None:
    data = to_bytes(untrained(TINY), TINY)
    with pytest.raises(WeightsError, match="was not saved by this app"):
        from_bytes(data.replace(b"inside-a-cnn-autoencoder 1", b"inside-a-cnn-autoencoder 2"))
    with pytest.raises(WeightsError, match=r"code is wrong|out of its range|should be"):
        from_bytes(data.replace(b'\\"code\\":2', b'\\"code\\":5'))
    with pytest.raises(WeightsError):
        from_bytes(data[:1000])


def test_a_rate_that_is_too_large_diverges_with_a_place(images: torch.Tensor, tests: UnseenDigits) -> None:
    items = run(replace(TINY, network="linear", learning_rate=1e28), images, tests)
    assert items[-1].divergence is not None and items[-1].point.step < TINY.steps
