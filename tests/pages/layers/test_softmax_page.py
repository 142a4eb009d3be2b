"""What the page "From maps to probabilities" makes of what is typed, and its sentences."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from opening import opened

from explainer.data.grid_text import GridError, parse_numbers
from explainer.layers.fully_connected import weighted_sum
from explainer.layers.softmax import cross_entropy, softmax
from explainer.networks import digit_scores
from pages.layers.softmax import score_map
from pages.layers.softmax.connected import cost, count_notice, labels_of
from pages.layers.softmax.steps import differences, logits_of, loss_notice, notice, table
from pages.layers.softmax.sum import notice as sum_notice
from pages.layers.softmax.weighted_sum import encode as encode_sum


@pytest.mark.parametrize("text", ["2 1 0.1", "2, 1; 0.1", "2\n1\n0.1", " 2 1\t0.1\n"])
def test_logits_in_a_row_or_a_column(text: str) -> None:
    np.testing.assert_array_equal(logits_of(text), [2, 1, 0.1])


@pytest.mark.parametrize(
    "text", ["", None, "5", "1 2 3 4 5 6 7 8 9 10 11", "1 2\n3 4\n5 6\n7 8\n9 10\n11 12", "a b", "1e99 1"]
)
def test_what_are_no_logits_gets_a_sentence(text: str | None) -> None:
    with pytest.raises(GridError, match=r"[Tt]ype"):
        logits_of(text)


def test_digits_of_a_picture() -> None:
    assert labels_of("3141") == labels_of("3 1,4;1") == (3, 1, 4, 1)
    for wrong in ("", None, "  ", "12a", "123456789", "-1", "²"):
        with pytest.raises(GridError, match=r"[Tt]ype 1 to 8 digits"):
            labels_of(wrong)


def test_the_table_has_every_step() -> None:
    lines = table(softmax(np.array([2.0, 1.0, 0.1]))).replace("\u00a0", " ").splitlines()
    assert lines[2] == "| 0 | 2 | 0 | 1 | 65.9 % | 7.39 |"
    assert lines[-1] == "| **sum** |  |  | **1.52** | **100 %** | **11.2** |"
    hot = table(softmax(np.array([2.0, 1.0]), 2.0)).splitlines()
    assert hot[0].startswith("| class | $z$ | $z/T$ |") and hot[2].startswith("| 0 | 2 | 1 | 0 |")


def test_the_table_says_where_float32_ends() -> None:
    lines = table(softmax(np.array([1000.0, 1001.0]))).splitlines()
    assert [line.split(" | ")[-1] for line in lines[2:]] == ["∞ |", "∞ |", "**∞** |"]


def test_the_notices_carry_their_numbers() -> None:
    assert "1 ahead of class 1, so it is $e^{1}$ = 2.718 times" in notice(softmax(np.array([2.0, 1.0, 0.1])))
    assert notice(softmax(np.zeros(3))).startswith("All 3 logits are equal")
    assert notice(softmax(np.array([2.0, 2.0]), 5.0)).startswith("All 2 logits are equal")
    assert "Classes 0 and 1 have equal logits" in notice(softmax(np.array([2.0, 2.0, 1.0])))
    assert "add up to $e^{1002.41}$" in notice(softmax(np.array([1000.0, 1001.0, 1002.0])))
    assert "add up to $e^{-999.307}$" in notice(softmax(np.array([-1000.0, -1000.0])))
    assert "fails" in notice(softmax(np.full(3, 88.0)))  # each power is finite, their sum is not
    flat = notice(softmax(np.array([2.0, 0.0]), 2.0)).replace("\u00a0", " ")
    assert "flatter: class 0 has 73.1 % instead of 88.1 %" in flat
    assert "134,217,728 weights, 512 MiB" in count_notice(512, 512, 5, 1)
    assert "5,368,709 times" in count_notice(512, 512, 5, 1)
    assert "would have more weights, 7,744" in count_notice(8, 1, 11, 64)
    assert "2,259,680" in cost(40, 160, 136) and "22,369,280" in cost(40, 160, 136)


def test_the_loss_tells_of_right_wrong_and_sure() -> None:
    given = softmax(np.array([2.0, 1.0, 0.1]))
    assert "leads with" in loss_notice(given, cross_entropy(given, 0))
    assert "raises its logit and lowers that of class 0 most" in loss_notice(given, cross_entropy(given, 2))
    sure = softmax(np.array([20.0, 0.0]))
    assert "next to no gradient" in loss_notice(sure, cross_entropy(sure, 0))
    assert differences(given, cross_entropy(given, 0))[0] == "0.659 − 1 = −0.341"
    cold = softmax(np.array([0.0, 0.0]), 0.1)
    assert differences(cold, cross_entropy(cold, 1)) == ["(0.50 − 0) / 0.1 = 5", "(0.50 − 1) / 0.1 = −5"]


def test_the_sentence_on_a_logit() -> None:
    layer, maps = digit_scores.layer(), digit_scores.digit_maps(3)
    given = weighted_sum(layer, maps, 3)
    assert f"Map {np.abs(given.per_map).argmax()} says most" in sum_notice(3, 3, given)
    assert "the network reads a 3" in sum_notice(3, 3, given)
    assert "class 3 is the highest" in sum_notice(3, 5, weighted_sum(layer, maps, 5))


def test_what_the_browser_gets() -> None:
    given = weighted_sum(digit_scores.layer(), digit_scores.digit_maps(3), 3)
    sent = encode_sum(given)
    assert sent["shape"] == [8, 4, 4]
    np.testing.assert_allclose(np.multiply(sent["values"], sent["weights"]), sent["terms"], rtol=1e-15)
    assert sum(sent["terms"]) + sent["bias"] == pytest.approx(sent["result"], abs=1e-12)
    labels = (3, 1)
    sent = score_map.encode(digit_scores.scene(labels, 0), digit_scores.score_maps(labels, 0), 28, 4)
    scores = np.frombuffer(base64.b64decode(sent["scores"]), "<f4").reshape(sent["shape"])
    np.testing.assert_allclose(scores, digit_scores.score_maps(labels, 0), rtol=1e-6)
    with pytest.raises(ValueError, match="has"):
        score_map.encode(np.zeros((40, 40), np.uint8), np.zeros((10, 4, 5)), 28, 4)


def test_the_slider_of_the_digit_takes_its_logits_at_once() -> None:
    at = opened("layers/softmax", {"s_view": "softmax"})
    assert at.text_area(key="s_logits").value == "2 1 0.1"  # typed logits stay until the slider is moved
    at.slider(key="s_digit").set_value(7).run()
    np.testing.assert_allclose(
        parse_numbers(at.text_area(key="s_logits").value, 10), digit_scores.digit_logits(7), atol=0.006
    )
    assert any("Class 7 is " in text.value for text in at.markdown)
