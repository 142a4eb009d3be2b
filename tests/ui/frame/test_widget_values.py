"""What is drawn first: the picture, where its controls hold their values already."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from explainer.ui.frame.widget_values import NotDrawnError, value_of


def app() -> None:
    import streamlit as st

    from explainer.ui.frame.widget_values import open_page, picture_first, value_of

    def controls() -> None:
        st.caption("controls")
        if st.selectbox("Padding", ["valid", "numbers"], key="padding") == "numbers":
            st.slider("Top", 0, 9, 1, key="top")

    def picture() -> None:
        top = value_of("top") if value_of("padding") == "numbers" else 0
        st.caption(f"padding {top}")

    if st.session_state.pop("whole", True):  # a fragment that runs alone does not run the page's header
        open_page()
    picture_first("picture", picture, controls)


@pytest.fixture
def opened() -> AppTest:
    return AppTest.from_function(app, default_timeout=300).run()


def drawn(test: AppTest) -> list[str]:
    assert not test.exception
    return [caption.value for caption in test.caption]


def alone(test: AppTest) -> AppTest:
    """The next run is that of the fragment alone."""
    test.session_state["whole"] = False
    return test


def test_a_page_that_is_opened_draws_its_controls_first(opened: AppTest) -> None:
    assert drawn(opened) == ["controls", "padding 0"]
    assert drawn(opened.run()) == ["controls", "padding 0"]


def test_a_fragment_that_runs_alone_draws_its_picture_first(opened: AppTest) -> None:
    assert drawn(alone(opened).run()) == ["padding 0", "controls"]


def test_a_control_that_appears_only_now_is_drawn_before_the_picture(opened: AppTest) -> None:
    alone(opened).selectbox(key="padding").set_value("numbers")
    assert drawn(opened.run()) == ["controls", "padding 1"]
    alone(opened).slider(key="top").set_value(5)
    assert drawn(opened.run()) == ["padding 5", "controls"]


def test_a_value_that_was_never_drawn_is_not_held() -> None:
    with pytest.raises(NotDrawnError):
        value_of("nothing is called so")
