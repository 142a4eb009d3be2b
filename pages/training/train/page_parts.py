"""What stands around the views of "Train a CNN": the invitation before the first run, formula, script, links, prose."""

from __future__ import annotations

from explainer.data.catalogue import COLOUR
from explainer.data.digits import is_available, load
from explainer.networks.config import ImpossibleNetworkError
from explainer.networks.plan import layers
from explainer.training.class_titles import class_titles
from explainer.training.config import RunConfig, digits_in
from explainer.training.export import script
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.frame import page
from explainer.ui.frame.page import Preset
from explainer.ui.frame.studio import Run
from explainer.ui.language import language, say
from explainer.words.book import Said
from pages.training.train.formula import formula
from pages.training.train.names import picture_scale
from pages.training.train.take_home import script_of

SAMPLE = 24

TRY_THIS = [
    Preset(Said("train.presets.fast"), {"preset": "fast"}),
    Preset(Said("train.presets.overfit"), {"digits": "1000", "epochs": "40"}),
    Preset(
        Said("train.presets.dropout"),
        {"digits": "1000", "epochs": "40", "dropout": "0.5", "switch": "dropout"},
    ),
    Preset(Said("train.presets.rate"), {"opt": "sgd", "lr": "100"}),
]

IN_COLOUR = Preset(Said("train.presets.colour"), {"data": "cifar-10", "preset": "three-stages"})  # once downloaded

SOURCES = [
    'Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition", '
    "Proc. IEEE 86(11), 1998: LeNet-5 and MNIST (CC BY-SA 3.0).",
    'S. Ioffe, C. Szegedy, "Batch normalization", arXiv:1502.03167.',
    'N. Srivastava et al., "Dropout", Journal of Machine Learning Research 15, 2014.',
    'D. P. Kingma, J. Ba, "Adam", arXiv:1412.6980; I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", '
    "arXiv:1711.05101.",
    'K. He et al., "Deep residual learning for image recognition", arXiv:1512.03385; "Identity mappings in deep '
    'residual networks", arXiv:1603.05027: pre-activation.',
    'M. Görner, "Learn TensorFlow and deep learning, without a Ph.D.", 2017: First steps, Wider, Widest.',
    'A. Karpathy, "ConvNetJS", 2014: the preset of that name.',
    'A. Krizhevsky, "Learning multiple layers of features from tiny images", University of Toronto, 2009: CIFAR-10.',
]


def invitation(config: RunConfig) -> None:
    """Before the first run: the digits that the network is about to see, and how often."""
    if not is_available(config.dataset):
        return
    digits, titles = load(config.dataset), class_titles(config.dataset, language())
    is_colour = config.dataset in COLOUR
    sample = tuple(
        Tile(
            digits.train_images[index].astype("float32"),
            caption=titles[digits.train_labels[index]],
        )
        for index in range(SAMPLE)
    )
    title = say("train.colour.sample" if is_colour else "train.invitation.sample")
    tiles([TileRow(title, sample, picture_scale(config.dataset), limit=255.0)], key="sample")
    seen = digits_in(config)
    epochs, steps, batch = config.recipe.epochs, config.steps, config.recipe.batch_size
    said = "train.colour.notice" if is_colour else "train.invitation.notice"
    page.notice(Said(said, seen=seen, epochs=epochs, steps=steps, batch=batch))


def below(config: RunConfig, run: Run | None) -> None:
    """The formula with the present numbers, the script, links to try, the prose and the sources."""
    page.formula(formula(config))
    page.try_this([*TRY_THIS, *([IN_COLOUR] if is_available("cifar-10") else [])])
    if run or _possible(config):
        page.pytorch_snippet(script_of(run) if run else script(config))
    page.text("train")
    page.sources(SOURCES)
    page.take_home("train")


def _possible(config: RunConfig) -> bool:
    try:
        return bool(layers(config.network))
    except ImpossibleNetworkError:
        return False
