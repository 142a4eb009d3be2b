from __future__ import annotations

from dataclasses import fields, replace

import pytest

from explainer.networks.config import Block, NetworkConfig
from explainer.networks.presets import PRESETS
from explainer.training import naming
from explainer.training.config import Recipe, RunConfig
from explainer.training.twins import SWITCHES, twin

PLAIN = Recipe()
WIDER = RunConfig(PRESETS["wider"], PLAIN)


def changed(**values: object) -> RunConfig:
    return replace(WIDER, recipe=replace(PLAIN, **values))


@pytest.mark.parametrize(
    ("config", "name"),
    [
        (WIDER, "Wider"),
        (replace(WIDER, network=replace(WIDER.network, dropout=0.25)), "Wider, dropout 0.25"),
        (replace(WIDER, network=replace(WIDER.network, batch_norm=True)), "Wider, + batch norm"),
        (RunConfig(replace(PRESETS["widest"], batch_norm=False), PLAIN), "Widest, no batch norm"),
        (changed(optimizer="sgd", learning_rate=0.1), "Wider, sgd 0.1"),
        (changed(schedule="cosine", weight_decay=1e-3), "Wider, cosine, weight decay 0.001"),
        (changed(initialization="zeros", epochs=40), "Wider, epochs 40, init zeros"),
        (replace(WIDER, subset=1000, seed=3), "Wider, 1,000 digits, seed 3"),
        (RunConfig(NetworkConfig((Block(3),), hidden=(7,)), PLAIN), "Own, 3 layers"),
        (RunConfig(NetworkConfig(()), PLAIN), "Own, 1 layer"),
        (RunConfig(PRESETS["residual"], PLAIN), "20-layer residual"),
        (RunConfig(replace(PRESETS["residual"], batch_norm=False), PLAIN), "20-layer residual, no batch norm"),
        (RunConfig(replace(PRESETS["residual"], skips="plain"), PLAIN), "Own, 20 layers, plain, + batch norm"),
        (RunConfig(replace(PRESETS["wider"], skips="plain"), PLAIN), "Wider"),  # nothing to skip
    ],
)
def test_a_run_is_named_by_what_differs(config: RunConfig, name: str) -> None:
    assert naming.name(config, PLAIN) == name


def test_every_part_of_a_recipe_shows_in_the_name() -> None:
    named = set(naming._RECIPE) | {"optimizer", "learning_rate", "schedule"}
    assert named == {field.name for field in fields(Recipe)}


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("preset", PRESETS)
def test_a_twin_differs_in_its_switch_only_and_its_twin_has_it_back(preset: str, switch: str) -> None:
    config = RunConfig(PRESETS[preset], PLAIN, seed=5)
    other = twin(config, switch)
    assert other != config
    assert (other.seed, other.dataset, other.subset) == (config.seed, config.dataset, config.subset)
    assert other.network.blocks == config.network.blocks
    parts = [(getattr(config, part), getattr(other, part)) for part in ("network", "recipe")]
    changes = [
        field.name
        for old, new in parts
        for field in fields(old)
        if getattr(old, field.name) != getattr(new, field.name)
    ]
    assert len(changes) == 1
    assert len(naming.name(other, PLAIN).split(", ")) == 3  # the preset, what differs, and the seed
    assert twin(other, switch) == config


@pytest.mark.parametrize(
    ("names", "short"),
    [
        ([], []),
        (["Wider, 1,000 digits"], ["Wider, 1,000 digits"]),
        (["Wider, 1,000 digits", "Wider, dropout 0.25, 1,000 digits"], ["Wider", "dropout 0.25"]),
        (["Wider", "Widest, seed 3", "Wider, seed 3"], ["Wider", "Widest, seed 3", "Wider, seed 3"]),
        (["Wider", "Wider (2)"], ["Wider", "Wider (2)"]),
    ],
)
def test_short_names_say_only_what_differs(names: list[str], short: list[str]) -> None:
    assert naming.short(names) == short


@pytest.mark.parametrize(
    ("switch", "on", "names"),
    [
        ("dropout", {"dropout": 0.25}, ("Wider, dropout 0.25", "Wider, no dropout")),
        ("batch-normalization", {"batch_norm": True}, ("Wider, + batch norm", "Wider, no batch norm")),
        ("dropout", {}, ("Wider", "Wider, dropout 0.25")),
    ],
)
def test_a_twin_is_named_by_its_switch(switch: str, on: dict[str, object], names: tuple[str, str]) -> None:
    """Where the switch turns off what the preset has not, the bare name of the preset would not say so."""
    config = replace(WIDER, network=replace(WIDER.network, **on))
    other = naming.name_beside(twin(config, switch), config, PLAIN)
    assert (naming.name(config, PLAIN), other) == names
    assert naming.short(names) == [name.removeprefix("Wider, ") for name in names]


@pytest.mark.parametrize("switch", SWITCHES)
def test_every_twin_has_a_name_of_its_own(switch: str) -> None:
    for config in (WIDER, twin(WIDER, switch)):
        names = [naming.name(config, PLAIN), naming.name_beside(twin(config, switch), config, PLAIN)]
        assert len(set(naming.short(names))) == 2
