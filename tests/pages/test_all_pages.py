"""Every page of the menu opens, and survives every control at both ends and every "Try this" link."""

from __future__ import annotations

import functools
import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "pages"
MENU = runpy.run_path(str(PAGES / "menu.py"), run_name="menu")["MENU"]
SCRIPTS = [entry.script for section in MENU.values() for entry in section]
every_page = pytest.mark.parametrize("script", SCRIPTS)


@pytest.fixture(autouse=True)
def tell_all() -> Iterator[None]:
    """Error boxes hold the message, which visitors do not see."""
    before = config.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")
    yield
    config.set_option("client.showErrorDetails", before)


def opened(script: str, query: dict[str, str] | None = None) -> AppTest:
    """The page by its link, as in a new tab."""
    at = AppTest.from_file(PAGES / "menu.py", default_timeout=30).switch_page(script)
    at.query_params = dict(query or {})
    at.run()
    assert at.session_state["menu.current"] == script
    return at


def assert_healthy(at: AppTest, what: object) -> None:
    assert not at.exception, f"{what}: {[box.message for box in at.exception]}"
    assert at.title, f"{what}: the page has no title"


def ends(widget: Any) -> Iterator[object]:
    """The values of a widget with a range, or two states, at both ends."""
    match widget.type:
        case "slider" | "number_input":
            known = [value for value in (widget.min, widget.max) if value is not None]
            yield from ((value, value) if isinstance(widget.value, (tuple, list)) else value for value in known)
        case "checkbox" | "toggle":
            yield from (not widget.value, widget.value)


def ranges(at: AppTest) -> list[Any]:
    kinds = ("slider", "number_input", "checkbox", "toggle")
    return [widget for kind in kinds for widget in getattr(at, kind) if not widget.disabled]


def choices(at: AppTest) -> list[Any]:
    kinds = ("selectbox", "radio", "select_slider", "button_group")
    return [widget for kind in kinds for widget in getattr(at, kind) if widget.options]


def identity(widget: Any) -> tuple[str, ...]:
    return widget.type, widget.key or "", widget.label


@functools.cache
def presets(script: str) -> tuple[tuple[str, str], ...]:
    """(label, query) of the page's "Try this" links."""
    at = opened(script)
    assert_healthy(at, script)
    found = [json.loads(e.proto.json) for e in at.main if e.type == "bidi_component" and e.proto.json]
    return tuple((link["label"], link["query"]) for data in found for link in data.get("links", ()))


def test_every_page_file_is_in_the_menu_once() -> None:
    files = sorted(path.relative_to(PAGES).as_posix() for path in PAGES.glob("*/*.py"))
    assert sorted(SCRIPTS) == files


def test_every_menu_entry_has_a_title_of_its_own() -> None:
    titles = [entry.title for section in MENU.values() for entry in section]
    assert all(titles) and len(set(titles)) == len(titles)


@every_page
def test_opens(script: str) -> None:
    assert_healthy(opened(script), script)


@every_page
def test_opens_from_the_welcome_page(script: str) -> None:
    at = AppTest.from_file(PAGES / "menu.py", default_timeout=30).run()
    assert_healthy(at.switch_page(script).run(), script)
    assert at.session_state["menu.current"] == script


@every_page
def test_survives_every_control_at_both_ends(script: str) -> None:
    """Also those that another control brings forth; each goes back to where it was before the next one moves."""
    at = opened(script)
    waiting, seen = list(ranges(at)), set[object]()
    while waiting:
        widget = waiting.pop()
        if identity(widget) in seen:
            continue
        seen.add(identity(widget))
        for value in (*ends(widget), widget.value):
            present = {identity(other): other for other in ranges(at)}
            if identity(widget) not in present:
                break  # its own last value took it away
            present[identity(widget)].set_value(value).run()
            assert_healthy(at, (script, *identity(widget), value))
            waiting += ranges(at)


def addresses(at: AppTest) -> Iterator[dict[str, str]]:
    """Links that set every control with a range: all to the least, all to the most, all a step above the least.

    The first two leave the choices alone; the last takes the last option of each.
    """
    numbers = [widget for widget in ranges(at) if widget.type in ("slider", "number_input") and widget.key]
    least = {widget.key: widget.min for widget in numbers if widget.min is not None}
    odd = {widget.key: widget.min + (widget.step or 1) for widget in numbers if widget.min is not None}
    last = {widget.key: widget.options[-1] for widget in choices(at)}
    yield {key: f"{value:g}" for key, value in least.items()}
    yield {widget.key: f"{widget.max:g}" for widget in numbers if widget.max is not None}
    yield {key: f"{value:g}" for key, value in odd.items()} | last


@every_page
def test_every_control_moves_after_an_address_of_extremes(script: str) -> None:
    """What an address sets, no control could have set before: each control must go on from there."""
    for query in addresses(opened(script)):
        at = opened(script, query)
        assert_healthy(at, (script, query))
        for name in [identity(widget) for widget in ranges(at)]:
            present = {identity(other): other for other in ranges(at)}
            if name not in present:
                continue  # another control took it away
            widget = present[name]
            other = next((value for value in ends(widget) if value != widget.value), widget.value)
            widget.set_value(other).run()
            assert_healthy(at, (script, query, *name, other))


@every_page
def test_survives_every_choice_at_both_ends(script: str) -> None:
    """By the address, where a choice stands as the visitor reads it."""
    for widget in choices(opened(script)):
        assert widget.proto.query_param_key == widget.key, f"{script}: {widget.label} is not in the address"
        for option in (widget.options[0], widget.options[-1]):
            assert_healthy(opened(script, {widget.key: option}), (script, widget.key, option))


@every_page
def test_survives_every_try_this_link(script: str) -> None:
    for label, query in presets(script):
        assert_healthy(opened(script, dict(parse_qsl(query))), (script, label, query))


@every_page
def test_survives_an_address_of_nonsense(script: str) -> None:
    at = opened(script)
    keys = [widget.key for widget in (*ranges(at), *choices(at)) if widget.key]
    for nonsense in ("-1", "1e99", "nan", "", "\u0000<script>"):
        assert_healthy(opened(script, dict.fromkeys(keys, nonsense)), (script, nonsense))
