"""torchvision's trained networks, fetched by its own loader into PyTorch's own folder when asked for.

The folder is that of ``torch.hub`` (the environment variable TORCH_HOME moves it), so that weights which are on this
computer already are not fetched again. Nothing here imports torch before it must.
"""

from __future__ import annotations

import contextlib
import http.client
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from explainer.data.storage import is_of_storage, is_there, like, not_stored, size
from explainer.data.torchvision_parts import torchvision_part
from explainer.data.watching import SilenceError, UnavailableError, WorkError, run_watched
from explainer.networks.architecture_names import TORCHVISION
from explainer.networks.description import Interpolation, Transform
from explainer.words.book import Said, SaidError

if TYPE_CHECKING:
    from torch import nn

_FAILURES = (RuntimeError, OSError, EOFError, ValueError, http.client.HTTPException, pickle.UnpicklingError)
_BYTES_A_NUMBER = 4


class PretrainedError(SaidError, UnavailableError):
    """The weights cannot be had; the message is one sentence for the visitor."""


@dataclass(frozen=True)
class Pretrained:
    """A network of torchvision: ``megabytes`` to fetch, ``parameters`` of 4 bytes in memory.

    ``quality`` in per cent is what torchvision states: of a classifier its top-1 accuracy on ImageNet, of a segmenter
    its mean IoU and of a detector its mean average precision on COCO. ``version`` is its name for the weights.
    """

    title: str
    parameters: int
    megabytes: float
    quality: float
    version: str = "IMAGENET1K_V1"

    @property
    def memory(self) -> float:
        """Megabytes that its weights take in memory."""
        return self.parameters * _BYTES_A_NUMBER / 1e6


# Figures of torchvision's own tables (Weights.meta), tested against them: parameters, megabytes, top-1 accuracy.
_FIGURES = {
    "alexnet": (61_100_840, 233.087, 56.522),
    "vgg16": (138_357_544, 527.796, 71.592),
    "vgg16_bn": (138_365_992, 527.866, 73.36),
    "googlenet": (6_624_904, 49.731, 69.778),
    "inception_v3": (27_161_264, 103.903, 77.294),
    "resnet18": (11_689_512, 44.661, 69.758),
    "resnet50": (25_557_032, 97.781, 76.13),
    "resnext50_32x4d": (25_028_904, 95.789, 77.618),
    "wide_resnet50_2": (68_883_240, 131.82, 78.468),
    "densenet121": (7_978_856, 30.845, 74.434),
    "densenet169": (14_149_480, 54.708, 75.6),
    "mobilenet_v2": (3_504_872, 13.555, 71.878),
    "mobilenet_v3_large": (5_483_032, 21.114, 74.042),
    "mnasnet1_0": (4_383_312, 16.915, 73.456),
    "regnet_y_400mf": (4_344_144, 16.806, 74.046),
    "efficientnet_b0": (5_288_548, 20.451, 77.692),
    "efficientnet_v2_s": (21_458_488, 82.704, 84.228),
    "convnext_tiny": (28_589_128, 109.119, 82.52),
    "convnext_small": (50_223_688, 191.703, 83.616),
    "shufflenet_v2_x1_0": (2_278_604, 8.791, 69.362),
    "shufflenet_v2_x2_0": (7_393_996, 28.433, 76.23),
    "squeezenet1_1": (1_235_496, 4.729, 58.178),
    "vit_b_16": (86_567_656, 330.285, 81.072),
    "swin_t": (28_288_354, 108.19, 81.474),
    "maxvit_t": (30_919_624, 118.769, 83.7),
}
PRETRAINED = {name: Pretrained(TORCHVISION[name.replace("_", "-")], *figures) for name, figures in _FIGURES.items()}
_OF_VOC = "COCO_WITH_VOC_LABELS_V1"
SEGMENTERS = {
    "lraspp_mobilenet_v3_large": Pretrained("LR-ASPP MobileNet V3", 3_221_538, 12.49, 57.9, _OF_VOC),
    "deeplabv3_mobilenet_v3_large": Pretrained("DeepLab V3 MobileNet V3", 11_029_328, 42.301, 60.3, _OF_VOC),
    "deeplabv3_resnet50": Pretrained("DeepLab V3 ResNet-50", 42_004_074, 160.515, 66.4, _OF_VOC),
    "fcn_resnet50": Pretrained("FCN ResNet-50", 35_322_218, 135.009, 60.5, _OF_VOC),
}
DETECTORS = {
    "ssdlite320_mobilenet_v3_large": Pretrained("SSDLite320 MobileNet V3", 3_440_060, 13.418, 21.3, "COCO_V1"),
    "fasterrcnn_mobilenet_v3_large_320_fpn": Pretrained(
        "Faster R-CNN MobileNet V3 320 FPN", 19_386_354, 74.239, 22.8, "COCO_V1"
    ),
}
_ALL = PRETRAINED | SEGMENTERS | DETECTORS


def weights(name: str) -> Any:
    """torchvision's entry for the weights of ``name``: where they are, what they read, their classes."""
    models = torchvision_part("models")
    return models.get_model_weights(name)[_ALL[name].version]


def transform(entry: Any) -> Transform:
    """What torchvision does to a picture before a network with the weights ``entry`` reads it."""
    preset = entry.transforms()
    interpolation: Interpolation = "bicubic" if preset.interpolation.value == "bicubic" else "bilinear"
    return Transform(preset.crop_size[0], preset.resize_size[0], tuple(preset.mean), tuple(preset.std), interpolation)


def file(name: str) -> Path:
    """Where the weights of ``name`` lie, or will."""
    import torch  # noqa: PLC0415

    return Path(torch.hub.get_dir()) / "checkpoints" / Path(urlsplit(weights(name).url).path).name


def is_fetched(name: str) -> bool:
    """Whether the weights of ``name`` are on this computer."""
    return is_there(file(name))


def build(name: str) -> nn.Module:
    """The network with its weights, as torchvision builds it. Raises PretrainedError where they are not here, or
    damaged."""
    models = torchvision_part("models")
    title, where = _ALL[name].title, file(name)
    if not is_fetched(name):
        raise PretrainedError(Said("pretrained.missing", title=title))
    try:
        module: nn.Module = models.get_model(name, weights=weights(name))
        return module
    except _FAILURES as error:
        if isinstance(error, OSError) and is_of_storage(error):
            reason = str(error.strerror).lower()
            said = Said("pretrained.unreadable", title=title, folder=str(where.parent), reason=reason)
            raise PretrainedError(said) from error
        said = Said("pretrained.damaged", title=title, file=where.name, folder=str(where.parent))
        raise PretrainedError(said) from error


def fetch(name: str, progress: Callable[[float], None]) -> None:
    """Brings the weights of ``name`` to this computer, whole or not at all; does nothing where they are.

    ``progress`` is called several times a second with the share that is done, 0 to 1. Raises PretrainedError
    where they cannot be reached or stored, arrive damaged or stop coming.
    """
    target, total = file(name), _ALL[name].megabytes * 1e6

    def parts() -> set[Path]:
        return like(target.parent, f"{target.name}*.partial")

    try:
        before = parts()
        if not is_there(target):
            run_watched(
                lambda: weights(name).get_state_dict(progress=False, check_hash=True),
                lambda: size(parts() - before),
                total,
                progress,
            )
    except SilenceError as error:
        raise PretrainedError(Said("pretrained.silent", title=_ALL[name].title)) from error
    except WorkError as error:
        if is_of_storage(error.cause):
            _remove(parts() - before)  # torch.hub leaves one behind where the disk is full
        if not isinstance(error.cause, _FAILURES):
            raise
        raise PretrainedError(_said(name, error.cause)) from error
    progress(1.0)


def _remove(files: set[Path]) -> None:
    for part in files:
        with contextlib.suppress(OSError):  # what cannot be removed was said to be in the way already
            part.unlink()


def _said(name: str, error: Exception) -> Said | str:
    """Why a download failed."""
    title = _ALL[name].title
    if isinstance(error, OSError) and is_of_storage(error):
        return not_stored(str(Said("pretrained.stored", title=title)), file(name).parent, "TORCH_HOME", error)
    if "hash" in str(error) or isinstance(error, (pickle.UnpicklingError, EOFError)):
        return Said("pretrained.damaged_on_the_way", title=title)
    host = urlsplit(weights(name).url).hostname or ""
    if name in PRETRAINED:
        return Said("pretrained.unreachable_classifier", title=title, host=host)
    return Said("pretrained.unreachable", title=title, host=host)
