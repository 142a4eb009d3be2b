"""An autoencoder's run as a PyTorch script that needs nothing of this package: only what the run used is in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from explainer.data import digits
from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.autoencoder import data, network
from explainer.tasks.autoencoder.config import AutoencoderConfig, is_possible
from explainer.tasks.scene_run import BETAS, DECAY, LAST, WARM_UP, rate
from explainer.tasks.script_parts_code import changes_table, joined, sources
from explainer.training.messages import Changed
from explainer.training.script_code import MNIST_SOURCE, READ_IDX
from explainer.words.book import Said

_HEAD = '''
"""An autoencoder ({network}) with a code of {code} numbers, {count:,} digits.

Trains on the CPU, exactly as the run that this script stands for:

    python this_file.py [FOLDER_OF_DATA] [WEIGHTS_TO_WRITE.npz]

{source}
Needs PyTorch and NumPy. With the same number of threads the numbers are the same to
the last digit; with another, sums are rounded differently.
"""

from __future__ import annotations

import gzip
import sys
{ordered}from math import cos, pi
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor, nn
from torch.nn import functional
'''

_ORDERED, _PAIRWISE = "from collections import OrderedDict\n", "from itertools import pairwise\n"
_NETWORK = """
network = {name}({code})
network = network.to(memory_format=torch.channels_last)
optimizer = torch.optim.AdamW(network.parameters(), betas={betas}, weight_decay={decay}, fused=True)
lessons = Lessons(train_images[:, 0], SEED, NOISE)
"""

_LOOP = """
losses = []
for step in range(STOP):
    now |= CHANGES.get(step, {})
    for group in optimizer.param_groups:
        group["lr"] = now["learning_rate"] * rate((step + 1) / STEPS)
    inputs, targets = lessons.draw(min(BATCH, COUNT - BATCH * step))
    loss = functional.mse_loss(network(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if (step + 1) % 250 == 0 or step + 1 == STOP:
        print(f"step {step + 1}: mean squared error {np.mean(losses[-250:]):.4f}")
"""

_TEST = """
network.eval()
chosen = subset_indices(test_labels.numpy().astype(np.uint8), TESTED, TEST_SEED)
clean = test_images[torch.from_numpy(chosen)].float() / 255
seen = noisy(clean, NOISE, Generator().manual_seed(TEST_SEED))
with torch.inference_mode():
    codes = network.encoder(seen)
    error = functional.mse_loss(network.decoder(codes), clean)
print(f"{len(chosen):,} test digits: mean squared error {error:.4f}")
"""

_SAVE = """
if len(sys.argv) > 2:
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    np.savez(sys.argv[2], losses=np.array(losses), **state)
"""


def script(config: AutoencoderConfig, changes: Sequence[Changed] = (), steps: int | None = None) -> str:
    """Python source that trains ``config`` as it was trained here, on the CPU, to the same numbers.

    ``changes`` are made at their steps, and the run ends after ``steps`` steps where that is given. Its functions are
    those of this package, word for word. Raises ImpossibleNetworkError for a configuration that is not possible.
    """
    if not is_possible(config):
        raise ImpossibleNetworkError(Said("autoencoder.impossible"))
    parts = [
        _head(config),
        _constants(config, steps),
        READ_IDX,
        *sources(network.Autoencoder, *_makers(config)),
        *sources(data.noisy, data.Lessons, digits.subset_indices, digits._quotas, rate),
        _NETWORK.format(name=config.network, code=config.code, betas=BETAS, decay=DECAY),
        changes_table({"learning_rate": config.learning_rate}, changes),
        _LOOP,
        _TEST,
        _SAVE,
    ]
    return joined(part.strip("\n") for part in parts)


def _head(config: AutoencoderConfig) -> str:
    ordered = {"linear": _ORDERED, "dense": _PAIRWISE}.get(config.network, "")
    return _HEAD.format(
        network=config.network, code=config.code, count=config.scenes, source=MNIST_SOURCE, ordered=ordered
    )


def _constants(config: AutoencoderConfig, steps: int | None) -> str:
    """Numbers of the run, then those that the functions below read."""
    widths = {
        "dense": [f"WIDTHS = {network.WIDTHS}"],
        "convolutional": [f"MAPS, HIDDEN = {network.MAPS}, {network.HIDDEN}"],
        "linear": [],
    }
    lines = [
        f"SEED, COUNT, BATCH, NOISE = {config.seed}, {config.scenes}, {config.batch_size}, {config.noise}",
        "STEPS = -(-COUNT // BATCH)",
        f"STOP = {config.steps if steps is None else min(steps, config.steps)}  # after so many steps",
        f"WARM_UP, LAST = {WARM_UP}, {LAST!r}",
        *widths[config.network],
        f"TESTED, TEST_SEED, NOISE_SEED = {data.TESTED}, {data.TEST_SEED}, {data.NOISE_SEED}",
        "torch.manual_seed(SEED)",
    ]
    return "\n".join(lines)


def _makers(config: AutoencoderConfig) -> list[Callable[..., Any]]:
    makers: dict[str, list[Callable[..., Any]]] = {
        "dense": [network.dense_block, network.dense],
        "convolutional": [network.dense_block, network.convolution, network.convolutional],
        "linear": [network.linear],
    }
    return makers[config.network]
