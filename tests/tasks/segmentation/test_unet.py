"""The network: its weights, any size of picture, its stages, and what its switches do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Generator, Tensor
from torch.nn import functional

from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.segmentation.build import build, untrained
from explainer.tasks.segmentation.config import (
    TASKS,
    UNetConfig,
    background_weight,
    is_possible,
    recommended,
)
from explainer.tasks.segmentation.network import FCN, UNet, Up, enlarged

TINY = UNetConfig(width=2, seed=5)


def kinds() -> Iterator[UNetConfig]:
    for decoder, skips, votes in product(
        ("bilinear", "transposed", "unpooling"), ((True, True, True), (False, True, False), (False,) * 3), (True, False)
    ):
        yield replace(TINY, decoder=decoder, skips=skips, votes=votes)
    yield replace(TINY, network="fcn")
    yield replace(TINY, network="fcn", decoder="transposed")
    yield replace(TINY, data="brain", task="colourize")


def some_pictures(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(*shape, generator=Generator().manual_seed(seed))


@pytest.mark.parametrize("config", [*kinds(), UNetConfig(), recommended("brain"), UNetConfig(width=5, votes=False)])
def test_the_number_of_weights_is_known_without_a_network(config: UNetConfig) -> None:
    with torch.device("meta"):
        network = build(config)
    assert config.parameters == sum(weight.numel() for weight in network.parameters())


def test_the_recipes_are_small() -> None:
    assert UNetConfig().parameters <= 120_000
    assert all(recommended(data, task).parameters <= 120_000 for data in ("digits", "brain") for task in TASKS)


@pytest.mark.parametrize("config", [*kinds()])
def test_every_size_of_picture_works(config: UNetConfig) -> None:
    network = untrained(config)
    with torch.no_grad():
        for height, width in ((96, 96), (112, 96), (16, 16), (17, 33), (50, 31)):
            assert network(some_pictures(2, 1, height, width)).shape == (2, config.outputs, height, width)


@settings(max_examples=15, deadline=None)
@given(height=st.integers(1, 40), width=st.integers(1, 40), channels=st.integers(1, 3))
def test_a_size_that_cannot_be_halved_four_times_is_padded_and_cut(height: int, width: int, channels: int) -> None:
    torch.manual_seed(1)
    network = UNet(channels, 3, width=1, skips=(True, True, True), decoder="bilinear", votes=True).eval()
    pictures = some_pictures(1, channels, height, width)
    rows = torch.arange(-(-height // 16) * 16).clamp(max=height - 1)
    columns = torch.arange(-(-width // 16) * 16).clamp(max=width - 1)
    whole = pictures[:, :, rows][:, :, :, columns]
    with torch.no_grad():
        torch.testing.assert_close(network(pictures), network(whole)[:, :, :height, :width])


def test_the_stages_by_name() -> None:
    network = untrained(replace(TINY, width=8))
    with torch.no_grad():
        made = network.named(some_pictures(1, 1, 96, 96))
    assert {name: tuple(values.shape[1:]) for name, values in made.items()} == {
        "down1": (24, 48, 48),
        "down2": (40, 24, 24),
        "down3": (48, 12, 12),
        "down4": (56, 6, 6),
        "skip3": (32, 12, 12),
        "up3": (32, 12, 12),
        "vote3": (11, 12, 12),
        "skip2": (24, 24, 24),
        "up2": (24, 24, 24),
        "vote2": (11, 24, 24),
        "skip1": (16, 48, 48),
        "up1": (16, 48, 48),
        "head": (11, 96, 96),
        "scores": (11, 96, 96),
    }


def test_scores_are_the_votes_together() -> None:
    with torch.no_grad():
        made = untrained(TINY).named(some_pictures(2, 1, 32, 48))
        votes = enlarged(enlarged(made["vote3"], 2) + made["vote2"], 4)
        torch.testing.assert_close(made["scores"], made["head"] + votes)


@pytest.mark.parametrize("off", range(3))
def test_without_a_skip_nothing_comes_across(off: int) -> None:
    config = replace(TINY, votes=False)
    without = replace(config, skips=tuple(number != off for number in range(3)))
    full, cut = untrained(config), untrained(without)
    cut.load_state_dict({name: full.state_dict()[name] for name in cut.state_dict()})
    pictures = some_pictures(1, 1, 32, 32)
    with torch.no_grad():
        assert not torch.allclose(full(pictures), cut(pictures))
        full.get_submodule(f"skip{off + 1}").weight.zero_()  # type: ignore[operator, union-attr]
        torch.testing.assert_close(full(pictures), cut(pictures))
    assert f"skip{off + 1}" not in cut.named(pictures)


def test_an_up_is_one_convolution_on_enlarged_and_concatenated_maps() -> None:
    torch.manual_seed(3)
    up, across = Up(5, 4, 3, "bilinear").double().eval(), torch.nn.Conv2d(4, 3, 1, bias=False).double()
    deep, level = some_pictures(2, 5, 6, 4).double(), some_pictures(2, 4, 12, 8, seed=1).double()
    large = functional.interpolate(deep, scale_factor=2, mode="bilinear", align_corners=False)
    weight = torch.cat([up.deep.weight, across.weight], dim=1)  # type: ignore[list-item]
    together = functional.conv2d(torch.cat([large, level], dim=1), weight)
    torch.testing.assert_close(up(deep, across(level), None), up.mix(up.norm(together).relu()), rtol=0, atol=1e-12)


def test_unpooling_puts_maxima_back_where_they_were() -> None:
    up = Up(1, 1, 1, "unpooling").eval()
    with torch.no_grad():
        up.deep.weight.fill_(1.0)  # type: ignore[operator, union-attr]
        up.unpooled.weight.fill_(1.0)  # type: ignore[operator, union-attr]
    seen: list[Tensor] = []
    up.norm.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    level = torch.tensor([[[[0.0, 1, 0, 0], [0, 0, 3, 0], [0, 0, 0, 0], [5, 0, 0, 7]]]])
    deep, place = functional.max_pool2d(level, 2, return_indices=True)
    up(deep * 10, None, place)
    assert seen[0].tolist() == [[[[0, 10, 0, 0], [0, 0, 30, 0], [0, 0, 0, 0], [50, 0, 0, 70]]]]


def test_the_transposed_fcn_begins_as_the_bilinear_one() -> None:
    torch.manual_seed(2)
    learned = FCN(1, 3, width=2, decoder="transposed").eval()
    plain = FCN(1, 3, width=2, decoder="bilinear").eval()
    plain.load_state_dict(learned.state_dict(), strict=False)
    with torch.no_grad():
        ours, theirs = (network(some_pictures(1, 1, 64, 80)) for network in (learned, plain))
    torch.testing.assert_close(ours[:, :, 8:-8, 8:-8], theirs[:, :, 8:-8, 8:-8], rtol=0, atol=1e-5)


@pytest.mark.parametrize("config", [*kinds()])
def test_untrained_is_how_a_run_begins(config: UNetConfig) -> None:
    torch.manual_seed(config.seed)
    state = torch.get_rng_state()
    ours = untrained(config).state_dict()
    assert torch.equal(torch.get_rng_state(), state)
    for name, theirs in build(config).state_dict().items():
        assert torch.equal(ours[name], theirs), name


def test_steps_seconds_and_weights_of_the_background() -> None:
    assert UNetConfig(scenes=100, batch_size=16).steps == 7
    assert UNetConfig(scenes=0).steps == 0 == UNetConfig(batch_size=0).steps
    assert 0 < UNetConfig(width=4).rough_seconds() < UNetConfig().rough_seconds()
    assert UNetConfig(width=0).rough_seconds() == 0
    config = UNetConfig(background_weight=0.2)
    assert [background_weight(config, share) for share in (0, 0.5, 1)] == pytest.approx([0.2, 0.6, 1.0])
    assert background_weight(config, 0.5, start=1.0) == 1.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"width": 0}, {"width": 33}, {"background_weight": -0.1}, {"background_weight": float("nan")}, {"scenes": -1},
        {"batch_size": 0}, {"batch_size": 65}, {"learning_rate": 0.0}, {"learning_rate": float("inf")},
        {"seed": 2**32}, {"network": "fcn", "decoder": "unpooling"},
    ],
)  # fmt: skip
def test_numbers_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    config = replace(UNetConfig(), **wrong)  # type: ignore[arg-type]
    assert is_possible(UNetConfig())
    assert not is_possible(config)
    with pytest.raises(ImpossibleNetworkError, match="out of its range"):
        build(config)
