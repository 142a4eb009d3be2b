"""The controls of a run in four groups, every one bound to the address bar, read into one RunConfig."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Literal, get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.data.catalogue import COLOUR, TITLES
from explainer.data.digits import download, is_available
from explainer.networks.config import ActivationName, Block, NetworkConfig, Padding, Skips
from explainer.networks.plan import MAX_PAIRS
from explainer.networks.presets import PRESETS
from explainer.training.config import InitializationName, OptimizerName, Recipe, RunConfig, ScheduleName, reads
from explainer.ui.components.address import forget
from explainer.ui.controls.choice import choice, segmented, undrawn
from explainer.ui.controls.training_settings import (
    BATCHES,
    DECAYS,
    FIRST_PRESET,
    MAX_BLOCKS,
    MAX_HIDDEN,
    OPTIMIZERS,
    OWN,
    POOLS,
    RATES,
    SECOND_BETAS,
    START,
    SUBSETS,
    choose_preset,
    number,
    settings,
)
from explainer.ui.frame.downloading import Offer, offer
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.training.train import names

LINK: Literal["query-params"] = "query-params"
Settings = dict[str, Any]  # the values that a preset gives the controls, by their keys


def run_config(changed: Callable[[str], None], layers_tab: DeltaGenerator) -> RunConfig:
    """Draws the four groups and reads them; ``changed(key)`` is called when "lr" or "dropout" is moved.

    The builder of one's own network is drawn into ``layers_tab``. The defaults are the chosen preset's, so that a
    link names the preset and what differs from it.
    """
    titles = _summaries()
    with _group("network", titles):
        preset = _preset()
        start = undrawn(names.presets(), START, first=OWN) if preset == OWN else preset
        default = settings(start)
        activation = _activation(preset, default)
    with layers_tab:
        network = _builder(default) if preset == OWN else PRESETS[preset]
    config = RunConfig(replace(network, activation=activation))
    with _group("data", titles):
        config = _data(config)
    with _group("regularization", titles):
        config = _regularization(config, default, changed)
    with _group("optimization", titles):
        config = _optimization(config, default, changed)
    at_default = [name for name, value in default.items() if _now(name, value) == value]
    forget(at_default, when=f"{preset} {start}", key="address")
    if _summaries() != titles:
        st.rerun()  # what a link says is known only once the controls have read it
    return config


def _builder(default: Settings) -> NetworkConfig:
    """The layers of one's own network."""
    top = st.columns([0.8, 1.3, 1], vertical_alignment="bottom")
    count = top[0].slider(_says("convolutions"), 0, MAX_BLOCKS, default["blocks"], key="blocks", bind=LINK)
    hidden = top[1].slider(_says("hidden"), 0, MAX_HIDDEN, default["hidden"], key="hidden", bind=LINK)
    averages = top[2].toggle(_says("global_pool"), default["gap"], key="gap", bind=LINK, help=_says("global_pool_help"))
    blocks: tuple[Block, ...] = ()
    for n in range(1, count + 1):
        blocks += (_block(n, 1 + sum(1 + 2 * block.pairs for block in blocks), default),)
    skips = _skips(default) if any(block.pairs for block in blocks) else NetworkConfig.skips
    widths = st.columns(MAX_HIDDEN)
    neurons = tuple(_width(widths[n - 1], n, default) for n in range(1, hidden + 1))
    return NetworkConfig(blocks, neurons, skips=skips, global_pool=averages)


def _block(n: int, convolution: int, default: Settings) -> Block:
    """The row of a convolution, which is number ``convolution`` in the network, since blocks have some, too."""
    columns, channels = st.columns(6, vertical_alignment="bottom"), _says("channels", number=convolution)
    paddings: dict[Padding, str] = labels("train.paddings.{}", get_args(Padding))
    poolings = labels("train.poolings.{}", POOLS)
    return Block(
        int(columns[0].number_input(channels, 1, 128, default.get(f"c{n}", 8), key=f"c{n}", bind=LINK)),
        int(columns[1].number_input(_says("kernel"), 1, 11, default.get(f"k{n}", 3), key=f"k{n}", bind=LINK)),
        int(columns[2].number_input(_says("stride"), 1, 4, default.get(f"s{n}", 1), key=f"s{n}", bind=LINK)),
        choice(_says("padding"), paddings, f"p{n}", first=default.get(f"p{n}"), place=columns[3]),
        POOLS[choice(_says("pooling"), poolings, f"q{n}", first=default.get(f"q{n}"), place=columns[5])],
        _pairs(columns[4], n, default),
    )


def _pairs(column: DeltaGenerator, n: int, default: Settings) -> int:
    """How many building blocks follow a convolution."""
    label, blocks = _says("pairs"), default.get(f"b{n}", 0)
    return int(column.number_input(label, 0, MAX_PAIRS, blocks, key=f"b{n}", bind=LINK, help=_says("pairs_help")))


def _skips(default: Settings) -> Skips:
    """What becomes of the blocks, drawn only where there are some."""
    kinds: dict[Skips, str] = labels("train.skips.{}", get_args(Skips))
    return segmented(
        _says("skips"), kinds, "skips", first=default.get("skips", NetworkConfig.skips), help=_says("skips_help")
    )


def _width(column: DeltaGenerator, n: int, default: Settings) -> int:
    label = _says("neurons", number=n)
    return int(column.number_input(label, 1, 2_000, default.get(f"h{n}", 100), key=f"h{n}", bind=LINK))


def _group(name: str, summaries: dict[str, Said | str]) -> DeltaGenerator:
    return st.expander(say(f"train.groups.{name}", summary=summaries[name]), key=f"group_{name}")


def _data(config: RunConfig) -> RunConfig:
    dataset = choice(_says("dataset"), TITLES, "data")
    cost = say("train.colour.cost") if dataset in COLOUR else ""
    offer(Offer(dataset, TITLES[dataset], partial(is_available, dataset), partial(download, dataset), cost))
    label = say("train.colour.pictures") if dataset in COLOUR else _says("digits")
    digits = segmented(label, names.subsets(), "digits")
    seed = st.number_input(
        _says("seed"),
        min_value=0,
        max_value=9_999,
        value=0,
        key="seed",
        bind=LINK,
        help=_says("seed_help"),
    )
    network = replace(config.network, reads=reads(dataset))
    return replace(config, network=network, dataset=dataset, subset=SUBSETS[digits], seed=int(seed))


def _preset() -> str:
    preset = choice(_says("preset"), names.presets(), "preset", first=FIRST_PRESET, on_change=choose_preset)
    if preset != OWN:
        st.session_state["_last_preset"] = preset
    return preset


def _activation(preset: str, default: Settings) -> ActivationName:
    activations = labels("train.activations.{}", get_args(ActivationName))
    activation: ActivationName = choice(_says("activation"), activations, "activation", first=default["activation"])
    if preset == OWN:
        st.caption(_says("own"))
    return activation


def _regularization(config: RunConfig, default: Settings, changed: Callable[[str], None]) -> RunConfig:
    network = replace(
        config.network,
        batch_norm=st.toggle(_says("batch_norm"), default["bn"], key="bn", bind=LINK),
        dropout=st.slider(
            _says("dropout"),
            min_value=0.0,
            max_value=0.9,
            value=default["dropout"],
            step=0.05,
            key="dropout",
            bind=LINK,
            on_change=changed,
            args=("dropout",),
            help=_says("dropout_help"),
        ),
        spatial_dropout=st.slider(
            _says("spatial_dropout"),
            min_value=0.0,
            max_value=0.5,
            value=default["spatial"],
            step=0.05,
            key="spatial",
            bind=LINK,
            help=_says("spatial_dropout_help"),
        ),
    )
    left, right = st.columns(2)
    decay = float(default["l2"])
    recipe = replace(
        config.recipe,
        shift=left.slider(_says("shift"), 0, 4, default["shift"], key="shift", bind=LINK),
        rotate=right.slider(_says("rotate"), 0, 45, default["rotate"], 5, key="rotate", bind=LINK),
        weight_decay=left.select_slider(_says("weight_decay"), DECAYS, decay, number, key="l2", bind=LINK),
        l1=right.select_slider(_says("l1"), DECAYS, float(default["l1"]), number, key="l1", bind=LINK),
        label_smoothing=st.slider(_says("label_smoothing"), 0.0, 0.3, default["smooth"], 0.05, key="smooth", bind=LINK),
    )
    return replace(config, network=network, recipe=recipe)


def _optimization(config: RunConfig, default: Settings, changed: Callable[[str], None]) -> RunConfig:
    optimizer: OptimizerName = choice(_says("optimizer"), OPTIMIZERS, "opt", first=default["opt"])
    rate = st.select_slider(
        _says("rate"),
        RATES,
        float(default["lr"]),
        number,
        key="lr",
        bind=LINK,
        on_change=changed,
        args=("lr",),
        help=_says("rate_help"),
    )
    left, right = st.columns(2)
    schedules: dict[ScheduleName, str] = labels("train.schedules.{}", get_args(ScheduleName))
    starts: dict[InitializationName, str] = labels("train.initializations.{}", get_args(InitializationName))
    recipe = replace(
        _momentum(config.recipe, optimizer, default),
        optimizer=optimizer,
        learning_rate=rate,
        batch_size=left.select_slider(_says("batch_size"), BATCHES, int(default["batch"]), key="batch", bind=LINK),
        epochs=right.slider(_says("epochs"), 1, 100, default["epochs"], key="epochs", bind=LINK),
        schedule=choice(_says("schedule"), schedules, "schedule", first=default["schedule"], place=left),
        initialization=choice(_says("initialization"), starts, "init", first=default["init"], place=right),
    )
    return replace(config, recipe=recipe)


def _momentum(recipe: Recipe, optimizer: OptimizerName, default: Settings) -> Recipe:
    """The optimizer's own constants, drawn only where it has them."""
    if optimizer not in ("momentum", "nesterov", "adam", "adamw"):
        return recipe
    adam = optimizer in ("adam", "adamw")
    label = _says("first_beta" if adam else "momentum")
    momentum = st.slider(label, 0.0, 0.99, default["momentum"], 0.01, key="momentum", bind=LINK)
    if not adam:
        return replace(recipe, momentum=momentum)
    label = _says("second_beta")
    second = st.select_slider(label, SECOND_BETAS, float(default["beta2"]), key="beta2", bind=LINK)
    return replace(recipe, betas=(momentum, second))


def _summaries() -> dict[str, Said | str]:
    """What stands in the titles of the groups, from what the controls hold before they are drawn."""
    preset = _now("preset", FIRST_PRESET)
    default = settings(_now(START, OWN) if preset == OWN else preset)
    optimizer, rate = OPTIMIZERS[_now("opt", default["opt"])], number(_now("lr", default["lr"]))
    return {
        "network": names.presets()[preset],
        "data": _data_summary(),
        "regularization": _regularization_summary(default),
        "optimization": Said(
            "train.summary.optimization", optimizer=optimizer, rate=rate, epochs=_now("epochs", default["epochs"])
        ),
    }


def _data_summary() -> Said:
    name, digits = _now("data", "mnist"), _now("digits", "all")
    dataset, is_colour = TITLES[name], name in COLOUR
    if digits == "all":
        return Said("train.colour.all_pictures" if is_colour else "train.summary.all_digits", dataset=dataset)
    said = "train.colour.some_pictures" if is_colour else "train.summary.digits"
    return Said(said, dataset=dataset, digits=SUBSETS[digits])


def _regularization_summary(default: Settings) -> Said:
    others = sum(bool(_now(key, default[key])) for key in ("spatial", "shift", "rotate", "l2", "l1", "smooth"))
    parts = [Said("train.summary.batch_norm")] if _now("bn", default["bn"]) else []
    if rate := _now("dropout", default["dropout"]):
        parts.append(Said("train.summary.dropout", rate=rate))
    if others:
        parts.append(Said("train.summary.more" if parts else "train.summary.on", count=others))
    return Said("train.summary.parts", parts=tuple(parts)) if parts else Said("train.summary.none")


def _now(key: str, default: Any) -> Any:
    """A control's value before it is drawn."""
    return st.session_state.get(key, default)


def _says(name: str, **values: int) -> str:
    return say(f"train.controls.{name}", **values)
