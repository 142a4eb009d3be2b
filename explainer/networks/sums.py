"""The welcome page's network before its activations: what each convolution computes for ten test digits."""

from __future__ import annotations

import functools

import numpy as np
import torch
from numpy.typing import NDArray

from explainer.data import forward_pass
from explainer.data.assets import assets_path
from explainer.networks.build import normalize
from explainer.networks.weights import from_bytes

Maps = NDArray[np.float32]


@functools.cache
def convolution_sums() -> tuple[Maps, Maps]:
    """The outputs of the first and of the second convolution before their ReLUs, float32 and read-only.

    (10, 4, 28, 28) and (10, 8, 14, 14), for the ten test digits of ``forward_pass.load()``, by class; on the CPU,
    computed once per process.
    """
    digits = forward_pass.load().parts[0].values
    _, network, _ = from_bytes((assets_path() / "welcome" / "network.safetensors").read_bytes())
    values = normalize(torch.from_numpy(digits.copy()))
    found = []
    with torch.inference_mode():
        for name, layer in network.named_children():
            values = layer(values)
            if name.startswith("convolution"):
                found.append(values.numpy().copy())
    for maps in found:
        maps.flags.writeable = False
    return found[0], found[1]
