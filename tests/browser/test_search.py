"""The search in the menu as visitors use it: by keyboard, by pointer and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import eventually, settle

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FOCUSED = """() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.closest("[class*=st-key-]")?.className ?? element?.getAttribute("role") ?? "";
}"""


@pytest.fixture
def app(serve: Callable[..., Any], visit: Callable[..., Page]) -> Page:
    page = visit(f"{serve(HOME).url}/convolution?sy=2")
    page.locator(".sliding-window[data-drawn]").wait_for()
    settle(page)
    return page


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search pages, controls and links")


def hits(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Found").get_by_role("option")


def chosen(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Found").get_by_role("option", selected=True)


def title(page: Page, text: str) -> None:
    page.get_by_role("heading", level=1, name=text, exact=True).wait_for()


def test_slash_arrows_and_enter_lead_to_a_page_in_french(app: Page) -> None:
    requests: list[str] = []
    app.on("request", lambda request: requests.append(request.url))
    app.keyboard.press("/")
    app.keyboard.type("agr\u00e9gation", delay=5)
    eventually(chosen(app)).to_contain_text("Pooling")
    eventually(field(app)).to_have_attribute("aria-expanded", "true")
    assert field(app).get_attribute("aria-activedescendant") == chosen(app).get_attribute("id")
    app.keyboard.press("ArrowDown")
    eventually(chosen(app)).to_have_attribute("id", "hit1")
    app.keyboard.press("ArrowUp")
    app.keyboard.press("Enter")
    title(app, "Pooling")
    eventually(hits(app)).to_have_count(0)
    assert app.title() == "Pooling · Inside a CNN"
    assert len([url for url in requests if "/search/" in url]) == 1, "typing asks nothing of the server"
    app.go_back()
    title(app, "Convolution")
    app.wait_for_function("location.search === '?sy=2'")  # as it was left


def test_r_and_c_are_letters_here_and_slash_is_one_in_a_text(app: Page) -> None:
    runs = app.locator("[data-testid=stStatusWidget]")
    app.keyboard.press("/")
    app.keyboard.type("rc/", delay=5)
    eventually(field(app)).to_have_value("rc/")
    assert runs.count() == 0
    app.keyboard.press("Escape")
    box = app.get_by_role("textbox", name="Numbers of the input")
    box.focus()
    before = box.input_value()
    app.keyboard.press("End")
    app.keyboard.press("/")
    assert len(box.input_value()) == len(before) + 1


def test_a_control_of_the_open_page_is_focused_and_nothing_else_moves(app: Page) -> None:
    app.keyboard.press("/")
    app.keyboard.type("horizontal stride", delay=5)
    eventually(chosen(app)).to_contain_text("Horizontal stride")
    app.keyboard.press("Enter")
    app.wait_for_function(f"({FOCUSED})().includes('st-key-sx')")
    assert app.evaluate("location.search") == "?sy=2"


def test_a_control_of_another_page_is_focused_there_even_in_a_folded_group(app: Page) -> None:
    app.keyboard.press("/")
    app.keyboard.type("label smoothing", delay=5)
    eventually(chosen(app)).to_contain_text("Label smoothing")
    app.keyboard.press("Enter")
    title(app, "Train a CNN")
    app.wait_for_function(f"({FOCUSED})().includes('st-key-smooth')")
    eventually(app.locator(".st-key-smooth")).to_be_in_viewport()


def test_a_link_of_a_page_is_clicked(app: Page) -> None:
    field(app).click()
    app.keyboard.type("gaps kernel", delay=5)
    hits(app).filter(has_text="Gaps: kernel 2, stride 3").click()
    title(app, "Transposed convolution")
    app.wait_for_function("new URLSearchParams(location.search).get('t_sy') === '3'")


def test_a_hit_can_be_opened_in_a_new_tab(app: Page) -> None:
    field(app).click()
    app.keyboard.type("dropout", delay=5)
    with app.context.expect_page() as opened:
        hits(app).first.click(modifiers=["ControlOrMeta"])
    title(opened.value, "Dropout")
    title(app, "Convolution")


def test_nothing_is_found_and_escape_goes_back_to_where_one_was(app: Page) -> None:
    app.locator(".st-key-sx input[type=range]").focus()
    app.keyboard.press("/")
    app.keyboard.type("zzz <b>", delay=5)
    eventually(app.locator(".search .none")).to_have_text(
        "Nothing here is called “zzz <b>”. Try another word, in English or French."
    )
    eventually(field(app)).to_have_attribute("aria-expanded", "false")
    app.keyboard.press("Escape")
    eventually(app.locator(".search .none")).to_be_hidden()
    assert "st-key-sx" in app.evaluate(FOCUSED)


def test_on_a_phone_a_button_opens_the_field_over_the_bar(
    serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    page = visit(f"{serve(HOME).url}/dropout", **PHONE)
    title(page, "Dropout")
    settle(page)
    eventually(field(page)).to_be_hidden()
    page.locator(".search").get_by_role("button", name="Search").tap()
    eventually(field(page)).to_be_focused()
    page.keyboard.type("Grad-CAM", delay=5)
    box = hits(page).first.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["height"] >= 44
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    hits(page).first.tap()
    page.wait_for_function("location.pathname.endsWith('/attribution')")
    eventually(field(page)).to_be_hidden()
