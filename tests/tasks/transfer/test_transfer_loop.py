"""Three ways of transfer: which weights move and how fast, what is learned from, and the same numbers twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from own_pictures import collected

from explainer.networks import zoo
from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.transfer.config import RATES, TransferConfig, is_possible
from explainer.tasks.transfer.examples import Examples, examples, varied
from explainer.tasks.transfer.features import standardized
from explainer.tasks.transfer.loop import _Run, train
from explainer.tasks.transfer.network import before, behind, build
from explainer.tasks.transfer.reports import TransferSnapshot
from explainer.tasks.transfer.weights import from_bytes
from explainer.training.configuration import Controls
from explainer.training.snapshot import Snapshot

CPU = torch.device("cpu")
PICTURES = tuple(each.pictures for each in collected((4, 4)).classes)
SHORT = TransferConfig(("stripes", "bars"), pictures=PICTURES, epochs=2, batch_size=3, side=64)


def ended(config: TransferConfig) -> list[TransferSnapshot]:
    return [each for each in train(config, device=CPU) if isinstance(each, Snapshot)]


def state_after(config: TransferConfig) -> dict[str, torch.Tensor]:
    weights = ended(config)[-1].weights
    assert weights is not None
    return from_bytes(weights)[1].state_dict()


def known() -> dict[str, torch.Tensor]:
    return {name: values.cpu() for name, values in zoo.squeezenet().state_dict().items() if name.startswith("features")}


def moved(after: dict[str, torch.Tensor]) -> set[str]:
    """The modules of SqueezeNet whose weights are other ones, to the bit."""
    return {name.split(".")[1] for name, values in known().items() if not torch.equal(values, after[name])}


def test_a_frozen_network_keeps_every_old_weight_to_the_bit() -> None:
    start, after = build(replace(SHORT, way="frozen")).state_dict(), state_after(replace(SHORT, way="frozen"))
    assert moved(after) == set()
    assert not torch.equal(start["classifier.1.weight"], after["classifier.1.weight"])


@pytest.mark.parametrize("augmented", [False, True])
def test_only_the_last_modules_are_tuned_on(augmented: bool) -> None:
    assert moved(state_after(replace(SHORT, modules=2, augmented=augmented))) == {"10", "12"}


def test_all_are_tuned_on_and_from_scratch_none_is_copied() -> None:
    every = {"0", "3", "4", "5", "7", "8", "9", "10", "12"}
    assert moved(state_after(SHORT)) == every
    assert moved(build(replace(SHORT, way="scratch")).state_dict()) == every
    assert moved(build(SHORT).state_dict()) == set()


def test_old_weights_learn_at_their_share_of_the_rate() -> None:
    run = _Run(replace(SHORT, factor=0.25), Controls(), CPU, None)
    for _ in range(3):
        run.step()
        new, old = run.optimizer.param_groups
        assert old["lr"] == pytest.approx(0.25 * new["lr"]) and new["lr"] > 0
    assert {id(each) for each in new["params"]} == {
        id(each) for each in run.network.get_submodule("classifier").parameters()
    }
    frozen = _Run(replace(SHORT, way="frozen"), Controls(), CPU, None)
    assert len(frozen.optimizer.param_groups) == 1
    scratch = _Run(replace(SHORT, way="scratch", factor=0.25), Controls(), CPU, None)
    assert [group["share"] for group in scratch.optimizer.param_groups] == [1.0, 1.0]


def test_a_factor_of_none_is_a_frozen_network() -> None:
    after = state_after(replace(SHORT, factor=0.0))
    assert moved(after) == set()


def test_no_test_picture_is_learned_from() -> None:
    for config in (SHORT, replace(SHORT, draw=3), TransferConfig(("fish", "insects"), per_class=3, side=64)):
        made = examples(config)
        learned = {each.tobytes() for each in made.learned}
        assert not learned & {each.tobytes() for each in made.tested}
        assert len(made.learned) == config.learned_from == len(made.learned_labels)
    cutouts = examples(TransferConfig(("fish", "insects"), per_class=3, side=64))
    assert np.bincount(cutouts.learned_labels).tolist() == [3, 3]
    assert np.bincount(cutouts.tested_labels).tolist() == [6, 3]


def test_test_pictures_do_not_touch_what_is_learned() -> None:
    made = examples(SHORT)
    black = Examples(made.learned, made.learned_labels, np.zeros_like(made.tested), made.tested_labels)
    first, second = (
        [each for each in train(SHORT, device=CPU, source=source) if isinstance(each, Snapshot)]
        for source in (made, black)
    )
    assert first[-1].point.loss == second[-1].point.loss
    one, other = (from_bytes(each[-1].weights or b"")[1].state_dict() for each in (first, second))
    assert all(torch.equal(one[name], other[name]) for name in one)  # the order of a file's metadata may differ


def test_the_same_seed_gives_the_same_numbers_and_another_does_not() -> None:
    first, second, third = (state_after(config) for config in (SHORT, SHORT, replace(SHORT, seed=1)))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["classifier.1.weight"], third["classifier.1.weight"])


def test_what_stays_is_computed_once_and_is_the_same() -> None:
    config = replace(SHORT, modules=3)
    run = _Run(config, Controls(), CPU, None)
    rgb = torch.from_numpy(run.source.learned).permute(0, 3, 1, 2) / 255
    assert run.known is not None and len(run.known) == config.learned_from
    run.network.eval()
    with torch.no_grad():
        whole = run.network(standardized(rgb))
        parts = behind(run.network, config, before(run.network, config)(standardized(rgb)))
        from_known = behind(run.network, config, run.known)
    torch.testing.assert_close(parts, whole)
    torch.testing.assert_close(from_known, whole, atol=1e-4, rtol=1e-4)
    assert _Run(replace(config, augmented=True), Controls(), CPU, None).known is None


def test_it_learns_what_a_child_can_see() -> None:
    last = ended(replace(SHORT, way="frozen", epochs=10, learning_rate=RATES["frozen"]))[-1]
    assert last.results is not None and last.results.accuracy == 1.0 == last.point.test_accuracy
    assert last.point.test_pictures == 2 and last.views is not None
    assert last.views.found.tolist() == last.results.labels.tolist()


def test_every_picture_is_seen_once_a_pass() -> None:
    run = _Run(replace(SHORT, batch_size=2), Controls(), CPU, None)
    seen: list[int] = []
    for _ in range(3):  # six pictures
        order = run.order or torch.randperm(6, generator=torch.Generator().manual_seed(0)).tolist()
        seen += order[:2]
        run.lesson(2)
    assert sorted(seen) == list(range(6))


def test_varied_pictures_stay_pictures_and_are_drawn_by_the_seed() -> None:
    flat = torch.full((64, 3, 8, 8), 0.5)
    made = varied(flat, torch.Generator().manual_seed(0))
    assert (
        made.shape == flat.shape and float(made.min()) >= 0.5 * 0.75 - 1e-5 and float(made.max()) <= 0.5 * 1.25 + 1e-5
    )
    left = torch.zeros(64, 3, 8, 8)
    left[..., :4] = 1
    turned = varied(left, torch.Generator().manual_seed(0))[:, 0]
    share = float((turned[..., :4].mean(dim=(1, 2)) < turned[..., 4:].mean(dim=(1, 2))).float().mean())
    assert 0.3 < share < 0.7  # about half of them are flipped
    assert torch.equal(varied(left, torch.Generator().manual_seed(0))[:, 0], turned)


@pytest.mark.parametrize(
    "wrong",
    [
        {"modules": 0},
        {"modules": 10},
        {"side": 8},
        {"factor": 2.0},
        {"classes": ("a",)},
        {"way": "none"},
        {"pictures": PICTURES[:1]},
    ],
)
def test_impossible_runs_say_so(wrong: dict[str, object]) -> None:
    config = replace(SHORT, **wrong)  # type: ignore[arg-type]
    assert not is_possible(config) and config.rough_seconds() == 0
    with pytest.raises(ImpossibleNetworkError, match="out of its range"):
        build(config)
