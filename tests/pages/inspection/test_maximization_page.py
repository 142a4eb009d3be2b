"""The page "Activation maximization": its plans, what it makes of them, and what it says."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.inspection import maximization_plan as plans
from explainer.inspection.maximization import Settings, Target
from explainer.inspection.maximization_plan import (
    Plan,
    Stage,
    in_turn,
    make,
    side_that_fits,
    units_at_once,
)
from explainer.inspection.parameterization import Parameterization
from explainer.inspection.transformations import Transformations
from explainer.lru import Lru
from explainer.networks import zoo
from pages.inspection.maximization.ascent import Caption, Group, Scene, encode
from pages.inspection.maximization.controls import (
    ALL,
    ONE,
    TURN,
    View,
    class_names,
    first_layer,
    layers_of,
)
from pages.inspection.maximization.scene import said, scene

FULL = Settings(4, transformations=Transformations(1, 0.05, 5.0), blur=0.3, l2=0.2, variation=0.2)


def view(kind: str, layer: str, units: tuple[int, ...], *stages: Settings, middle: bool = False) -> View:
    network = zoo.load("digits")
    planned = tuple(Stage(str(number), "", settings) for number, settings in enumerate(stages))
    plan = Plan(network.key, Target(layer, units, 28, middle), planned)
    return View(network, network.description.layer(layer), kind, plan, units[0])


@pytest.fixture(autouse=True)
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """200 test digits are enough to look among, and nothing is kept from test to test."""
    plain = plans.real_pictures
    monkeypatch.setattr(plans, "real_pictures", lambda network, side: plain(network, side)[:200])
    for name in ("_MADE", "_REAL"):
        monkeypatch.setattr(plans, name, Lru(4))


def test_a_plan_is_made_stage_by_stage_and_kept_in_the_end() -> None:
    shown = view(TURN, "convolution_3", (5,), Settings(3), Settings(4, l2=0.1))
    first, *rest = make(shown.network, shown.plan)
    assert first is None  # while it looks at the second part of the real pictures
    made = [each for each in rest if each is not None]
    assert [[snapshot.step for snapshot in each.snapshots] for each in made] == [
        [], [0], [1], [2], [3], [3, 0], [3, 1], [3, 2], [3, 3], [3, 4],
    ]  # fmt: skip
    assert [round(each.share(shown.plan), 3) for each in made[-3:]] == [round(5 / 7, 3), round(6 / 7, 3), 1.0]
    assert [each.is_over(shown.plan) for each in made] == [False] * 9 + [True]
    assert plans.find(shown.plan) is made[-1]
    assert made[0].best.shape == (1, 3, 28, 28, 1) and made[0].best.dtype == np.uint8


def test_what_is_stopped_is_not_taken_for_what_is_over() -> None:
    shown = view(ONE, "convolution_3", (5,), Settings(3))
    half = make(shown.network, shown.plan)
    next(half), next(half), next(half)
    half.close()
    assert plans.find(shown.plan) is None


def test_helpers_come_one_after_the_other() -> None:
    stages = in_turn(FULL, color=True)
    bare, last = stages[0].settings, stages[-1].settings
    assert bare == Settings(4, parameterization=Parameterization(False, False, False))
    assert last == FULL
    assert len(stages) == 9 and len({stage.settings for stage in stages}) == 9
    assert len(in_turn(FULL, color=False)) == 8
    assert not in_turn(FULL, color=False)[-1].settings.parameterization.decorrelated


def test_a_layer_is_made_whole_where_it_is_small_and_in_parts_where_it_is_large() -> None:
    digits, photos = zoo.load("digits"), zoo.load("squeezenet")
    assert units_at_once(digits, digits.description.layer("convolution_3"), 0, 28) == tuple(range(24))
    assert len(units_at_once(digits, digits.description.layer("fully_connected_1"), 0, 28)) == 200
    layer = photos.description.layer("features_0")
    assert units_at_once(photos, layer, 90, 64) == tuple(range(90, 96))
    assert units_at_once(photos, layer, 0, 64) == tuple(range(24))
    assert len(units_at_once(photos, layer, 0, 224)) * 224**2 <= plans.MOST_PIXELS
    assert side_that_fits(digits, digits.description.layer("convolution_3"), 64) == 28
    assert side_that_fits(photos, layer, 128) == 128


def test_every_network_offers_its_convolutions_and_its_classes() -> None:
    for name in zoo.BUNDLED:
        network = zoo.load(name)
        layers = layers_of(network)
        assert set(network.description.convolutions) <= set(layers)
        assert layers[-1] is network.description.layers[-1]
        assert first_layer(layers).kind == "convolution"
    assert first_layer(layers_of(zoo.load("digits"))).title == "Convolution 3"


def test_classes_of_one_name_are_told_apart() -> None:
    assert class_names(("crane", "cat", "crane")) == ["crane (0)", "cat", "crane (2)"]
    options = class_names(zoo.load("squeezenet").description.classes)
    assert len(set(options)) == 1000


def test_it_says_what_was_reached_and_by_what_real_pictures() -> None:
    shown = view(ONE, "convolution_3", (5,), Settings(30, 0.1), middle=True)
    *_, made = make(shown.network, shown.plan)
    reached, best = made.snapshots[-1].reached, made.real.values[0, 0]
    assert reached is not None
    sentence = said(shown, made)
    assert f"**{reached[0]:.3g}**" in sentence.replace("−", "-") and f"**{best:.3g}**" in sentence.replace("−", "-")
    assert "clipped" not in sentence
    drawn = encode(scene(shown, made, "", None))
    assert len(drawn["curve"]["values"]) == 30
    assert drawn["curve"]["level"] == pytest.approx(best, rel=1e-3)
    assert drawn["made"]["captions"][0]["title"] == "Channel 5 of Convolution 3"
    assert len(drawn["beside"]["captions"]) == 3


def test_it_says_that_pixels_are_impossible() -> None:
    shown = view(ONE, "logits", (3,), Settings(60, 0.2, parameterization=Parameterization(False, False, False)))
    *_, made = make(shown.network, shown.plan)
    assert "no screen can show it" in said(shown, made)


def test_it_says_why_a_silent_unit_stays_silent() -> None:
    """All activations of ReLU units that noise leaves at 0 stay there: no gradient."""
    network = zoo.load("digits")
    everyone = Plan(network.key, Target("activation_fc_1", tuple(range(200)), 28), (Stage("", "", Settings(6)),))
    *_, made = make(network, everyone)
    silent = np.flatnonzero(made.snapshots[-1].seen.max(1) == 0)
    assert len(silent)
    shown = view(ONE, "activation_fc_1", (int(silent[0]),), Settings(6))
    *_, alone = make(shown.network, shown.plan)
    assert "no direction leads up" in said(shown, alone)


def test_a_whole_layer_has_a_bar_and_a_mark_for_every_unit() -> None:
    shown = view(ALL, "convolution_3", tuple(range(24)), Settings(20, 0.1), middle=True)
    *_, made = make(shown.network, shown.plan)
    drawn = encode(scene(shown, made, "", None))["made"]
    shares = [caption["share"] for caption in drawn["captions"]]
    marks = [caption["mark"] for caption in drawn["captions"]]
    assert max([*shares, *marks]) == pytest.approx(1, abs=1e-4) and min([*shares, *marks]) >= 0
    assert [caption["choice"] for caption in drawn["captions"]] == list(range(24))
    assert [caption["framed"] for caption in drawn["captions"]] == [True] + 23 * [False]
    last = made.snapshots[-1]
    assert last.reached is not None
    more = int((last.reached > made.real.values[:, 0]).sum())
    assert f"**{more} of 24** units" in said(shown, made)


def test_before_anything_is_made_the_pictures_have_the_mean_colour() -> None:
    shown = view(TURN, "logits", (3,), Settings(2), Settings(3))
    drawn = encode(scene(shown, None, "Waiting", 0.0))
    assert drawn["share"] == 0.0 and drawn["curve"] is None and drawn["beside"] is None
    assert drawn["made"]["pixels"].startswith("ISEh")  # 0.1307 * 255 = 33 = 0x21


def test_a_scene_refuses_what_does_not_fit() -> None:
    pictures = np.zeros((2, 4, 4, 1), np.float32)
    with pytest.raises(ValueError, match="1 captions do not fit"):
        encode(Scene("", None, Group("", pictures, [Caption()], 64)))
    with pytest.raises(ValueError, match="32 to 512 pixels"):
        encode(Scene("", None, Group("", pictures, [Caption(), Caption()], 8)))
