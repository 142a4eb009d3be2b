"""The frame around every page: its window, the device badge, and the menu. One line here adds a page."""

from importlib import import_module

import streamlit as st

from explainer import device
from explainer.data.assets import assets_path
from explainer.ui.frame import menu
from explainer.ui.frame.menu import Entry
from explainer.ui.language import say
from explainer.words.book import Said

MENU: menu.Menu = {
    "": [
        Entry("start/welcome", "Welcome", "A whole network at one glance."),
        Entry("start/cortex", Said("cortex.title"), Said("cortex.menu")),
    ],
    Said("frame.sections.layers"): [
        Entry("layers/convolution", Said("convolution.title"), Said("convolution.menu")),
        Entry("layers/channels", "Channels and filters", "Several channels in, several filters, several maps."),
        Entry("layers/transposed", "Transposed convolution", "Stamps of the kernel add up to a larger map."),
        Entry("layers/pooling", "Pooling", "Keep one number of every window."),
        Entry("layers/activation", "Activation functions", "What a neuron makes of its sum, and lets learn."),
        Entry(
            "layers/softmax",
            "Fully connected and softmax",
            "Flatten the maps, weigh them, and get ten probabilities and a loss.",
        ),
        Entry("layers/normalization", "Batch normalization", "One mean and one variance per channel."),
        Entry("layers/dropout", "Dropout", "Switch units off at random, pass after pass."),
    ],
    Said("frame.sections.networks"): [
        Entry("networks/x_or_o", Said("x_or_o.title"), Said("x_or_o.menu")),
        Entry("networks/receptive_field", Said("receptive_field.title"), Said("receptive_field.menu")),
        Entry("networks/architectures", Said("architectures.title"), Said("architectures.menu")),
        Entry("networks/residual", Said("residual.title"), Said("residual.menu")),
    ],
    Said("frame.sections.training"): [
        Entry("training/train", Said("train.title"), Said("train.menu")),
        Entry(
            "training/initialization",
            "Initialization and gradient flow",
            "What a deep network does to activations and gradients before it has learned.",
        ),
        Entry("training/optimizers", "Optimizers", "Seven ways down a slope, step by step."),
        Entry(
            "training/regularization",
            "Regularization",
            "Watch a network learn its digits by heart, and what helps against it.",
        ),
        Entry("training/hyperparameters", Said("hyperparameters.title"), Said("hyperparameters.menu")),
        Entry("training/transfer", Said("transfer.title"), Said("transfer.menu")),
        Entry("training/autoencoder", Said("autoencoder.title"), Said("autoencoder.menu")),
    ],
    Said("frame.sections.inside"): [
        Entry(
            "inspection/feature_maps",
            "Feature maps",
            "A whole trained network as a map, and how each of its maps was computed.",
        ),
        Entry("inspection/filters", "Filters", "The kernels themselves: edges, colours, and how they came about."),
        Entry(
            "inspection/maximization",
            "Activation maximization",
            "Gradient ascent from noise to the picture that excites a unit most.",
        ),
        Entry(
            "inspection/exemplars",
            "Top-activating images",
            "The digits, or crops of photographs, that excite a unit most.",
        ),
        Entry(
            "inspection/attribution",
            Said("attribution.title"),
            Said("attribution.menu"),
        ),
    ],
    Said("frame.sections.tasks"): [
        Entry("tasks/boxes", Said("boxes.title"), Said("boxes.menu")),
        Entry("tasks/detection", Said("detection.title"), Said("detection.menu")),
        Entry("tasks/segmentation", Said("segmentation.title"), Said("segmentation.menu")),
    ],
}


def frame() -> None:
    icon = assets_path() / "icon.svg"
    st.set_page_config(page_icon=icon, layout="wide")
    st.logo(assets_path() / "logo.svg", size="large", icon_image=icon)


def badge() -> None:
    with st.container(key="device"):
        st.badge(device.describe(), icon=":material/memory:", color="gray", help=say("frame.device"))


def open_page(name: str) -> None:
    """Draws the page, loading what it needs at its first opening: whoever stays with Welcome never waits for torch."""
    import_module(f"pages.{name.replace('/', '.')}.page").PAGE.open()


if __name__ == "__main__":
    frame()
    menu.show(MENU, open_page, badge)
