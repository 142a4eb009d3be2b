"""Names of runs: the network, and in what the run differs from its preset."""

from __future__ import annotations

from collections.abc import Sequence

from explainer.networks.config import NetworkConfig
from explainer.networks.plan import depth
from explainer.networks.presets import PRESETS, title
from explainer.training.config import Recipe, RunConfig

_NETWORK = {"batch_norm": "batch norm", "dropout": "dropout", "spatial_dropout": "spatial dropout"}
_RECIPE = {
    "weight_decay": "weight decay",
    "l1": "L1",
    "label_smoothing": "label smoothing",
    "batch_size": "batch",
    "epochs": "epochs",
    "initialization": "init",
    "shift": "shift",
    "rotate": "rotate",
    "momentum": "momentum",
    "betas": "betas",
}


def name(config: RunConfig, recipe: Recipe) -> str:
    """ "Wider, dropout 0.25, + batch norm": the preset's title, then what differs from it and from ``recipe``."""
    network, base = _closest(config.network)
    return ", ".join(
        [network, *_of_network(base, config.network), *_of_recipe(recipe, config.recipe), *_of_data(config)]
    )


def name_beside(config: RunConfig, before: RunConfig, recipe: Recipe) -> str:
    """The ``name`` of ``config``, which also says in what it differs from ``before``, as in "Wider, no dropout"."""
    parts = name(config, recipe).split(", ")
    differs = [*_of_network(before.network, config.network), *_of_recipe(before.recipe, config.recipe)]
    return ", ".join([*parts, *(part for part in differs if part not in parts)])


def short(names: Sequence[str]) -> list[str]:
    """Each of the different names less the parts that all of them share; its first part where nothing else is left.

    "Wider, 1,000 digits" and "Wider, dropout 0.25, 1,000 digits" become "Wider" and "dropout 0.25".
    """
    parts = [name.split(", ") for name in names]
    shared = set.intersection(*map(set, parts)) if len(parts) > 1 else set()
    return [", ".join(part for part in own if part not in shared) or own[0] for own in parts]


def _closest(network: NetworkConfig) -> tuple[str, NetworkConfig]:
    """The title of the preset with the same layers, whatever its regularization, and its network."""
    for preset, base in PRESETS.items():
        if _layers(base) == _layers(network):
            return str(title(preset)), base
    layers, has_pairs = depth(network), any(block.pairs for block in network.blocks)
    own = f"Own, {layers} layer{'s' if layers > 1 else ''}" + (f", {network.skips}" if has_pairs else "")
    return own, NetworkConfig(network.blocks, network.hidden)


def _layers(network: NetworkConfig) -> tuple[object, ...]:
    """What tells networks apart whatever their regularization; skips only where there are pairs to skip."""
    skips = network.skips if any(block.pairs for block in network.blocks) else None
    return network.blocks, network.hidden, network.activation, network.global_pool, skips


def _of_network(base: NetworkConfig, network: NetworkConfig) -> list[str]:
    return [text for field, label in _NETWORK.items() if (text := _changed(base, network, field, label))]


def _of_recipe(base: Recipe, recipe: Recipe) -> list[str]:
    texts = []
    if (recipe.optimizer, recipe.learning_rate) != (base.optimizer, base.learning_rate):
        texts.append(f"{recipe.optimizer} {recipe.learning_rate:g}")
    if recipe.schedule != base.schedule:
        texts.append(recipe.schedule)
    return texts + [text for field, label in _RECIPE.items() if (text := _changed(base, recipe, field, label))]


def _of_data(config: RunConfig) -> list[str]:
    texts: list[str] = [] if config.dataset == "mnist" else [config.dataset]
    texts += [f"{config.subset:,} digits"] if config.subset else []
    return texts + ([f"seed {config.seed}"] if config.seed else [])


def _changed(base: object, now: object, field: str, label: str) -> str:
    before, value = getattr(base, field), getattr(now, field)
    if before == value:
        return ""
    if isinstance(value, bool):
        return f"{'+' if value else 'no'} {label}"
    if not value:
        return f"no {label}"
    return f"{label} {value:g}" if isinstance(value, int | float) else f"{label} {value}"
