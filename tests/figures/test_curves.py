from __future__ import annotations

import dataclasses
import json
from itertools import pairwise

import numpy as np
import pytest

from explainer.figures import theme
from explainer.figures.curves import Label, Line, Pane, training_curves
from explainer.figures.runs import RunCurve

NAN = np.nan
RUN = RunCurve(
    name="Small",
    epoch=np.array([0.0, 0.5, 1.0, 1.5]),
    train_loss=np.array([NAN, 1.0, 0.5, 0.0]),
    train_accuracy=np.array([NAN, 0.75, 0.875, 1.0]),
    test_loss=np.array([2.25, NAN, 0.25, 0.125]),
    test_accuracy=np.array([0.125, NAN, 0.9375, 0.96875]),
    test_digits=np.array([10_000, 0, 10_000, 1_000]),
)
OTHER = dataclasses.replace(RUN, name="Wider <b> and deeper", note="stopped")


def panes(*runs: RunCurve, until: float = 1.5, height: int = 260) -> tuple[Pane, Pane]:
    loss, accuracy = training_curves(runs, until, height).panes
    return loss, accuracy


def lines(*runs: RunCurve) -> list[Line]:
    return [line for pane in panes(*runs) for line in pane.lines]


def texts(pane: Pane) -> list[tuple[str, ...]]:
    return [label.rows for label in pane.labels]


def test_one_run_has_four_lines_with_its_values() -> None:
    loss, accuracy = panes(RUN)
    assert loss.lines == (
        Line(0, "train", (0.5, 1.0, 1.5), (1.0, 0.5, 0.0)),
        Line(0, "test", (0.0, 1.0, 1.5), (2.25, 0.25, 0.125), (10_000, 10_000, 1_000)),
    )
    assert accuracy.lines == (
        Line(0, "train", (0.5, 1.0, 1.5), (75.0, 87.5, 100.0)),
        Line(0, "test", (0.0, 1.0, 1.5), (12.5, 93.75, 96.875), (10_000, 10_000, 1_000)),
    )
    assert [(pane.name, pane.title, pane.unit) for pane in (loss, accuracy)] == [
        ("loss", "Loss", "cross-entropy"),
        ("accuracy", "Accuracy", "%, errors on a log scale"),
    ]
    assert loss.shown == (1e-6, 100.0)  # a logarithmic axis has no zero
    assert training_curves([RUN], 1.5).marked == 10_000


def test_values_are_rounded_to_what_can_be_seen() -> None:
    precise = dataclasses.replace(
        RUN,
        epoch=RUN.epoch / 3,
        test_accuracy=np.array([1 / 3, 2 / 3, 0.987654321, 1.0]),
        test_loss=RUN.test_loss / 7e4,
    )
    _, test_loss, _, test_accuracy = lines(precise)
    assert test_accuracy.x == (0.0, 0.16667, 0.33333, 0.5)
    assert test_accuracy.y == (33.333, 66.667, 98.765, 100.0)
    assert test_loss.y == (3.2143e-05, 3.5714e-06, 1.7857e-06)


def test_the_axes_hold_the_values_and_stay_put() -> None:
    early = training_curves([RUN], until=5)
    late = training_curves([RUN], until=0)
    assert early.end == 5
    assert early.ticks == ((0, "0"), (1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5"))
    assert late.end == 1.5
    assert late.ticks == ((0.0, "0"), (0.5, "0.5"), (1.0, "1"), (1.5, "1.5"))
    loss, accuracy = late.panes
    assert (loss.scale, accuracy.scale) == ("log", "errors")
    low, high = loss.limits
    assert 1e-7 < low < 1e-6
    assert 2.25 < high < 10
    assert loss.ticks == ((1e-6, "1e-6"), (1e-4, "0.0001"), (0.01, "0.01"), (1.0, "1"))
    assert accuracy.limits == accuracy.shown == (10.0, pytest.approx(100 - 0.05 / 1.5))  # short of 100
    assert [text for _, text in accuracy.ticks] == ["10", "80", "90", "95", "98", "99", "99.5", "99.8", "99.9", "99.95"]


def test_a_logarithmic_axis_shows_the_usual_range_from_the_start() -> None:
    early = RunCurve("early", *np.array([[0.1], [1.0], [2.2], [0.5], [2.0], [0.5]]), np.array([1000]))
    loss, _ = panes(early)
    assert loss.limits == pytest.approx((0.1 * 23**-0.06, 2.3 * 23**0.06))
    assert [text for _, text in loss.ticks] == ["0.1", "0.2", "0.5", "1", "2"]


def test_labels_stand_at_the_ends_of_the_lines() -> None:
    drawing = training_curves([RUN], 1.5, height=264)
    assert (drawing.height, drawing.top, drawing.bottom) == (264, 34, 30)  # 200 pixels for a plot
    loss, accuracy = drawing.panes
    train, test = loss.labels
    assert train == Label(0, "train", ("train", "0"), 1.5, 1e-6, 19.0)  # half a label above the floor
    assert (test.rows, test.x, test.y) == (("test", "0.125"), 1.5, 0.125)
    low, high = np.log10(loss.limits)
    assert test.place == pytest.approx(200 * (np.log10(0.125) - low) / (high - low), abs=0.06)
    train, test = accuracy.labels
    assert train == Label(0, "train", ("train", "100.00 %"), 1.5, accuracy.limits[1], 181.0)
    assert (test.rows, test.y) == (("test", "96.88 %"), 96.875)
    low, high = np.log10(100 - np.array(accuracy.limits))
    assert test.place == pytest.approx(200 * (np.log10(3.125) - low) / (high - low), abs=0.06)


def test_several_runs_are_named_once_and_differ_in_colour() -> None:
    drawing = training_curves([RUN, OTHER], 1.5)
    loss, accuracy = drawing.panes
    assert [(run.name, run.color) for run in drawing.runs] == [
        ("Small", theme.QUALITATIVE[0]),
        ("Wider <b> and deeper", theme.QUALITATIVE[1]),
    ]
    order = [(0, "train"), (1, "train"), (0, "test"), (1, "test")]  # the test lines lie on top
    assert [(line.run, line.kind) for line in loss.lines] == [(line.run, line.kind) for line in accuracy.lines] == order
    assert loss.unit == "cross-entropy, training dotted"
    assert texts(loss) == [("0.125",), ("0.125",)]
    assert texts(accuracy) == [("Small", "96.88 %"), ("Wider <b> and…", "96.88 % · stopped")]
    # both lines end at the same point
    assert loss.labels[1].place - loss.labels[0].place == pytest.approx(19)
    assert accuracy.labels[1].place - accuracy.labels[0].place == pytest.approx(38)


def test_many_runs_have_labels_of_one_row_that_do_not_overlap() -> None:
    runs = [dataclasses.replace(RUN, name=f"Run {i}", note="diverged" if i == 3 else "") for i in range(12)]
    drawing = training_curves(runs, 1.5)
    _, accuracy = drawing.panes
    assert texts(accuracy)[2:4] == [("Run 2 96.88 %",), ("Run 3 diverged",)]
    places = sorted(label.place for label in accuracy.labels)
    room = 260 - 34 - 30
    assert all(upper - lower == pytest.approx(room / 12, abs=0.11) for lower, upper in pairwise(places))
    assert 0 < places[0] < places[-1] < room
    assert drawing.runs[10].color == theme.QUALITATIVE[0]


def test_changes_in_mid_run_keep_their_epoch() -> None:
    changed = dataclasses.replace(RUN, changes=((1 / 3, "lr 0.001"), (1.0, "dropout 0.25")))
    first, second = training_curves([changed, OTHER], 1.5).runs
    assert first.changes == ((0.33333, "lr 0.001"), (1.0, "dropout 0.25"))
    assert second.changes == ()


def test_a_run_that_diverged_leaves_its_finite_part() -> None:
    broken = dataclasses.replace(RUN, train_loss=np.array([NAN, 1e30, np.inf, NAN]), note="diverged")
    loss, _ = panes(broken)
    assert loss.lines[0] == Line(0, "train", (0.5,), (1e30,))
    assert 100 < loss.limits[1] < 1000
    assert loss.labels[0].rows == ("train", "1e+30")
    assert loss.labels[0].y == 100.0
    assert loss.labels[1].rows == ("test", "0.125 · diverged")


EMPTY = RunCurve("new", *[np.zeros(0)] * 5, np.zeros(0, np.int64))


@pytest.mark.parametrize("runs", [[], [EMPTY], [EMPTY, EMPTY]], ids=["no run", "no points", "two without points"])
def test_before_the_first_point_there_are_axes(runs: list[RunCurve]) -> None:
    drawing = training_curves(runs, until=3)
    loss, accuracy = drawing.panes
    assert drawing.end == 3
    assert len(loss.lines) == len(accuracy.lines) == 2 * len(runs)
    assert not any(line.x for line in (*loss.lines, *accuracy.lines))
    assert loss.limits == pytest.approx((0.1 * 23**-0.06, 2.3 * 23**0.06))
    assert accuracy.limits == (10.0, pytest.approx(100 - 5 / 1.5))
    assert loss.labels == accuracy.labels == ()


def test_a_run_of_no_epochs_has_an_axis() -> None:
    assert training_curves([EMPTY], until=0).end == 1.0


def long_run(n: int) -> RunCurve:
    steps = np.arange(1, n + 1) / 100
    digits = np.where(np.arange(n) % 500 == 250, 10_000, 1000)
    return RunCurve("long", steps, 1 / steps, 1 - 0.1 / steps, 1 / steps, 1 - 0.1 / steps, digits)


def test_long_lines_are_thinned_to_their_ends_and_marks() -> None:
    for line in lines(long_run(10_000)):
        assert 150 < len(line.x) <= 200
        assert len(line.x) == len(line.y) == len(line.digits or line.x)
        assert (line.x[0], line.x[-1]) == (0.01, 100.0)
        assert line.digits.count(10_000) == (20 if line.kind == "test" else 0)
    for line in lines(*[long_run(10_000)] * 12):
        assert 60 < len(line.x) <= 83


def test_a_spike_survives_thinning() -> None:
    run = long_run(10_000)
    run.train_loss[5678] = 77.0
    train, *_ = lines(run)
    assert (56.79, 77.0) in zip(train.x, train.y, strict=True)


def test_a_redraw_is_small() -> None:
    drawing = training_curves([long_run(3000)] * 4, until=30)
    assert len(json.dumps(dataclasses.asdict(drawing))) < 80_000  # bytes, twice a second
