"""The networks that can be looked into, by name: bundled ones, torchvision's, and those that a visitor trained.

SqueezeNet: F. Iandola et al. 2016, arXiv:1602.07360.
"""

from __future__ import annotations

import functools
import hashlib
import threading

import safetensors.torch
import torch
from cachetools import cached
from torch import nn

from explainer.data.assets import assets_path
from explainer.data.catalogue import CLASS_NAMES
from explainer.data.torchvision_parts import torchvision_part
from explainer.device import device
from explainer.memory import bounds
from explainer.networks import pretrained
from explainer.networks.build import COLOUR_MEAN, COLOUR_STD, MEAN, STD
from explainer.networks.config import Reads
from explainer.networks.description import Transform
from explainer.networks.graph import Network, trace
from explainer.networks.latest import latest_networks
from explainer.networks.plan import layers, path
from explainer.networks.weights import from_bytes

READERS = {"digits": "plain", "digits-bn": "batch_norm"}
BUNDLED = {
    "digits": "Digit reader",
    "digits-bn": "Digit reader with batch normalization",
    "squeezenet": "SqueezeNet on photographs",
}
DIGITS = Transform(28, 28, (MEAN,), (STD,))
COLOUR = Transform(32, 32, COLOUR_MEAN, COLOUR_STD)
TRANSFORMS: dict[Reads, Transform] = {"digits": DIGITS, "colour": COLOUR}


def load(name: str) -> Network:
    """The network called ``name``: one of ``BUNDLED``, or of ``pretrained.PRETRAINED`` once it has been fetched.

    The same object every time, on ``device()``; what was fetched stays in memory as ``explainer.memory`` allows.
    Raises KeyError for another name, PretrainedError, a sentence, where the weights are not on this computer.
    """
    if name in BUNDLED:
        return _bundled(name)
    if name not in pretrained.PRETRAINED:
        raise KeyError(name)
    return _pretrained(name)


def name_of(network: Network) -> str | None:
    """What ``load`` calls a network of these weights, None for one that a visitor trained."""
    return _names().get(network.key)


@functools.cache
def _names() -> dict[str, str]:
    """The names of ``load`` by the keys of their networks."""
    readers = {_key(reader(name)): name for name in READERS}
    return readers | {name: name for name in (*BUNDLED, *pretrained.PRETRAINED) if name not in READERS}


def reader(name: str) -> bytes:
    """The weights file of the bundled reader of digits called ``name``, one of ``READERS``."""
    return (assets_path() / "readers" / f"{READERS[name]}.safetensors").read_bytes()


def _key(weights: bytes) -> str:
    return hashlib.sha256(weights).hexdigest()[:16]


def _by_digest(weights: bytes, *others: object) -> tuple[object, ...]:
    """A key that does not keep the file."""
    return hashlib.sha256(weights).hexdigest(), *others


@cached(latest_networks(bounds().trained), key=_by_digest, condition=threading.Condition())
def trained(weights: bytes, title: str, classes: tuple[str, ...] = CLASS_NAMES["mnist"]) -> Network:
    """The network in a weights file of this app. Raises WeightsError, a sentence, where it is none.

    The same object for the same file, as long as ``explainer.memory`` has room for it.
    """
    config, module, _ = from_bytes(weights)
    names = {path(layer): layer.name for layer in layers(config)}
    return trace(module.to(device()), _key(weights), title, classes, TRANSFORMS[config.reads], titles=names)


@functools.cache
def _bundled(name: str) -> Network:
    if name in READERS:
        return trained(reader(name), BUNDLED[name])
    models = torchvision_part("models")
    meta = models.SqueezeNet1_0_Weights.IMAGENET1K_V1
    classes, read = tuple(meta.meta["categories"]), pretrained.transform(meta)
    return trace(squeezenet(), name, BUNDLED[name], classes, read)


@functools.cache
def squeezenet() -> nn.Module:
    """The bundled SqueezeNet as torchvision builds it, frozen and in evaluation mode: to be read, never changed."""
    models = torchvision_part("models")
    with torch.device("meta"):  # no memory for weights that are replaced
        module = models.squeezenet1_0()
    state = safetensors.torch.load_file(assets_path() / "squeezenet" / "weights.safetensors")
    module.load_state_dict({name: values.to(torch.float32) for name, values in state.items()}, assign=True)
    return module.to(device()).eval().requires_grad_(False)  # type: ignore[no-any-return]


@cached(latest_networks(bounds().fetched), condition=threading.Condition())
def _pretrained(name: str) -> Network:
    entry = pretrained.weights(name)
    module = pretrained.build(name).to(device())
    classes = tuple(entry.meta["categories"])
    return trace(module, name, pretrained.PRETRAINED[name].title, classes, pretrained.transform(entry))


__all__ = ["BUNDLED", "READERS", "load", "name_of", "reader", "squeezenet", "trained"]
