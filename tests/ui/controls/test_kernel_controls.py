"""The kernel from every address: of a size that it cannot have it has the nearest, and any control leads on from it."""

from __future__ import annotations

import itertools

import pytest
from opening import in_address
from streamlit.testing.v1 import AppTest

from explainer.ui.controls.kernel_controls import KERNELS

SIZES = (1, 2, 11)
IMPOSSIBLE = (
    "Sobel x compares columns: choose a kernel of at least 2 columns. "
    "Drawn is the nearest size that it can have, 3 × 2."
)


def controls() -> None:
    import streamlit as st

    from explainer.data.grid_text import GridError
    from explainer.ui.controls import kernel_controls
    from explainer.ui.frame.address import part

    with part("page"):
        kernel_controls.choose_kernel()
    kernel_controls.edit_weights()
    try:
        rows, columns = kernel_controls.chosen_kernel().shape
        st.text(f"{rows} x {columns}")
    except GridError as problem:
        st.warning(str(problem))
    if refused := kernel_controls.size_refused():
        st.warning(str(refused).replace("\u00a0", " "))


def opened(query: dict[str, str]) -> AppTest:
    at = AppTest.from_function(controls, default_timeout=300)
    at.query_params = query
    return healthy(at.run())


def healthy(at: AppTest) -> AppTest:
    assert not at.exception, [box.message for box in at.exception]
    assert at.text or at.warning
    return at


@pytest.mark.parametrize("name", KERNELS)
def test_every_control_moves_from_every_size_in_an_address(name: str) -> None:
    for height, width in itertools.product(SIZES, SIZES):
        query = {"kernel": name, "kh": str(height), "kw": str(width)}
        for slider, value in (("kh", 1), ("kw", 4)):
            at = healthy(opened(query).slider(slider).set_value(value).run())
            if name == "own":
                continue  # nothing was typed
            sizes = {"kh": height, "kw": width} | {slider: value}
            drawn, chosen = at.text[0].value, f"{sizes['kh']} x {sizes['kw']}"
            assert (drawn != chosen) == bool(at.warning)
            if at.warning:
                assert at.warning[0].value.endswith(f"can have, {drawn.replace('x', '×')}.")
        healthy(opened(query).selectbox("kernel").set_value("sharpen").run())


def test_of_a_size_that_it_cannot_have_a_kernel_has_the_nearest_and_says_so() -> None:
    at = opened({"kw": "1"})
    assert at.warning[0].value == IMPOSSIBLE
    assert at.text_area("weights").value == "-1 1\n-2 2\n-1 1"
    healthy(at.slider("kw").set_value(2).run())
    assert at.text[0].value == "3 x 2" and not at.warning
    healthy(at.slider("kw").set_value(1).run())
    assert at.warning[0].value == IMPOSSIBLE
    healthy(at.slider("kw").set_value(3).run())
    assert at.text_area("weights").value == "-1 0 1\n-2 0 2\n-1 0 1"


def test_what_was_typed_outlives_a_size_that_the_named_kernel_cannot_have() -> None:
    at = opened({})
    healthy(at.text_area("weights").set_value("0 0 0\n5 7 0\n0 0 0").run())
    healthy(at.slider("kw").set_value(1).run())
    assert at.text_area("weights").value == "0\n7\n0"
    assert at.text[0].value == "3 x 1"


def test_weights_can_be_typed_where_the_named_kernel_has_no_such_size() -> None:
    at = opened({"kw": "1"})
    healthy(at.text_area("weights").set_value("1\n2").run())
    assert at.text[0].value == "2 x 1"
    assert (at.slider("kh").value, at.slider("kw").value) == (2, 1)
    assert opened({"kw": "1", "weights": "4\n5\n6"}).text[0].value == "3 x 1"


def is_own(at: AppTest) -> bool:
    """On the page and in the address alike."""
    assert (at.selectbox("kernel").value == "own") is (in_address(at).get("kernel") == ["own"])
    return bool(at.selectbox("kernel").value == "own")


@pytest.mark.parametrize("typed", ["1 2\n3 4", "4\n5\n6", "1 2\n3", "", "1 " * 12])
def test_what_is_typed_is_named_own_and_stays(typed: str) -> None:
    at = opened({})
    assert not is_own(at)
    healthy(at.text_area("weights").set_value(typed).run())
    assert is_own(at)
    assert at.text_area("weights").value == typed
    assert len(at.warning) == (typed not in ("1 2\n3 4", "4\n5\n6"))


@pytest.mark.parametrize("query", [{}, {"kernel": "box"}, {"kernel": "sobel-x", "kw": "1"}, {"kernel": "own"}])
@pytest.mark.parametrize("typed", ["4\n5\n6", "1 2\n3"])
def test_weights_in_an_address_are_own_whatever_name_a_link_of_before_has(query: dict[str, str], typed: str) -> None:
    at = opened(query | {"weights": typed})
    assert is_own(at)
    assert at.text_area("weights").value == typed
    assert [text.value for text in at.text] == (["3 x 1"] if typed == "4\n5\n6" else [])


def test_the_weights_of_a_named_kernel_in_an_address_are_not_own() -> None:
    assert not is_own(opened({"kernel": "box", "kh": "1", "kw": "2", "weights": "0.5 0.5"}))


def test_a_refused_kernel_stays_whatever_the_sliders_do() -> None:
    at = opened({})
    healthy(at.text_area("weights").set_value("1 2\n3").run())
    healthy(at.slider("kw").set_value(1).run())
    assert at.text_area("weights").value == "1 2\n3"
    assert at.warning[0].value.startswith("Row 1 has 1 number")


def test_a_name_brings_its_kernel_and_own_keeps_what_is_there() -> None:
    at = opened({})
    healthy(at.selectbox("kernel").set_value("own").run())
    assert is_own(at)
    assert at.text_area("weights").value == "-1 0 1\n-2 0 2\n-1 0 1"
    healthy(at.text_area("weights").set_value("1 2 3").run())
    healthy(at.selectbox("kernel").set_value("box").run())
    assert not is_own(at)
    assert at.text_area("weights").value == "0.333333 0.333333 0.333333"
