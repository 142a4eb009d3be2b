"""The page "From cortex to CNN": five steps from the cat's cortex to AlexNet, and what of each the app shows."""

from __future__ import annotations

from functools import partial

from streamlit.delta_generator import DeltaGenerator

from explainer.networks.milestones import NETWORKS
from explainer.networks.milestones_code import counts_code
from explainer.ui.controls.choice import segmented
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.start.cortex import cells, deep, networks

STEP = "co_step"
CELLS = "cells"
STEPS = (CELLS, *NETWORKS)

TRY_THIS = [
    Preset(Said("cortex.presets.upright")),
    Preset(Said("cortex.presets.turned"), {cells.ANGLE: "90"}),
    Preset(Said("cortex.presets.shifted"), {cells.SHIFT: "3"}),
    Preset(Said("cortex.presets.neocognitron"), {STEP: "neocognitron"}),
    Preset(Said("cortex.presets.shared"), {STEP: "lenet-1989"}),
    Preset(Said("cortex.presets.deep"), {deep.OPEN: "true"}),
]
SOURCES = [
    'D. H. Hubel, T. N. Wiesel, "Receptive fields of single neurones in the cat\'s striate cortex", J. Physiol. 148, '
    "1959, pp. 574-591.",
    "D. H. Hubel, T. N. Wiesel, \"Receptive fields, binocular interaction and functional architecture in the cat's "
    'visual cortex", J. Physiol. 160, 1962, pp. 106-154: simple and complex cells.',
    'M. Riesenhuber, T. Poggio, "Hierarchical models of object recognition in cortex", Nature Neuroscience 2, 1999: '
    "the complex cell as a maximum.",
    'K. Fukushima, "Neural network model for a mechanism of pattern recognition unaffected by shift in position: '
    'Neocognitron", Trans. IECE J62-A (10), 1979 (in Japanese); in English: Biological Cybernetics 36, 1980, '
    "pp. 193-202.",
    'Y. LeCun et al., "Backpropagation applied to handwritten zip code recognition", Neural Computation 1 (4), 1989: '
    "1,256 units, 64,660 connections, 9,760 independent parameters.",
    'Y. LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86 (11), 1998 (LeNet-5).',
    'A. Krizhevsky, I. Sutskever, G. E. Hinton, "ImageNet classification with deep convolutional neural networks", '
    "NIPS 2012: 15.3 % top-5 error with further training data, 26.2 % for the second.",
    'O. Russakovsky et al., "ImageNet large scale visual recognition challenge", arXiv:1409.0575: 16.4 % without.',
    'Y. LeCun, Y. Bengio, G. Hinton, "Deep learning", Nature 521, 2015: edges, motifs, parts, objects.',
]


def show() -> None:
    """The steps as a line in time; below them the controls beside the picture."""
    segmented(say("cortex.controls.step"), labels("cortex.steps.{}", STEPS), STEP, label_visibility="collapsed")
    step = value_of(STEP)
    left, right = page.controls_and_picture(4.2)
    picture_first(f"cortex {step == CELLS}", partial(_picture, right), partial(_controls, left))


def _controls(place: DeltaGenerator) -> None:
    step = value_of(STEP)
    place.markdown(say(f"cortex.facts.{step.replace('-', '_')}"))
    if step == CELLS:
        cells.controls(place)


def _picture(place: DeltaGenerator) -> None:
    step = value_of(STEP)
    with place:
        if step == CELLS:
            cells.picture()
        else:
            networks.picture(step)
    networks.links(step)
    page.pytorch_snippet(cells.code() if step == CELLS else counts_code(step))


PAGE = Page(
    "cortex",
    Said("cortex.title"),
    Said("cortex.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
    below=(deep.draw,),
)
