from __future__ import annotations

import dataclasses
import time

import numpy as np
import plotly.graph_objects as go
import pytest

from explainer.figures import theme
from explainer.figures.curves import RunCurve, training_curves

NAN = np.nan
RUN = RunCurve(
    name="Small",
    epoch=np.array([0.0, 0.5, 1.0, 1.5]),
    seconds=np.array([0.0, 2.0, 4.0, 7.0]),
    train_loss=np.array([NAN, 1.0, 0.5, 0.0]),
    train_accuracy=np.array([NAN, 0.75, 0.875, 1.0]),
    test_loss=np.array([2.25, NAN, 0.25, 0.125]),
    test_accuracy=np.array([0.125, NAN, 0.9375, 0.96875]),
    test_digits=np.array([10_000, 0, 10_000, 1_000]),
)
OTHER = dataclasses.replace(RUN, name="Wider <b> and deeper", note="stopped")


def traces(figure: go.Figure) -> list[go.Scatter]:
    return list(figure.data)


def test_one_run_has_four_lines_with_its_values() -> None:
    train_loss, test_loss, train_accuracy, test_accuracy = traces(training_curves([RUN], dark=False))
    assert train_loss.x.tolist() == [0.5, 1.0, 1.5]
    assert train_loss.y.tolist() == [1.0, 0.5, 1e-6]  # a logarithmic axis has no zero
    assert train_loss.customdata[:, 0].tolist() == [1.0, 0.5, 0.0]  # but the hover tells it
    assert test_loss.x.tolist() == [0.0, 1.0, 1.5]
    assert test_loss.y.tolist() == [2.25, 0.25, 0.125]
    assert train_accuracy.y.tolist() == [75.0, 87.5, 100.0]
    assert test_accuracy.y.tolist() == [12.5, 93.75, 96.875]
    assert [trace.xaxis for trace in (train_loss, test_loss, train_accuracy, test_accuracy)] == [
        "x",
        "x",
        "x2",
        "x2",
    ]
    assert [trace.name for trace in (train_loss, test_loss)] == ["train", "test"]


def test_test_is_solid_and_training_thin_and_dotted() -> None:
    train, test, *_ = traces(training_curves([RUN], dark=False))
    assert (train.line.dash, test.line.dash) == ("dot", "solid")
    assert train.line.width < test.line.width
    assert train.line.color == test.line.color == theme.QUALITATIVE[0]
    assert (train.mode, test.mode) == ("lines", "lines+markers")


def test_marks_stand_where_all_test_digits_were_read() -> None:
    _, test_loss, _, test_accuracy = traces(training_curves([RUN], dark=False))
    assert test_loss.marker.size.tolist() == test_accuracy.marker.size.tolist() == [9, 9, 0]
    assert test_accuracy.customdata.tolist() == [[12.5, 10_000], [93.75, 10_000], [96.875, 1_000]]
    assert test_accuracy.hovertemplate == "%{customdata[0]:.2f} % on %{customdata[1]:,} digits"
    assert test_loss.hovertemplate == "%{customdata[0]:.4f} on %{customdata[1]:,} digits"


def test_the_error_is_what_is_missing_from_the_accuracy() -> None:
    figure = training_curves([RUN], dark=True, error=True)
    *_, train, test = traces(figure)
    assert test.y.tolist() == [87.5, 6.25, 3.125]
    assert train.y.tolist() == [25.0, 12.5, 0.01]
    assert train.customdata[:, 0].tolist() == [25.0, 12.5, 0.0]
    assert figure.layout.yaxis2.type == "log"


def test_the_axes_hold_the_values_and_stay_put() -> None:
    early = training_curves([RUN], dark=False, until=5)
    late = training_curves([RUN], dark=False)
    assert early.layout.xaxis.range == early.layout.xaxis2.range == (-0.1, 5.1)
    assert late.layout.xaxis.range == pytest.approx((-0.03, 1.53))
    assert late.layout.yaxis.type == "log"
    low, high = late.layout.yaxis.range
    assert low < np.log10(1e-6) and np.log10(2.25) < high
    assert late.layout.yaxis2.range == (95.0, 100.1)  # 96.875 lies in the upper three quarters of it
    linear = training_curves([RUN], dark=False, log_loss=False)
    assert linear.layout.yaxis.range == pytest.approx((0, 1.05 * 2.25))


def test_a_logarithmic_axis_shows_the_usual_range_from_the_start() -> None:
    early = RunCurve("early", *np.array([[0.1], [1.0], [2.2], [0.5], [2.0], [0.5]]), np.array([1000]))
    layout = training_curves([early], dark=False, error=True).layout
    assert layout.yaxis.range == pytest.approx(np.log10([0.1 * 23**-0.06, 2.3 * 23**0.06]))
    assert layout.yaxis2.range[0] < np.log10(1.0) and layout.yaxis2.range[1] > np.log10(90)


def test_narrow_pages_have_the_panes_below_each_other() -> None:
    meta = training_curves([RUN], dark=False, height=310).layout.meta["narrow"]
    changes = meta["layout"]
    assert meta["below"] == 600
    # 620 pixels: 200 for each pane, as side by side, and 110 around each.
    assert changes["height"] == 620
    assert changes["yaxis.domain"] == pytest.approx([1 - 200 / 510, 1])
    assert changes["yaxis2.domain"] == pytest.approx([0, 200 / 510])
    assert changes["xaxis.domain"] == changes["xaxis2.domain"] == [0, 1]
    titles = training_curves([RUN], dark=False, height=310).layout.annotations[:2]
    assert [title.text for title in titles] == ["<b>Loss</b> (cross-entropy)", "<b>Accuracy</b> (%)"]
    assert training_curves([RUN], dark=False, panes=("loss",)).layout.meta is None


def test_seconds_on_the_axis() -> None:
    figure = training_curves([RUN], dark=False, x="seconds")
    assert traces(figure)[1].x.tolist() == [0.0, 4.0, 7.0]
    assert figure.layout.xaxis.title.text == "seconds of training"
    assert training_curves([RUN], dark=False).layout.xaxis.title.text == "epochs"


def test_a_zoom_survives_a_redraw_but_not_another_axis() -> None:
    first, second = (training_curves([RUN] * n, dark=False) for n in (1, 2))
    assert first.layout.uirevision == second.layout.uirevision
    assert first.layout.uirevision != training_curves([RUN], dark=False, x="seconds").layout.uirevision


def labels(figure: go.Figure) -> list[go.layout.Annotation]:
    return [label for label in figure.layout.annotations if label.xref != "paper"]


def test_labels_stand_at_the_ends_of_the_lines() -> None:
    figure = training_curves([RUN], dark=False)
    found = {(label.xref, label.text): (label.x, label.y) for label in labels(figure)}
    assert found == {
        ("x", "train<br>0"): (1.5, -6.0),
        ("x", "<b>test</b><br>0.125"): (1.5, pytest.approx(np.log10(0.125))),
        ("x2", "train<br>100.00 %"): (1.5, 100.0),
        ("x2", "<b>test</b><br>96.88 %"): (1.5, 96.875),
    }


def test_several_runs_are_named_once_and_differ_in_colour_and_mark() -> None:
    figure = training_curves([RUN, OTHER], dark=False)
    assert len(traces(figure)) == 8
    assert [trace.line.color for trace in traces(figure)[::2]] == [*theme.QUALITATIVE[:2]] * 2
    assert [trace.marker.symbol for trace in traces(figure)[1::2]] == [*theme.MARKERS[:2]] * 2
    assert [(label.xref, label.text) for label in labels(figure)] == [
        ("x2", "<b>Small</b><br>96.88 %"),
        ("x2", "<b>Wider &lt;b&gt; and…</b><br>96.88 %<br>stopped"),
    ]
    assert labels(figure)[1].yshift - labels(figure)[0].yshift == 40  # both lines end at the same point
    assert all(trace.hoverinfo == "skip" for trace in traces(figure)[::2])
    assert [trace.hovertemplate for trace in traces(figure)] == [
        *(None, "%{customdata[0]:.4f}", None, "%{customdata[0]:.4f}"),
        *(None, "%{customdata[0]:.2f} %", None, "%{customdata[0]:.2f} %"),
    ]


def test_one_pane_alone() -> None:
    figure = training_curves([RUN, OTHER], dark=False, panes=("loss",))
    assert len(traces(figure)) == 4
    assert figure.layout.xaxis.domain == (0, 1)
    assert [label.text for label in labels(figure)] == [
        "<b>Small</b><br>0.125",
        "<b>Wider &lt;b&gt; and…</b><br>0.125<br>stopped",
    ]


def test_a_run_that_diverged_leaves_its_finite_part() -> None:
    broken = dataclasses.replace(RUN, train_loss=np.array([NAN, 1e30, np.inf, NAN]), note="diverged")
    figure = training_curves([broken], dark=False)
    assert traces(figure)[0].y.tolist() == [100.0]
    assert traces(figure)[0].customdata[0, 0] == 1e30
    assert figure.layout.yaxis.range[1] < np.log10(1000)
    assert "<b>test</b><br>0.125<br>diverged" in [label.text for label in labels(figure)]


EMPTY = RunCurve("new", *[np.zeros(0)] * 6, np.zeros(0, np.int64))


@pytest.mark.parametrize("runs", [[], [EMPTY]], ids=["no run", "a run without points"])
def test_before_the_first_point_there_are_axes(runs: list[RunCurve]) -> None:
    figure = training_curves(runs, dark=False, until=3)
    assert {trace.xaxis for trace in traces(figure)} == {"x", "x2"}
    assert figure.layout.xaxis.range == pytest.approx((-0.06, 3.06))
    assert figure.layout.yaxis2.range == (0.0, 102.0)
    assert labels(figure) == []


def long_run(n: int) -> RunCurve:
    steps = np.arange(1, n + 1) / 100
    return RunCurve("long", steps, steps, 1 / steps, 1 - 0.1 / steps, 1 / steps, 1 - 0.1 / steps, np.full(n, 1000))


def test_long_lines_are_thinned_to_their_end() -> None:
    for trace in traces(training_curves([long_run(10_000)], dark=False)):
        assert 200 < len(trace.x) <= 300
        assert (trace.x[0], trace.x[-1]) == (0.01, 100.0)


def test_a_redraw_is_cheap() -> None:
    runs = [long_run(3000)] * 4
    seconds, sizes = [], []
    for _ in range(3):
        start = time.perf_counter()
        sizes.append(len(training_curves(runs, dark=False).to_json()))
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.25  # it is drawn twice a second
    assert sizes[0] < 300_000
