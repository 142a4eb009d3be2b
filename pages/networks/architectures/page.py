"""The page "Architectures": what well-known networks are made of, layer by layer, and what each layer costs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.networks.architecture_formula import cost_formula
from explainer.networks.architectures import published
from explainer.networks.counting_code import counting_code
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.widget_values import picture_first
from explainer.ui.language import say
from explainer.words.book import Said
from explainer.words.numbers import decimal
from pages.networks.architectures import choice, comparison, memory
from pages.networks.architectures.choice import Chosen
from pages.networks.architectures.cost_picture import cost_picture
from pages.networks.architectures.layer_table import layer_table
from pages.networks.architectures.rows import to_csv
from pages.networks.architectures.words import large, notice, seen

PICTURE, TABLE = "ar_picture", "ar_table"  # the components

TRY_THIS = [
    Preset(Said("architectures.presets.lenet")),
    Preset(Said("architectures.presets.dense"), {"network": "vgg16", "layer": "classifier.0"}),
    Preset(Said("architectures.presets.pooled"), {"network": "googlenet", "layer": "avgpool"}),
    Preset(Said("architectures.presets.squeeze"), {"network": "googlenet", "layer": "inception3a.branch3.0.conv"}),
    Preset(Said("architectures.presets.depthwise"), {"network": "mobilenet-v2", "layer": "features.1.conv.0.0"}),
    Preset(Said("architectures.presets.memory"), {"network": "vgg16", "batch": "128", "optimizer": "adam"}),
    Preset(Said("architectures.presets.compare"), {"network": "vgg16", "other": "mobilenet-v2"}),
    Preset(Said("architectures.presets.small"), {"network": "vgg16", "layer": "features.14"}),
    Preset(Said("architectures.presets.residual"), {"network": "resnet152", "layer": "layer3.1.add"}),
    Preset(Said("architectures.presets.biases"), {"network": "app-six-convolutions", "layer": "logits"}),
]
SOURCES = [
    'Y. LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86 (11), 1998.',
    'A. Krizhevsky, "One weird trick for parallelizing convolutional neural networks", arXiv:1404.5997 (AlexNet).',
    'K. Simonyan, A. Zisserman, "Very deep convolutional networks", arXiv:1409.1556 (VGG).',
    'C. Szegedy et al., "Going deeper with convolutions", arXiv:1409.4842 (GoogLeNet).',
    'K. He et al., "Deep residual learning for image recognition", arXiv:1512.03385 (ResNet).',
    'M. Sandler et al., "MobileNetV2", arXiv:1801.04381.',
    'O. Russakovsky et al., "ImageNet large scale visual recognition challenge", arXiv:1409.0575: winners to 2014.',
    "Winners from 2015 on: arXiv:1512.03385; https://image-net.org/challenges/LSVRC/2016/results; arXiv:1709.01507.",
    "Accuracies, and the code of all but LeNet-5: torchvision, https://docs.pytorch.org/vision/stable/models.html.",
    'P. Micikevicius et al., "Mixed precision training", arXiv:1710.03740, section 3.1: a copy in 32 bits.',
    'A. Araujo, W. Norris, J. Sim, "Computing receptive fields of convolutional neural networks", Distill 2019.',
]


def show() -> None:
    """The controls beside the picture, then what one layer costs, and the table of all."""
    left, right = page.controls_and_picture(4.2)
    below = st.container()
    picture_first("architectures", partial(_picture, right, below), partial(_controls, left))


def _controls(place: DeltaGenerator) -> None:
    with place:
        choice.choose()
        st.markdown("  \n".join(map(say, _facts(choice.chosen()))))


def _picture(place: DeltaGenerator, below: DeltaGenerator) -> None:
    chosen = choice.chosen()
    with place:
        cost_picture(chosen.architecture, chosen.name, chosen.layer.name, PICTURE, partial(choice.take, PICTURE))
        page.notice(notice(chosen.architecture))
        _draw_layer(chosen)
    with below:
        st.subheader(say("architectures.table"), anchor=False)
        layer_table(chosen.architecture, chosen.name, chosen.layer.name, TABLE, partial(choice.take, TABLE))
        csv, file = to_csv(chosen.architecture), f"{chosen.name}.csv"
        st.download_button(say("architectures.download"), csv, file, "text/csv", on_click="ignore")
        page.pytorch_snippet(counting_code(chosen.name, chosen.config))
        memory.draw(chosen)
        comparison.draw(chosen)


def _draw_layer(chosen: Chosen) -> None:
    formulas = list(
        cost_formula(chosen.layer, say("architectures.formula.parameters"), say("architectures.formula.macs"))
    )
    if formulas:
        page.formula(*formulas)
    st.markdown(" ".join(map(say, _about(chosen.layer.macs > 0, chosen))))


def _about(has_macs: bool, chosen: Chosen) -> Iterator[Said]:
    yield seen(chosen)
    layer = chosen.layer
    if not has_macs:
        yield Said("architectures.no_weights")
    if layer.normalization:
        yield Said("architectures.normalized", count=layer.parameters - layer.step.parameters)


def _facts(chosen: Chosen) -> Iterator[Said]:
    found = chosen.architecture
    channels, rows, columns = chosen.input_shape
    yield Said("architectures.size", channels=channels, rows=rows, columns=columns)
    yield Said("architectures.depth", depth=found.depth)
    yield Said("architectures.parameters", count=found.parameters)
    if found.idle:
        yield Said("architectures.idle", parameters=found.parameters, idle=found.idle)
    yield Said("architectures.macs", macs=large(found.macs))
    yield Said("architectures.activations", numbers=large(found.activations))
    said = None if chosen.config else published(chosen.name)
    if said:
        yield Said("architectures.accuracy", top1=decimal(said.top1, ".1f"), top5=decimal(said.top5, ".1f"))


PAGE = Page(
    "architectures",
    Said("architectures.title"),
    Said("architectures.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
