"""The page "Architectures": what well-known networks are made of, layer by layer, and what each layer costs."""

from __future__ import annotations

from functools import partial
from types import ModuleType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.ui.controls.choice import segmented
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.networks.architectures import layers, score_view

VIEW = "ar_view"
VIEWS: dict[str, ModuleType] = {"layers": layers, "scores": score_view}

TRY_THIS = [
    Preset(Said("architectures.presets.lenet")),
    Preset(Said("architectures.presets.dense"), {"network": "vgg16", "layer": "classifier.0"}),
    Preset(Said("architectures.presets.pooled"), {"network": "googlenet", "layer": "avgpool"}),
    Preset(Said("architectures.presets.squeeze"), {"network": "googlenet", "layer": "inception3a.branch3.0.conv"}),
    Preset(Said("architectures.presets.depthwise"), {"network": "mobilenet-v2", "layer": "features.1.conv.0.0"}),
    Preset(Said("architectures.presets.memory"), {"network": "vgg16", "batch": "128", "optimizer": "adam"}),
    Preset(Said("architectures.presets.compare"), {"network": "vgg16", "other": "mobilenet-v2"}),
    Preset(Said("architectures.presets.small"), {"network": "vgg16", "layer": "features.28"}),
    Preset(Said("architectures.presets.residual"), {"network": "resnet152", "layer": "layer3.1.add"}),
    Preset(Said("architectures.presets.biases"), {"network": "app-six-convolutions", "layer": "logits"}),
    Preset(Said("architectures.presets.larger"), {"network": "vgg16", "ar_size": "96", "ar_head": "flat"}),
    Preset(Said("architectures.presets.adaptive"), {"network": "vgg16", "ar_size": "320", "layer": "avgpool"}),
    Preset(
        Said("architectures.presets.convolutions"),
        {"network": "vgg16", "ar_size": "320", "ar_head": "convolutions", "layer": "classifier.0"},
    ),
    Preset(Said("architectures.presets.scores"), {"ar_view": "scores"}),
]
SOURCES = [
    'Y. LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86 (11), 1998.',
    'A. Krizhevsky, "One weird trick for parallelizing convolutional neural networks", arXiv:1404.5997 (AlexNet).',
    'K. Simonyan, A. Zisserman, "Very deep convolutional networks", arXiv:1409.1556 (VGG).',
    'C. Szegedy et al., "Going deeper with convolutions", arXiv:1409.4842 (GoogLeNet).',
    'K. He et al., "Deep residual learning for image recognition", arXiv:1512.03385 (ResNet).',
    'A. Howard et al., "MobileNets", arXiv:1704.04861, section 3.1: a depthwise separable convolution.',
    'M. Sandler et al., "MobileNetV2", arXiv:1801.04381.',
    'O. Russakovsky et al., "ImageNet large scale visual recognition challenge", arXiv:1409.0575: winners to 2014.',
    "Winners from 2015 on: arXiv:1512.03385; https://image-net.org/challenges/LSVRC/2016/results; arXiv:1709.01507.",
    "Accuracies, and the code of all but LeNet-5: torchvision, https://docs.pytorch.org/vision/stable/models.html.",
    'P. Micikevicius et al., "Mixed precision training", arXiv:1710.03740, section 3.1: a copy in 32 bits.',
    'J. Long, E. Shelhamer, T. Darrell, "Fully convolutional networks", arXiv:1411.4038: dense layers as convolutions.',
    'A. Araujo, W. Norris, J. Sim, "Computing receptive fields of convolutional neural networks", Distill 2019.',
]


def show() -> None:
    """The controls beside the picture, then what one layer costs, and the table of all."""
    left, right = page.controls_and_picture(4.2)
    below = st.container()
    with right:
        segmented(
            say("architectures.controls.view"),
            labels("architectures.views.{}", VIEWS),
            VIEW,
            label_visibility="collapsed",
        )
    picture_first("architectures", partial(_picture, right, below), partial(_controls, left))


def _picture(place: DeltaGenerator, below: DeltaGenerator) -> None:
    VIEWS[value_of(VIEW)].picture(place, below)


def _controls(place: DeltaGenerator) -> None:
    VIEWS[value_of(VIEW)].controls(place)


PAGE = Page(
    "architectures",
    Said("architectures.title"),
    Said("architectures.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
