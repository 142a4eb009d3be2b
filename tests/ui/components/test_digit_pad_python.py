"""The Python side of the digit pad: what is kept, and what a browser cannot make it believe."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from explainer.data.drawing import InvalidStrokesError
from explainer.ui.components.digit_pad import digit_pad, put_strokes

DOT = (((0.5, 0.5),),)
LINE = (((0.1, 0.2), (0.3, 0.4)),)


def app() -> None:
    import streamlit as st

    from explainer.ui.components.digit_pad import digit_on, digit_pad, put_strokes

    if "put" in st.session_state:
        put_strokes("pad", st.session_state["put"])
        del st.session_state["put"]
    if st.session_state.get("shown", True):
        st.session_state["strokes"] = digit_pad("pad")
        st.session_state["digit"] = digit_on("pad") if st.session_state["strokes"] else None


def run(at: AppTest, reported: object = None, **state: Any) -> Any:
    """Runs the app once and returns the strokes; ``reported`` is what the browser sends."""
    if reported is not None:
        at.session_state["pad"] = {"drawing": reported}
    for name, value in state.items():
        at.session_state[name] = value
    at.run(timeout=300)
    assert not at.exception
    return at.session_state["strokes"]


@pytest.fixture
def at() -> AppTest:
    return AppTest.from_function(app)


def test_a_pad_is_blank_at_first(at: AppTest) -> None:
    assert run(at) == ()


def test_what_the_browser_reports_is_returned_frozen(at: AppTest) -> None:
    assert run(at, {"revision": 0, "strokes": [[[0.1, 0.2], [0.3, 0.4]]]}) == LINE


def test_the_drawing_outlives_a_page_without_the_pad(at: AppTest) -> None:
    run(at, {"revision": 0, "strokes": LINE})
    at.session_state["strokes"] = None
    run(at, shown=False)

    assert run(at, shown=True) == LINE


@pytest.mark.parametrize(
    "reported",
    [
        "ink",
        ["ink"],
        {},
        {"revision": 0},
        {"strokes": []},
        {"revision": True, "strokes": []},
        {"revision": "0", "strokes": []},
        {"revision": -1, "strokes": []},
        {"revision": 2**31 + 1, "strokes": []},
        {"revision": 0.0, "strokes": []},
        {"revision": 0, "strokes": [[[2, 0]]]},
        {"revision": 0, "strokes": [[[0.5, float("nan")]]]},
        {"revision": 0, "strokes": [[]]},
        {"revision": 0, "strokes": [[[0.5, 0.5]]] * 201},
    ],
    ids=str,
)
def test_what_no_pad_would_send_leaves_the_drawing_alone(
    at: AppTest, reported: object, caplog: pytest.LogCaptureFixture
) -> None:
    run(at, {"revision": 0, "strokes": LINE})

    assert run(at, reported) == LINE
    assert "A drawing was refused" in caplog.text


def test_a_put_drawing_outdates_what_the_browser_sent_before_it_knew(at: AppTest) -> None:
    run(at, {"revision": 0, "strokes": LINE})

    assert run(at, put=DOT) == DOT
    assert run(at, {"revision": 0, "strokes": [*LINE, *LINE]}) == DOT
    assert run(at, {"revision": 1, "strokes": [*DOT, *LINE]}) == (*DOT, *LINE)


def test_a_drawing_can_be_put_before_the_pad_is_shown(at: AppTest) -> None:
    at.session_state["strokes"] = None
    run(at, shown=False, put=DOT)

    assert run(at, shown=True) == DOT


def test_what_the_browser_kept_while_the_server_started_anew_is_taken(at: AppTest) -> None:
    assert run(at, {"revision": 7, "strokes": LINE}) == LINE
    assert run(at, put=()) == ()
    assert run(at, {"revision": 8, "strokes": DOT}) == DOT


def test_only_strokes_can_be_put() -> None:
    with pytest.raises(InvalidStrokesError, match="between 0 and 1"):
        put_strokes("pad", (((0.5, 1.5),),))


@pytest.mark.parametrize("height", [99, 1025, -1])
def test_a_height_out_of_range_is_refused(height: int) -> None:
    with pytest.raises(ValueError, match="100 to 1024 pixels"):
        digit_pad("pad", height)


def test_the_brush_that_was_chosen_is_kept_and_makes_the_digit(at: AppTest) -> None:
    run(at, {"revision": 0, "strokes": LINE, "pen": 0.03})
    thin = int(at.session_state["digit"].sum())
    run(at, {"revision": 0, "strokes": LINE, "pen": 0.18})
    assert int(at.session_state["digit"].sum()) > thin
    put = at.session_state["pad.drawing"]
    run(at, put=DOT)
    assert (at.session_state["pad.drawing"].pen, put.pen) == (0.18, 0.18)


@pytest.mark.parametrize("pen", [0, 1, -0.1, float("nan"), "0.09", None, True, 10**400])
def test_a_brush_that_no_pad_has_is_refused(at: AppTest, pen: object) -> None:
    run(at, {"revision": 0, "strokes": LINE})
    assert run(at, {"revision": 0, "strokes": DOT, "pen": pen}) == LINE
