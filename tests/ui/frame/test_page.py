"""The frame of a page, seen through a small app of three pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bookshelf import opened_book, write
from opening import turn
from streamlit.testing.v1 import AppTest

from explainer.ui.frame import page
from explainer.words import book

APP = r"""
import plotly.graph_objects as go
import streamlit as st

from explainer.ui.frame import menu, page
from explainer.ui.frame.menu import Entry
from explainer.ui.frame.page import Page, Preset


def start():
    st.text(f"{menu.current()} {menu.find('layers/window')} {menu.find('layers/gone')}")
    if st.button("Go", key="go"):
        menu.switch("layers/window")


def window():
    size = st.slider("Size", 1, 9, 3, key="size", bind="query-params")
    kind = st.selectbox("Kind", ["max", "average"], key="kind", bind="query-params")
    page.notice(f"A {kind} window of {size} holds {size ** 2} values.")
    page.chart(go.Figure(go.Bar(y=[size])), alt=f"One bar of {size}", key="bar")
    page.formula(rf"{size}^2 = {size ** 2}")
    page.pytorch_snippet(f"print({size} ** 2)")
    st.text(f"dark: {page.is_dark()}")


def below():
    st.text("below")


def broken():
    raise ValueError("broken")


LINKS = [Preset("Large", {"size": "9"}), Preset("Average", {"size": "5", "kind": "average"}), Preset("Plain")]
PAGES = {
    "start": start,
    "layers/window": Page(
        "convolution",
        "Window",
        "How large is it?",
        window,
        presets=LINKS,
        sources=["One, 1998.", "[Two](https://example.org)"],
        below=[below],
    ).open,
    "layers/broken": broken,
}
menu.show(
    {
        "": [Entry("start", "Start")],
        "Empty": [],
        "Layers": [Entry("layers/window", "Window", "One window."), Entry("layers/broken", "Broken")],
    },
    lambda name: PAGES[name](),
)
"""


@pytest.fixture
def app(tmp_path: Path) -> AppTest:
    (tmp_path / "menu.py").write_text(APP, encoding="utf-8")
    return AppTest.from_file(tmp_path / "menu.py", default_timeout=300).run()


@pytest.fixture
def window(app: AppTest) -> AppTest:
    return turn(app, "layers/window").run()


def says(at: AppTest, sentence: str) -> bool:
    return [sentence in block.value for block in at.markdown].count(True) == 1


def test_the_menu_knows_its_pages(app: AppTest) -> None:
    assert not app.exception
    found = "Place(name='layers/window', title='Window', path='window')"
    assert app.text[0].value == f"start {found} None"


def test_a_page_leads_to_another(app: AppTest) -> None:
    assert app.button(key="go").click().run().title[0].value == "Window"


def test_what_stands_below_the_links_comes_before_the_prose(window: AppTest) -> None:
    assert [block.value for block in window.text] == ["dark: False", "below"]
    assert any("kernel" in block.value for block in window.markdown)


def test_header_shows_the_title_and_the_question(window: AppTest) -> None:
    assert not window.exception
    assert [title.value for title in window.title] == ["Window"]
    assert window.markdown[0].value == "How large is it?"


def mounted(window: AppTest) -> list[dict[str, Any]]:
    """The data of the page's components."""
    return [json.loads(element.proto.json) for element in window.main if element.type == "bidi_component"]


def test_what_is_computed_follows_the_controls(window: AppTest) -> None:
    assert says(window, "A max window of 3 holds 9 values.")
    window.slider(key="size").set_value(4).run()
    assert says(window, "A max window of 4 holds 16 values.")
    assert window.latex[0].value.strip("$\n") == "4^2 = 16"


def test_the_snippet_is_code_under_its_heading(window: AppTest) -> None:
    assert not window.code
    window.query_params = {"code": "true"}
    expanders = {expander.label: expander for expander in window.run().expander}
    assert expanders["In PyTorch"].code[0].value == "print(3 ** 2)"
    assert expanders["In PyTorch"].code[0].language == "python"
    assert expanders["Sources"].markdown[0].value == "- One, 1998.\n- [Two](https://example.org)"


def test_a_chart_has_words_for_who_cannot_see_it(window: AppTest) -> None:
    (chart,) = (data for data in mounted(window) if "figure" in data)
    assert chart["alt"] == "One bar of 3"
    assert json.loads(chart["figure"])["data"][0]["type"] == "bar"


def test_presets_are_addresses_of_this_page(window: AppTest) -> None:
    (data,) = (each for each in mounted(window) if each.get("title") == "Try this")
    assert data["links"] == [
        {"label": "Large", "query": "size=9"},
        {"label": "Average", "query": "size=5&kind=average"},
        {"label": "Plain", "query": ""},
    ]


def test_a_preset_sets_the_controls(app: AppTest) -> None:
    turn(app, "layers/window")
    app.query_params = {"size": "5", "kind": "average"}
    assert says(app.run(), "A average window of 5 holds 25 values.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_is_dark_follows_the_visitors_theme(app: AppTest, theme: str) -> None:
    app.context = {"theme": theme}
    at = turn(app, "layers/window").run()
    assert at.text[0].value == f"dark: {theme == 'dark'}"


def test_a_failing_page_is_seen_in_tests_but_its_message_by_no_visitor(app: AppTest) -> None:
    (box,) = turn(app, "layers/broken").run().exception
    assert "broken" not in box.value


def test_text_comes_from_the_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "en", {})
    (tmp_path / "text" / "en" / "some.md").write_text("**Größe** ×", encoding="utf-8")
    with opened_book(tmp_path, monkeypatch):
        assert book.prose("some", "en") == "**Größe** ×"
        with pytest.raises(FileNotFoundError, match=r"other\.md"):
            page.text("other")
