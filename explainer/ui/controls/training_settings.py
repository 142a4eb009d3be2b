"""What the controls of "Train a CNN" offer, and the values that a preset gives them, by their keys."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explainer.networks.config import NetworkConfig, Pool
from explainer.networks.presets import PRESETS
from explainer.training.config import OptimizerName
from explainer.training.presets import recipe

OWN = "build-your-own"
FIRST_PRESET = "first-steps"
START = "from"  # the preset that one's own network started from, whose values are then the defaults
MAX_BLOCKS, MAX_HIDDEN = 6, 2
SUBSETS = {"all": 0, "10000": 10_000, "1000": 1_000, "500": 500}
RATES = [float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 1.5, 2, 3, 4, 5, 7)] + [10.0, 100.0]
DECAYS = [0.0, 1e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1]
BATCHES = [1, 2, 4, 8, 16, 32, 64, 100, 128, 256, 384, 512, 1000]
SECOND_BETAS = [0.9, 0.95, 0.98, 0.99, 0.999]
POOLS: dict[str, Pool | None] = {
    "none": None,
    "max-2": Pool(),
    "max-3": Pool("max", 3, 3),
    "max-3-stride-2": Pool("max", 3, 2),
    "average-2": Pool("average"),
}
OPTIMIZERS: dict[OptimizerName, str] = {
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "nesterov": "Nesterov",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSProp",
    "adam": "Adam",
    "adamw": "AdamW",
}


def choose_preset() -> None:
    """Another preset brings its regularization and recipe; one's own network starts from the last one's layers."""
    state, last = st.session_state, st.session_state.get("_last_preset", FIRST_PRESET)
    if state.preset == OWN:
        state[START] = last
    state.update(layer_settings(PRESETS[last]) if state.preset == OWN else settings(state.preset))


def settings(preset: str) -> dict[str, Any]:
    """The controls' values that a preset sets, by their keys; the first preset's for a name that is none."""
    network, how = PRESETS.get(preset, PRESETS[FIRST_PRESET]), recipe(preset)
    values: dict[str, Any] = {
        "activation": network.activation,
        "bn": network.batch_norm,
        "dropout": network.dropout,
        "spatial": network.spatial_dropout,
        "opt": how.optimizer,
        "lr": how.learning_rate,
        "schedule": how.schedule,
        "momentum": how.betas[0] if how.optimizer in ("adam", "adamw") else how.momentum,
        "beta2": how.betas[1],
        "l2": how.weight_decay,
        "l1": how.l1,
        "smooth": how.label_smoothing,
        "batch": how.batch_size,
        "epochs": how.epochs,
        "init": how.initialization,
        "shift": how.shift,
        "rotate": int(how.rotate),
    }
    return values | layer_settings(network)


def layer_settings(network: NetworkConfig) -> dict[str, Any]:
    """The values of the builder's controls that give the layers of ``network``."""
    values: dict[str, Any] = {"blocks": len(network.blocks), "hidden": len(network.hidden)}
    values["gap"] = network.global_pool
    if any(block.pairs for block in network.blocks):
        values["skips"] = network.skips
    names = {pool: name for name, pool in POOLS.items()}
    for number, block in enumerate(network.blocks, 1):
        values |= {f"c{number}": block.channels, f"k{number}": block.kernel, f"s{number}": block.stride}
        values |= {f"p{number}": block.padding, f"q{number}": names[block.pool], f"b{number}": block.pairs}
    return values | {f"h{number}": width for number, width in enumerate(network.hidden, 1)}


def number(value: float) -> str:
    """A rate as people write it: 0.002, 3e-5."""
    return f"{value:g}" if value >= 1e-4 or value == 0 else f"{value:.0e}".replace("e-0", "e-")
