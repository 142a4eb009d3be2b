"""What the browser gets of maps, what the page says about them, and how it reads its controls."""

from __future__ import annotations

import base64
import gc
import weakref
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from explainer.data.assets import assets_path
from explainer.data.catalogue import CLASS_NAMES
from explainer.inspection.grad_cam import GradCam
from explainer.inspection.gradients import Integrated
from explainer.inspection.methods import METHODS, Settings
from explainer.inspection.occlusion import Occlusion
from explainer.inspection.target import Target
from explainer.networks import zoo
from explainer.networks.description import Description
from explainer.networks.graph import trace
from explainer.networks.weights import from_bytes
from explainer.ui.controls.subject import Subject
from explainer.words.book import ENGLISH
from pages.inspection.attribution import maps as attribution_maps
from pages.inspection.attribution import page, words
from pages.inspection.attribution.attribution_map import Panel, Patch, encode, news
from pages.inspection.attribution.digits import agreeing
from pages.inspection.attribution.maps import heat, panels
from pages.inspection.attribution.view import View, names

PICTURE = np.arange(4, dtype=np.uint8).reshape(2, 2)


def values(data: dict[str, object]) -> np.ndarray:
    codes = np.frombuffer(base64.b64decode(str(data["values"])), "<i2").astype(float)
    return np.where(codes == -32768, np.nan, codes / 32767 * float(str(data["most"])))


def test_values_travel_in_32767_levels_and_what_is_not_known_is_marked() -> None:
    heat = np.array([[1.0, -4.0], [np.nan, 0.5]])
    data = encode(Panel("t", "a", heat, signed=True), PICTURE)
    np.testing.assert_allclose(values(data), [1, -4, np.nan, 0.5], rtol=0, atol=4 / 32767)
    assert (data["most"], data["done"]) == (4, 0.75)
    assert data["limit"] == pytest.approx(np.quantile([0.5, 1, 4], 0.995))


def test_a_map_of_nothing_and_one_that_is_not_begun() -> None:
    zero = encode(Panel("t", "a", np.zeros((2, 2)), signed=False, why="Because."), PICTURE)
    assert values(zero).tolist() == [0, 0, 0, 0] and zero["why"] == "Because." and zero["limit"] == 1
    blank = encode(Panel("t", "a", np.full((2, 2), np.nan), signed=False), PICTURE)
    assert blank["done"] == 0 and np.isnan(values(blank)).all()


def test_a_patch_travels_with_its_probabilities() -> None:
    patch = Patch(1, (0, 1), np.array([[0.25, np.nan], [0.5, 1]]), 0.75, "seven", PICTURE)
    told = encode(Panel("t", "a", np.ones((2, 2)), signed=True, patch=patch), PICTURE)["occlusion"]
    scores = np.frombuffer(base64.b64decode(told["scores"]), "<f4")
    np.testing.assert_array_equal(scores, [0.25, np.nan, 0.5, 1])
    assert base64.b64decode(told["cover"]) == PICTURE.tobytes()
    assert (told["patch"], told["starts"], told["base"], told["kind"]) == (1, (0, 1), 0.75, "seven")


def test_news_are_of_one_picture_and_its_panels() -> None:
    one, other = (Panel(title, "a", np.ones((2, 2)), signed=True) for title in "tu")
    assert news(PICTURE, [one])["identity"] != news(PICTURE, [other])["identity"]
    assert news(PICTURE, [one])["identity"] != news(PICTURE + 1, [one])["identity"]
    with pytest.raises(ValueError, match="panels"):
        news(PICTURE, [])
    with pytest.raises(ValueError, match="map"):
        encode(Panel("t", "a", np.ones((3, 2)), signed=True), PICTURE)


def test_classes_of_one_name_are_told_apart() -> None:
    crane = Description("k", "t", (), ("crane", "cat", "crane"), zoo.DIGITS)
    assert names(crane) == ["crane (0)", "cat", "crane (2)"]


def a_view(methods: list[str], other: Target | None = None, *, is_beside: bool = False) -> View:
    subject = Subject(PICTURE, np.zeros((1, 1, 2, 2), np.float32), "t")
    chosen = tuple(METHODS[name] for name in methods)
    told = Settings(layer=zoo.load("digits").description.maps[-1].name)
    logits = np.arange(10, dtype=np.float32)
    return View(zoo.load("digits"), subject, logits, chosen, Target(1), other, is_beside, told)


def test_panels_of_one_class_of_a_difference_and_of_two_classes() -> None:
    up, down = np.array([[[1.0, 2], [3, 4]]]), np.array([[[4.0, 2], [3, -2]]])
    maps = {("gradient", Target(1)): up, ("gradient", Target(2)): down}
    (one,) = panels(a_view(["gradient"]), maps, ENGLISH, reasons=False)
    assert (one.about, one.signed, one.heat.tolist()) == ("1", False, [[1, 2], [3, 4]])
    (both,) = panels(a_view(["gradient"], Target(2)), maps, ENGLISH, reasons=False)
    assert (both.about, both.signed) == ("1 (orange) − 2 (blue)", True)
    assert both.heat.tolist() == [[-3, 0], [0, 6]]
    beside = panels(a_view(["gradient"], Target(2), is_beside=True), maps, ENGLISH, reasons=False)
    assert [panel.about for panel in beside] == ["1", "2"]
    assert beside[1].heat.tolist() == [[4, 2], [3, 2]]
    assert np.isnan(heat(a_view(["occlusion"]), {}, METHODS["occlusion"], Target(1))).all()


def test_half_of_a_map() -> None:
    assert words.half(np.array([[8.0, -2], [3, 3]])) == 0.25
    assert words.half(np.ones((2, 2))) == 0.5
    assert np.isnan(words.half(np.zeros((2, 2))))
    told = str(words.notice([("A", np.array([[8.0, -2], [3, 1]])), ("B", np.array([[9.0, 2], [-4, 1]]))]))
    assert "25.0 % of the pixels" in told and "agree to 1.00" in told


def test_completeness_carries_its_numbers() -> None:
    total, missing, _, rise = words.completeness(Integrated(np.array([[[1.5, 2.0]]]), -0.5, 3.5))
    assert (total, rise) == (r"\sum_i A_i = 3.5", "= 3.5 - (-0.5) = 4")
    assert missing == r"\text{missing: } 0.5 = 12.500\,\%"


def test_completeness_adds_up_as_it_is_written_also_next_to_1() -> None:
    total, missing, _, rise = words.completeness(Integrated(np.array([[[0.89871]]]), 0.1, 0.99996))
    assert rise == "= 0.99996 - 0.1 = 0.89996"
    assert total.endswith("= 0.89871") and missing.startswith(r"\text{missing: } 0.00125 = ")


@given(some.lists(some.floats(-50, 50), min_size=3, max_size=3), some.sampled_from([1.0, 1e-2, 1e3]))
def test_sums_are_true_as_they_are_written(values: list[float], scale: float) -> None:
    total, missing, baseline = (scale * value for value in values)
    assume(max(map(abs, (total, missing, baseline))) > 1e-3)  # smaller ones have powers of ten
    told = agreeing((total, missing, total + missing, total + missing + baseline, baseline), [(0, 1, 2), (2, 4, 3)])
    a, b, both, top, low = map(Decimal, told)
    assert abs(a + b - both) <= Decimal("1e-9") and abs(both + low - top) <= Decimal("1e-9")
    assert float(a) == pytest.approx(total, abs=1e-3 * max(map(abs, (total, missing, baseline))))


def test_the_formula_of_occlusion_names_the_strongest_patch() -> None:
    logits = np.array([[[5.0, 0], [1, 0]], [[4, 0], [np.nan, np.nan]]])
    found = Occlusion(4, 2, (0, 2), np.array([6.0, 0]), logits)
    method, heat = METHODS["occlusion"], found.heat(Target(0))
    latex = " ".join(words.formula(method, found, heat, Target(0), numbers={}))
    assert r"\text{patch at row } 0, \text{ column } 2" in latex
    assert latex.endswith("6 - 1 = 5")
    blank = Occlusion(4, 2, (0, 2), logits[0, 0], logits * np.nan)
    assert not words.formula(method, blank, heat, Target(0), numbers={})


def test_a_difference_has_the_formula_of_a_difference() -> None:
    one, two = np.array([[[1.0, 2], [3, 4]], [[0, 0], [0, 1]]]), np.array([[[4.0, 2], [3, -2]], [[0, 0], [0, 0]]])
    latex = " ".join(words.difference((one, two), (Target(1), Target(2)), 2))
    assert r"\sum_k \big( M_k(S_1) - M_k(S_2) \big)" in latex
    assert latex.endswith("D_{1,1} = 5 - (-2) = 7")
    cams = GradCam(np.ones(1), np.ones((2, 2))), GradCam(np.ones(1), np.array([[0.0, 3], [1, 1]]))
    alone = words.difference(cams, (Target(1), Target(2)), 2)
    assert alone == ("D = M(S_1) - M(S_2)", "D_{0,1} = 1 - 3 = -2")


def test_grad_cam_writes_no_terms_that_are_not_there() -> None:
    one = GradCam(np.array([0, 0.5, 0]), np.ones((2, 2)))
    whole, *weights, strongest = words.formula(METHODS["grad-cam"], one, one.sums, Target(1), numbers={})
    assert (whole.count("ReLU"), weights, strongest) == (1, [r"\alpha_{1} = 0.5"], "L_{0,0} = 1")
    many = GradCam(np.array([4, -3.14159, 2, 1.0]), np.ones((2, 2)))
    _, *weights, _ = words.formula(METHODS["grad-cam"], many, many.sums, Target(1), numbers={})
    assert weights == [r"\alpha_{0} = 4", r"\alpha_{1} = -3.14,\, \dots"]
    none = GradCam(np.zeros(2), np.zeros((2, 2)))
    assert len(words.formula(METHODS["grad-cam"], none, none.sums, Target(1), numbers={})) == 2


def test_a_difference_says_so() -> None:
    of_two = page._about(a_view(["gradient"], Target(2)))
    assert str(of_two).startswith("S₁ is the logit of 1, S₂ that of 2.")
    assert str(page._about(a_view(["gradient"], Target(2), is_beside=True))).startswith("S is the logit of 1.")
    up, down = (Integrated(np.array([[[1.0, 2], [3, 4]]]) * size, 0.5 * size, 10.5 * size) for size in (1, 0.5))
    maps = {("integrated-gradients", Target(1)): up, ("integrated-gradients", Target(2)): down}
    first, complete = page._formulas(a_view(["integrated-gradients"], Target(2)), maps)
    assert first[0] == "D = M(S_1) - M(S_2)" and "= 5" in complete[3]


def test_what_is_said_of_the_tests() -> None:
    assert "little is left" in str(words.randomness(["A", "B"], np.array([0.05, -0.2])))
    assert "B keeps the most" in str(words.randomness(["A", "B"], np.array([0.05, 0.6])))
    assert str(words.randomness(["A"], np.array([np.nan]))).startswith("There is nothing to compare")
    said = str(words.removed([("A", 0.3, 0.6), ("B", 0.2, 0.5)], (0.7, 0.4)))
    assert "B leaves 0.20 where chance leaves 0.70" in said and "A reaches 0.60 where chance reaches 0.40" in said
    assert "holes" not in said and "holes" in str(words.removed([("A", 0.01, 0.6)], (0.01, 0.02)))
    found = words.classes(np.array([0.7106, 0.0002, 0.2892]), ["a", "b", "c"])
    assert list(map(str, found)) == ["a 71.1 %", "c 28.9 %"]


def test_what_is_known_of_a_network_does_not_keep_it() -> None:
    file = (assets_path() / "readers" / "plain.safetensors").read_bytes()
    module = from_bytes(file)[1]
    network = trace(module, "a key of its own", "Mine", CLASS_NAMES["mnist"], zoo.DIGITS)
    gone = weakref.ref(network)
    assert attribution_maps._has_relu(network)
    del network
    gc.collect()
    assert gone() is None
