"""The page "Residual connections": what it says before, during and after training, against the backend."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from opening import notice_of, opened
from streamlit.testing.v1 import AppTest

from explainer.data.digits import Digits, load
from explainer.networks.weights import from_bytes
from explainer.training.config import RunConfig
from explainer.training.job import Job
from explainer.training.loop import train
from explainer.training.residual import BlockNorms, Measured, measure, run_config, take_out, untrained
from explainer.training.snapshot import Point, Snapshot
from explainer.ui.frame.studio import Run, Studio
from explainer.words.numbers import readable
from pages.networks.residual import following, words
from pages.networks.residual.state import Both, Shown

NAME = "networks/residual"
SMALL = {"res_layers": "8"}
PAIR = tuple(run_config(8, skips, batch_norm=True, rate=0.1, seed=0) for skips in ("plain", "residual"))


def excerpt() -> Digits:
    mnist = load("mnist")
    return replace(mnist, train_images=mnist.train_images[:640], train_labels=mnist.train_labels[:640])


@pytest.fixture(scope="module")
def jobs() -> tuple[Job, Job]:
    """Both networks, trained on few digits, for the page to find as those that it would train."""
    made = []
    for config in PAIR:
        job = Job(config)
        job.become("running")
        for report in train(replace(config, subset=0), excerpt()):
            if isinstance(report, Snapshot):
                job.take(report)
        job.become("finished")
        made.append(job)
    return made[0], made[1]


def settled(at: AppTest) -> AppTest:
    """Once the work beside the page is over."""
    for _ in range(300):
        if not any(button.key == "res_work_stop" for button in at.button):
            return at
        time.sleep(0.2)
        at.run()
    raise AssertionError("the blocks are still being taken out")


def stops(at: AppTest) -> list[str | None]:
    """The buttons that end something."""
    return [button.key for button in at.button if button.label == "Stop"]


def test_before_training_it_says_what_becomes_of_the_gradient() -> None:
    at = opened(NAME, SMALL)
    plain, residual = (measure(untrained(config)).blocks for config in PAIR)
    ratios = [readable(blocks[0].passed / blocks[-1].incoming) for blocks in (plain, residual)]
    assert f"is {ratios[0]} times as long at the first block" in notice_of(at)
    assert f"{ratios[1]} times in the residual one" in notice_of(at)
    assert not at.button("res_train").disabled and not stops(at)


def test_a_block_that_a_smaller_network_has_not_becomes_the_first() -> None:
    at = opened(NAME, {"res_layers": "14"})
    at.button_group("res_view").set_value("block").run()
    assert "What block 1 adds" in notice_of(at)
    at.select_slider("res_block").set_value("6").run()
    assert "What block 6 adds" in notice_of(at)
    at.button_group("res_layers").set_value("8").run()
    assert "What block 1 adds" in notice_of(at)
    assert at.select_slider("res_block").value == "1"


def test_one_press_trains_both_and_another_ends_it(mine: Studio) -> None:
    at = opened(NAME, SMALL)
    at.button("res_train").click().run()
    assert not at.exception
    assert [run.job.config for run in mine.runs] == list(PAIR)
    assert [run.name for run in mine.runs] == ["plain, 8 layers", "residual, 8 layers"]
    assert at.button("res_train").disabled and stops(at) == ["res_stop"]
    at.button("res_stop").click().run()
    assert [run.job.status for run in mine.runs] == ["stopped", "stopped"]
    assert not at.button("res_train").disabled and not stops(at)


def test_other_settings_make_room(mine: Studio) -> None:
    at = opened(NAME, SMALL)
    at.button("res_train").click().run()
    at.number_input("res_seed").set_value(3).run()
    assert stops(at) == ["res_stop"]  # what was started goes on, and can be stopped
    at.button("res_train").click().run()
    assert [run.job.status for run in mine.runs] == ["stopped", "stopped", "waiting", "waiting"]
    assert [run.job.config.seed for run in mine.going()] == [3, 3]


def test_what_was_trained_is_there_again(mine: Studio, jobs: tuple[Job, Job]) -> None:
    mine.runs = tuple(Run(str(number), job, key=str(number)) for number, job in enumerate(jobs))
    at = opened(NAME, SMALL)
    errors = [words.training_error(job.state().points, 3.0) for job in jobs]
    assert f"8 layers misreads **{100 * errors[0]:.1f}\u00a0%** of its latest training digits" in notice_of(at)
    assert f"the residual one **{100 * errors[1]:.1f}\u00a0%**" in notice_of(at)
    assert at.button("res_train").disabled and not stops(at)
    norms = measure(from_bytes(jobs[1].state().weights or b"")[1]).blocks[1]
    block = opened(NAME, {**SMALL, "res_view": "block", "res_block": "2"})
    assert f"What block 2 adds is {100 * norms.branch / norms.sum:.0f}\u00a0%" in notice_of(block)
    assert rf"\lVert\cdot\rVert = {norms.branch:.3g}}}" in block.latex[0].value


def test_blocks_are_taken_out_of_what_was_trained(mine: Studio, jobs: tuple[Job, Job]) -> None:
    mine.runs = tuple(Run(str(number), job, key=str(number)) for number, job in enumerate(jobs))
    at = settled(opened(NAME, {**SMALL, "res_view": "removed"}))
    counted = []
    for job in jobs:
        network = from_bytes(job.state().weights or b"")[1]
        counted.append([each for each in take_out(network) if each is not None][-1])
    plain, residual = counted
    said = notice_of(at)
    assert f"Without a block, {sum(residual.without) / 30:.1f}\u00a0% of 1,000 test digits" in said
    assert f"(whole: {residual.whole / 10:.1f}\u00a0%), {sum(plain.without) / 30:.1f}\u00a0% in the plain one" in said
    assert f"{min(residual.without) / 10:.1f}\u00a0% are left" in said


def test_while_networks_train_only_they_can_be_stopped(mine: Studio, jobs: tuple[Job, Job]) -> None:
    going = [Job(job.config, state=replace(job.state(), status="running")) for job in jobs]
    mine.runs = tuple(Run(str(number), job, key=str(number)) for number, job in enumerate(going))
    at = opened(NAME, {**SMALL, "res_view": "removed"})
    at.session_state["residual_started"] = ["0", "1"]
    at.run()
    assert stops(at) == ["res_stop"]
    for job in going:
        job.become("finished")
    at.run()
    assert stops(at) in ([], ["res_work_stop"])


def point(step: int, epoch: float, accuracy: float | None) -> Point:
    return Point(step, epoch, 0.0, 0.0, 0.1, None, accuracy)


def test_the_training_error_is_the_mean_over_the_steps_of_the_last_epoch() -> None:
    points = [point(0, 0, None), point(5, 0.5, 0.1), point(10, 1.0, 0.5), point(13, 1.3, 0.8), point(20, 2.0, 0.9)]
    assert words.training_error(points, 2.0) == pytest.approx((3 * 0.2 + 7 * 0.1) / 10)
    assert words.training_error(points, 1.0) == pytest.approx((5 * 0.9 + 5 * 0.5) / 10)
    assert str(words.training_error(points[:1], 1.0)) == "nan"


def shown(config: RunConfig, error: float) -> Shown:
    job = Job(config)
    job.take(Snapshot(point(79, 1.0, 1 - error / 100)))
    norms = BlockNorms(1, 1, 1, 1, 1, 1)
    return Shown(config, job.state(), Measured(2.3, measure(untrained(config)).gradients, (norms,)), None)


@pytest.mark.parametrize(
    ("plain", "other", "ending"),
    [(40.0, 10.0, "**10.0\u00a0%**."), (10.0, 40.0, "here skips do not help."), (10.0, 11.5, "nearly alike.")],
)
def test_it_says_honestly_which_is_better(plain: float, other: float, ending: str) -> None:
    both = Both(shown(PAIR[0], plain), shown(PAIR[1], other), "residual")
    assert str(words.of_training(both)).endswith(ending)


def test_the_gradient_of_several_blocks_is_compared_from_the_last_to_the_first() -> None:
    first, last = BlockNorms(1, 1, 1, 3, 1, 8), BlockNorms(1, 1, 1, 2, 1, 3)
    assert words.gradient_ratio(Measured(0.0, measure(untrained(PAIR[0])).gradients, (first, last))) == 4


def test_the_formulas_have_each_norm_below_its_term() -> None:
    value, gradient = words.block_formulas(BlockNorms(1.5, 2.5, 3.25, 0.5, 0.25, 0.625))
    names = ("y", "F(x)", "x")
    wanted = (
        rf"\underbrace{{{name}}}_{{\lVert\cdot\rVert = {norm}}}"
        for name, norm in zip(names, (3.25, 2.5, 1.5), strict=True)
    )
    assert all(part in value for part in wanted)
    assert gradient.index("0.625") < gradient.index("= 0.5}") < gradient.index("0.25")


def test_what_is_new_of_a_run_calls_for_drawing_it_again(jobs: tuple[Job, Job]) -> None:
    runs = [Run("run", job) for job in jobs]
    waiting = [Run("run", Job(config)) for config in PAIR]
    assert following.mark_of(runs) != following.mark_of(waiting)
    line = following._line(waiting, "en")
    assert (line.share, next(iter(line.parts))) == (0, "plain: waits for its turn")
    assert following._line(runs, "en").share == pytest.approx(5 * 3 / (79 * 3))


def test_while_they_train_it_does_not_ask_to_train_them(mine: Studio) -> None:
    at = opened(NAME, SMALL)
    assert "Train both to see" in notice_of(at)
    at.button("res_train").click().run()
    assert notice_of(at).endswith("What comes of it is seen once both have learned from a few batches.")
    at.button_group("res_view").set_value("removed").run()
    assert notice_of(at).endswith("Once both are trained, they are taken out one by one.")
    at.button("res_stop").click().run()
    assert notice_of(at).endswith("Train both, and they are taken out one by one.")
