"""Which data sets of small pictures there are, what their classes are called, and where their files lie.

MNIST: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition",
Proc. IEEE 86(11), 1998. Fashion-MNIST: H. Xiao, K. Rasul, R. Vollgraf, arXiv:1708.07747. KMNIST: T. Clanuwat
et al., "Deep learning for classical Japanese literature", arXiv:1812.01718. CIFAR-10: A. Krizhevsky, "Learning
multiple layers of features from tiny images", technical report, University of Toronto, 2009, chapter 3.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Literal

from explainer.data.assets import assets_path
from explainer.data.storage import is_there

CACHE = "EXPLAINER_CACHE"  # the environment variable
DatasetName = Literal["mnist", "fashion-mnist", "kmnist", "cifar-10"]

TITLES: dict[DatasetName, str] = {
    "mnist": "MNIST",
    "fashion-mnist": "Fashion-MNIST",
    "kmnist": "KMNIST",
    "cifar-10": "CIFAR-10",
}
COLOUR: frozenset[DatasetName] = frozenset({"cifar-10"})  # 32x32 pixels of red, green and blue; the others 28x28 grey
TRAINING_PICTURES: dict[DatasetName, int] = {name: 50_000 if name in COLOUR else 60_000 for name in TITLES}

CLASS_NAMES: dict[DatasetName, tuple[str, ...]] = {
    "mnist": tuple("0123456789"),
    "fashion-mnist": (
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ),
    "kmnist": ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
    "cifar-10": ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
}

# torchvision keeps the unzipped files of a data set in <root>/<name of its class>/raw.
TORCHVISION_CLASSES: dict[DatasetName, str] = {
    "fashion-mnist": "FashionMNIST",
    "kmnist": "KMNIST",
    "cifar-10": "CIFAR10",
}

_STEMS = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
_ARRAYS = ("train-images.npy", "train-labels.npy", "test-images.npy", "test-labels.npy")


def cache_path() -> Path:
    """The folder of this user for what is downloaded: ``EXPLAINER_CACHE``, else ``~/.cache/inside-a-cnn``.

    Some users of containers have no home: theirs is in the folder for temporary files.
    """
    chosen = os.environ.get(CACHE)
    if chosen:
        return Path(os.path.expanduser(chosen))  # noqa: PTH111  Path's own raises where there is no home
    home = Path(os.path.expanduser("~"))  # noqa: PTH111
    return home / ".cache" / "inside-a-cnn" if home.is_absolute() else Path(tempfile.gettempdir()) / "inside-a-cnn"


def raw_path(name: DatasetName) -> Path:
    """The folder that holds the four files of ``name``, downloaded or not."""
    if name == "mnist":
        return assets_path() / "mnist"
    return cache_path() / "datasets" / TORCHVISION_CLASSES[name] / "raw"


def files(name: DatasetName) -> tuple[Path, ...]:
    """The files of ``name``: training images and labels, then test images and labels.

    They are of the format IDX, those of pictures in colour of NumPy's own, which several processes map into memory.
    """
    if name in COLOUR:
        return tuple(raw_path(name) / array for array in _ARRAYS)
    ending = ".gz" if name == "mnist" else ""
    return tuple(raw_path(name) / f"{stem}{ending}" for stem in _STEMS)


def is_available(name: DatasetName) -> bool:
    """Whether the files of ``name`` are on this disk and may be seen; costs four look-ups and imports nothing."""
    return all(map(is_there, files(name)))
