"""Which digit data sets there are, what their classes are called, and where their files lie.

MNIST: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition",
Proc. IEEE 86(11), 1998. Fashion-MNIST: H. Xiao, K. Rasul, R. Vollgraf, arXiv:1708.07747. KMNIST: T. Clanuwat
et al., "Deep learning for classical Japanese literature", arXiv:1812.01718.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Literal

from explainer.data.assets import assets_path
from explainer.data.storage import is_there

CACHE = "EXPLAINER_CACHE"  # the environment variable
DatasetName = Literal["mnist", "fashion-mnist", "kmnist"]

TITLES: dict[DatasetName, str] = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST", "kmnist": "KMNIST"}

CLASS_NAMES: dict[DatasetName, tuple[str, ...]] = {
    "mnist": tuple("0123456789"),
    "fashion-mnist": (
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ),
    "kmnist": ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
}

# torchvision keeps the unzipped files of a data set in <root>/<name of its class>/raw.
TORCHVISION_CLASSES: dict[DatasetName, str] = {"fashion-mnist": "FashionMNIST", "kmnist": "KMNIST"}

_STEMS = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


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
    """The folder that holds the four IDX files of ``name``, downloaded or not."""
    if name == "mnist":
        return assets_path() / "mnist"
    return cache_path() / "datasets" / TORCHVISION_CLASSES[name] / "raw"


def files(name: DatasetName) -> tuple[Path, ...]:
    """The IDX files of ``name``: training images and labels, then test images and labels."""
    ending = ".gz" if name == "mnist" else ""
    return tuple(raw_path(name) / f"{stem}{ending}" for stem in _STEMS)


def is_available(name: DatasetName) -> bool:
    """Whether the files of ``name`` are on this disk and may be seen; costs four look-ups and imports nothing."""
    return all(map(is_there, files(name)))
