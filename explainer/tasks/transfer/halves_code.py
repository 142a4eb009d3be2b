"""The PyTorch code of the view "Digits" of the page "Transfer learning"."""

from __future__ import annotations

from json import dumps
from textwrap import indent

from explainer.networks.config import NetworkConfig
from explainer.networks.weights import from_bytes
from explainer.tasks.scene_run import LAST, WARM_UP, rate
from explainer.tasks.script_parts_code import joined, sources
from explainer.tasks.transfer.config import WAYS
from explainer.tasks.transfer.halves_config import (
    BATCH,
    CLASSES,
    COUNTS,
    FACTOR,
    FIRST,
    RATE,
    STEPS,
    HalvesConfig,
    first_run,
)
from explainer.training import export
from explainer.training.config import RunConfig
from explainer.training.script_code import MNIST_SOURCE, READ_IDX


def halves_code(config: HalvesConfig) -> str | None:
    """Python source that trains all networks, and ends with ``accuracy`` (ways, counts, seeds).

    A network that is begun with is read from a file. None where that has blocks, which the script cannot build.
    """
    network = from_bytes(config.weights)[0] if config.weights else first_run(config).network
    if any(block.pairs for block in network.blocks):
        return None
    parts = [
        _HEAD.format(
            source=MNIST_SOURCE,
            math="" if config.weights else "import math\n",
            safetensors="import safetensors.torch\n" if config.weights else "",
        ),
        _constants(config),
        READ_IDX,
        _HALF,
        f"def fresh():\n{indent(_made(network), '    ')}",
        *([_known(config.weights)] if config.weights else _learned(first_run(config))),
        *sources(rate),
        _WAYS.format(classes=CLASSES, batch=BATCH, steps=STEPS),
    ]
    return joined(part.strip("\n") for part in parts)


def _constants(config: HalvesConfig) -> str:
    lines = [
        f"WAYS, COUNTS, SEEDS, FIRST_SEED = {dumps(WAYS)}, {COUNTS}, {config.seeds}, {config.seed}",
        f"RATE, FACTOR = {RATE}, {FACTOR}  # the peak, of new weights; the share of it for old ones",
        f"WARM_UP, LAST = {WARM_UP}, {LAST!r}",
    ]
    return "\n".join(lines)


def _made(network: NetworkConfig) -> str:
    return export.network_code(network).replace("network = ", "return ", 1)


def _known(weights: bytes) -> str:
    """The file of a network, whose modules have names there."""
    names = "".join(f"    {dumps(name)},\n" for name in from_bytes(weights)[1].state_dict())
    return (
        "network = fresh()  # begun with: a file that Train a CNN has saved, or one of the app's in assets/readers\n"
        'saved = safetensors.torch.load_file("weights.safetensors")\n'
        f"names = [\n{names}]\n"
        "network.load_state_dict(dict(zip(network.state_dict(), map(saved.get, names), strict=True)))"
    )


def _learned(run: RunConfig) -> list[str]:
    """The training of a network on the first half, as the script of such a run has it."""
    whole = export.script(run)
    settings = whole[whole.index("SEED, EPOCHS, BATCH") : whole.index("\nfolder = ")].replace("60000", str(FIRST))
    training = whole[whole.index("network = network.to(") : whole.index("if len(sys.argv) > 2:")]
    given = "train_images, train_labels, test_images, test_labels = half(0)\nchosen = torch.arange(len(train_images))"
    return [settings.strip(), given, "network = fresh()", training]


_HEAD = '''
"""From the digits 0 to 4 to 5 to 9: with a new last layer, fine-tuned, and from scratch.

Trains on the CPU, exactly as the runs that this script stands for:

    python this_file.py [FOLDER_OF_DATA]

{source}
Needs PyTorch, NumPy and safetensors. With the same number of threads the numbers are
the same to the last digit; with another, sums are rounded differently.
"""

import copy
import gzip
{math}import sys
from math import cos, pi
from pathlib import Path

import numpy as np
{safetensors}import torch
import torch.nn.functional as F
from torch import nn
'''

_HALF = '''
everything = train_images, train_labels, test_images, test_labels


def half(start):
    """The digits of five classes alone, from ``start`` on, which are then called 0 to 4."""
    found = []
    for images, labels in (everything[:2], everything[2:]):
        own = (labels >= start) & (labels < start + 5)
        found += [images[own], labels[own] - start]
    return found
'''

_WAYS = '''
known = copy.deepcopy(network)
images, labels, unseen, truth = half({classes})


def standard(pixels):
    """0..255 to mean 0 and standard deviation 1 over MNIST."""
    return (pixels.float() / 255 - 0.1307) / 0.3081


def few(count, seed):
    """So many digits of each class to learn from."""
    chance = np.random.default_rng(seed)
    orders = [chance.permutation(np.flatnonzero(labels.numpy() == label)) for label in range({classes})]
    own = np.concatenate([order[:count] for order in orders])
    return standard(images[own]), labels[own]


def begun(way, seed):
    """The network with a new last layer; from scratch all of it is new."""
    torch.manual_seed(seed)
    network = fresh() if way == "scratch" else copy.deepcopy(known).eval()
    network.requires_grad_(way != "frozen")
    network[-1] = nn.Linear(network[-1].in_features, {classes})
    return network


def taught(network, way, pixels, right, seed):
    """Trains the network; a frozen one is in evaluation mode throughout."""
    old = [weights for weights in network[:-1].parameters() if weights.requires_grad]
    groups = [{{"params": list(network[-1].parameters()), "share": 1.0}}]
    groups += [{{"params": old, "share": FACTOR if way == "fine-tuned" else 1.0}}] if old else []
    optimizer = torch.optim.AdamW(groups, RATE)
    chance = torch.Generator().manual_seed(seed)
    network.train(way != "frozen")
    for step in range(1, {steps} + 1):
        for group in optimizer.param_groups:
            group["lr"] = RATE * group["share"] * rate(step / {steps})
        own = torch.randperm(len(right), generator=chance)[:{batch}]
        loss = F.cross_entropy(network(pixels[own]), right[own])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


accuracy = np.zeros((len(WAYS), len(COUNTS), SEEDS))
for seed in range(SEEDS):
    for number, count in enumerate(COUNTS):
        pixels, right = few(count, FIRST_SEED + seed)
        for kind, way in enumerate(WAYS):
            network = begun(way, FIRST_SEED + seed)
            taught(network, way, pixels, right, FIRST_SEED + seed)
            network.eval()
            with torch.inference_mode():
                found = torch.cat([network(standard(part)).argmax(dim=1) for part in unseen.split(500)])
            accuracy[kind, number, seed] = (found == truth).double().mean()
for kind, way in enumerate(WAYS):
    means = ", ".join(f"{{mean:.3f}}" for mean in accuracy[kind].mean(axis=1))
    print(f"{{way}}, with {{COUNTS}} pictures a class: {{means}}")
'''
