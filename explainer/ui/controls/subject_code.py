"""The code that makes the network and the picture that a visitor chose."""

from __future__ import annotations

from explainer.layers.code import literal
from explainer.networks import zoo
from explainer.networks.graph import Network
from explainer.ui.controls.inputs import PHOTOS
from explainer.ui.controls.subject import PICTURE, Subject

_LARGEST = 32  # pixels: pictures up to this side are written out


def network_code(network: Network) -> str:
    """An expression that is the network."""
    name = zoo.name_of(network)
    if name is not None:
        return f'zoo.load("{name}")'
    return 'zoo.trained(open("weights.safetensors", "rb").read(), "Yours")  # saved under Take it home'


def picture_code(subject: Subject) -> str:
    """Lines that make ``inputs`` of the picture."""
    if subject.kind in PHOTOS:
        return "\n".join(
            (
                "from explainer.data.samples import original",
                "from explainer.networks.reading import shown",
                f'inputs = to_input(transform, shown(transform, original("{subject.kind}")))',
            )
        )
    if subject.kind == PICTURE:
        return "\n".join(
            (
                "from explainer.data.digits import load",
                f'inputs = to_input(transform, load("cifar-10").test_images[{subject.number}])',
            )
        )
    if subject.pixels.ndim == 2 and subject.pixels.shape[0] <= _LARGEST:
        return literal("pixels", subject.pixels) + "\ninputs = to_input(transform, pixels.numpy().astype('uint8'))"
    return "\n".join(
        (
            "from pathlib import Path",
            "from explainer.data.images import read_image",
            "from explainer.networks.reading import shown",
            'picture = read_image(Path("picture.png").read_bytes(), "picture.png")  # your picture',
            "inputs = to_input(transform, shown(transform, picture))",
        )
    )
