"""A network that was taught other classes, as a file, and as one to look into.

The file is one of safetensors with the run's configuration in the metadata, without its pictures; nothing is unpickled.
"""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import replace

from cachetools import cached
from pydantic import TypeAdapter

from explainer.data.names import one_line
from explainer.device import device
from explainer.memory import bounds
from explainer.networks import zoo
from explainer.networks.description import Transform
from explainer.networks.graph import Network, trace
from explainer.networks.latest import latest_networks
from explainer.tasks.run_file import RunFile
from explainer.tasks.transfer.collection import MOST_NAME
from explainer.tasks.transfer.config import TransferConfig
from explainer.tasks.transfer.network import bare

FORMAT = "inside-a-cnn-transfer 1"


def _without_pictures(config: TransferConfig) -> TransferConfig:
    names = tuple(one_line(name)[:MOST_NAME] for name in config.classes)
    return replace(config, pictures=(), classes=names)


_FILE = RunFile(FORMAT, TypeAdapter(TransferConfig), bare, _without_pictures)
to_bytes, from_bytes = _FILE.to_bytes, _FILE.from_bytes


def _by_digest(weights: bytes, *others: object) -> tuple[object, ...]:
    """A key that does not keep the file."""
    return hashlib.sha256(weights).hexdigest(), *others


@cached(latest_networks(bounds().trained // 4), key=_by_digest, condition=threading.Condition())
def taught(weights: bytes, title: str, names: tuple[str, ...]) -> Network:
    """The network in such a file, to be looked into; ``names`` are those of its classes. Raises WeightsError.

    The same object for the same file, as long as there is room for it.
    """
    config, module = from_bytes(weights)
    read = zoo.load("squeezenet").description.transform
    transform = Transform(config.side, config.side, read.mean, read.std)
    key = hashlib.sha256(weights).hexdigest()[:16]
    return trace(module.to(device()), key, title, names, transform)


def plain_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of classes without what could be markup on a page; a number for one of which nothing is left."""
    plain = [" ".join(re.sub(r"[^\w\s,-]|_", " ", name).split()).strip(" ,-") for name in names]
    return tuple(name or str(number + 1) for number, name in enumerate(plain))
