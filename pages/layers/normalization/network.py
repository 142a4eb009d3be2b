"""The other views of the page "Batch normalization": a trained network that has it, taken apart."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.figures import normalization as figures
from explainer.figures.grid_map import grid_map
from explainer.layers.normalization import Affine, Floats, Histograms, Kind, evaluate, histograms, normalize, running
from explainer.layers.normalization_code import fold_code, fold_formula, running_code, running_formula, said
from explainer.networks import normalized_digits as network
from explainer.networks.normalized_digits import Layer
from explainer.ui.controls.choice import choice, radio
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.words.book import percent
from pages.layers.normalization.kinds import KINDS

LAYERS: dict[Layer, str] = {"convolution-1": "Convolution 1", "convolution-2": "Convolution 2"}
STATISTICS = {"batch": "This batch (training)", "running": "Running averages (evaluation)"}
FOLLOWED: Layer = "convolution-2"  # whose running averages are drawn
FOLDED: Layer = "convolution-1"  # one plane a filter: its weights are one grid of numbers
GROUPS = 2
HEIGHT = 300  # of a chart, in pixels: its sentence and its formula are on a projector's screen
SIZES = [str(size) for size in network.BATCH_SIZES]


def real_layer(left: DeltaGenerator, right: DeltaGenerator) -> None:
    """The channels of a real layer before and after."""
    with left:
        name = radio("Layer", LAYERS, "n_layer", first="convolution-2")
        chosen = choice("Normalization", KINDS, "n_norm")
        count = int(st.slider("Test digits", 1, 64, 32, key="n_digits", bind=LINK))
        batch = chosen == "batch"
        statistics = choice("Statistics of", STATISTICS, "n_statistics", disabled=not batch)
        learned = st.toggle("Learned γ and β", True, key="n_learned", bind=LINK)
    with right:
        held = network.maps(name, count)
        after = _after(name, count, chosen, kept=batch and statistics == "running", learned=learned)
        _draw_layer(histograms(held), histograms(after))


def _after(name: Layer, count: int, chosen: Kind, *, kept: bool, learned: bool) -> Floats:
    found, held = network.layer(name), network.maps(name, count)
    channels = len(found.mean)
    affine = found.affine if learned else Affine(np.ones(channels), np.zeros(channels))
    if kept:
        return evaluate(held, found.mean, found.variance, affine, found.eps)
    return normalize(held, chosen, affine, groups=GROUPS, eps=found.eps).output


def _draw_layer(before: Histograms, after: Histograms) -> None:
    figure = drawn(
        figures.channel_ridges,
        (before.edges, before.shares, before.mean),
        (after.edges, after.shares, after.mean),
        page.is_dark(),
        names=("before", "after"),
        height=HEIGHT,
    )
    page.chart(figure, "Histograms of every channel, before and after the normalization.", key="n_ridges")
    means, deviations = (
        [np.round([values.min(), values.max()], 9) + 0.0 for values in parts]
        for parts in ((before.mean, after.mean), (before.deviation, after.deviation))
    )
    page.notice(
        f"Before, the channels' means lie between {said(means[0][0])} and {said(means[0][1])} and their standard "
        f"deviations between {said(deviations[0][0])} and {said(deviations[0][1])}. After, the means lie between "
        f"{said(means[1][0])} and {said(means[1][1])}, the deviations between {said(deviations[1][0])} and "
        f"{said(deviations[1][1])}."
    )


def training_and_evaluation(left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Running averages over batches, and what becomes of the network when each batch is its own yardstick."""
    with left:
        batch = int(st.select_slider("Digits in a batch", SIZES, "16", key="n_batch", bind=LINK))
        momentum = float(st.slider("Momentum", 0.01, 1.0, 0.1, 0.01, key="n_momentum", bind=LINK))
        channel = int(st.slider("Channel of convolution 2", 0, 7, 3, key="n_channel", bind=LINK))
    kept = running(*network.batch_statistics(FOLLOWED, batch), momentum)
    goals = network.all_digits(FOLLOWED)
    with right:
        running_chart, accuracy_chart = st.columns([1.6, 1], gap="small")
        figure = drawn(
            figures.running_statistics,
            (kept.batch_mean[:, channel], kept.batch_variance[:, channel]),
            (kept.mean[:, channel], kept.variance[:, channel]),
            (float(goals[0][channel]), float(goals[1][channel])),
            page.is_dark(),
            height=HEIGHT,
        )
        with running_chart:
            told = "Mean and variance of a channel over batches, and their running averages."
            page.chart(figure, told, key="n_running")
        with accuracy_chart:
            _draw_accuracies(batch)
        off = abs(kept.mean[-1, channel] - goals[0][channel]) / np.sqrt(goals[1][channel])
        page.notice(
            f"After {network.STEPS} batches the running mean is {said(kept.mean[-1, channel])}; over all digits it is "
            f"{said(goals[0][channel])}: {off:.3f} standard deviations apart. Single batches scatter by "
            f"{said(kept.batch_mean[:, channel].std())}."
        )
        _say_accuracies(batch)
        page.formula(running_formula(kept, channel, momentum))
    page.pytorch_snippet(running_code(kept, channel, momentum), "n_running_code")


def _draw_accuracies(batch: int) -> None:
    found = network.accuracies()
    figure = drawn(
        figures.accuracy_over_batch,
        network.BATCH_SIZES,
        found.training,
        found.evaluation,
        batch,
        page.is_dark(),
        height=HEIGHT,
    )
    page.chart(figure, "Accuracy over the size of a batch, in training and in evaluation mode.", key="n_accuracy")


def _say_accuracies(batch: int) -> None:
    found = network.accuracies()
    own = found.training[network.BATCH_SIZES.index(batch)]
    if batch == 1:
        page.notice(
            f"With one digit in a batch every neuron of the fully connected layer is its own mean: its output is β, "
            f"whatever the digit, and all digits get the same answer. Of {network.ACCURACY_DIGITS} digits "
            f"{percent(own, '.1%')} "
            f"are read rightly, and {percent(found.evaluation, '.1%')} in evaluation mode."
        )
        return
    page.notice(
        f"Normalized with the statistics of batches of {batch}, the trained network reads {percent(own, '.1%')} of "
        f"{network.ACCURACY_DIGITS} test digits rightly. In evaluation mode, with its running averages, it reads "
        f"{percent(found.evaluation, '.1%')}, and no digit depends on the others."
    )


def folding(left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Batch normalization in evaluation is a linear map of each channel: it disappears into the convolution."""
    with left:
        chosen = int(st.slider("Filter of convolution 1", 0, 5, 0, key="n_filter", bind=LINK))
    found, folded = network.layer(FOLDED), network.folded(FOLDED)
    with right:
        limit = float(max(np.abs(found.weights[chosen]).max(), np.abs(folded.weights[chosen]).max()))
        panes = st.columns(2)
        titles = ("Weights w", "Folded weights w'")
        for pane, title, weights in zip(panes, titles, (found.weights, folded.weights), strict=True):
            figure = drawn(grid_map, weights[chosen, 0], page.is_dark(), title=title, name="weight", limit=limit)
            with pane:
                page.chart(figure, f"{title} of filter {chosen}, a grid of 5 × 5 numbers.", key=f"n_{title}")
        page.notice(
            f"One convolution does the work of two layers: on a test digit its {folded.numbers:,} results differ from "
            f"theirs by at most {said(folded.difference)}. The filter gets a bias of {said(folded.bias[chosen])}."
        )
        page.formula(fold_formula(found.mean, found.variance, found.affine, found.eps, chosen))
    page.pytorch_snippet(
        fold_code(
            found.weights[chosen],
            (float(found.mean[chosen]), float(found.variance[chosen])),
            (float(found.affine.gamma[chosen]), float(found.affine.beta[chosen])),
            found.eps,
        ),
        "n_fold_code",
    )
