"""Every page of the menu opens, and survives every control at both ends and every "Try this" link."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

import pytest
from opening import MENU, MENU_FILE, NAMES, ROOT, in_address, names_of, opened, turn
from streamlit import config
from streamlit.testing.v1 import AppTest

IDENTIFIER = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
GARBLED = re.compile(r"\b(nan|inf|None)\b|1e\+|(?<![\^_])\{[a-z]\w*[:,}]")  # no number, or a value that was not put in
every_page = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True)
def tell_all() -> Iterator[None]:
    """Error boxes hold the message, which visitors do not see."""
    before = config.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")
    yield
    config.set_option("client.showErrorDetails", before)


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
def presets(name: str) -> tuple[tuple[str, str], ...]:
    """(label, query) of the page's "Try this" links."""
    at = opened(name)
    assert_healthy(at, name)
    found = [json.loads(e.proto.json) for e in at.main if e.type == "bidi_component" and e.proto.json]
    return tuple((link["label"], link["query"]) for data in found for link in data.get("links", ()))


def test_every_page_file_is_in_the_menu_once() -> None:
    files = (ROOT / "pages").glob("*/*/page.py")
    assert sorted(NAMES) == sorted(path.parent.relative_to(ROOT / "pages").as_posix() for path in files)


@every_page
def test_a_page_calls_itself_what_the_menu_does(name: str) -> None:
    assert import_module(f"pages.{name.replace('/', '.')}.page").PAGE.name == name.rsplit("/", 1)[-1]


def test_every_menu_entry_has_a_title_of_its_own() -> None:
    titles = [entry.title for section in MENU.values() for entry in section]
    assert all(titles) and len(set(titles)) == len(titles)


@every_page
def test_opens(name: str) -> None:
    assert_healthy(opened(name), name)


@every_page
def test_opens_from_the_welcome_page(name: str) -> None:
    at = AppTest.from_file(MENU_FILE, default_timeout=60).run()
    assert_healthy(turn(at, name).run(), name)
    assert at.session_state["menu.current"] == name


@every_page
def test_survives_every_control_at_both_ends(name: str) -> None:
    """Also those that another control brings forth; each goes back to where it was before the next one moves."""
    at = opened(name)
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
            assert_healthy(at, (name, *identity(widget), value))
            waiting += ranges(at)


def addresses(at: AppTest) -> Iterator[dict[str, str]]:
    """Links that set every control with a range: all to the least, all to the most, all a step above the least.

    The first two leave the choices alone; the last takes the last option of each.
    """
    numbers = [widget for widget in ranges(at) if widget.type in ("slider", "number_input") and widget.key]
    least = {widget.key: widget.min for widget in numbers if widget.min is not None}
    odd = {widget.key: widget.min + (widget.step or 1) for widget in numbers if widget.min is not None}
    last = {widget.key: list(names_of(widget))[-1] for widget in choices(at)}
    yield {key: f"{value:g}" for key, value in least.items()}
    yield {widget.key: f"{widget.max:g}" for widget in numbers if widget.max is not None}
    yield {key: f"{value:g}" for key, value in odd.items()} | last


@every_page
def test_every_control_moves_after_an_address_of_extremes(name: str) -> None:
    """What an address sets, no control could have set before: each control must go on from there."""
    for query in addresses(opened(name)):
        at = opened(name, query)
        assert_healthy(at, (name, query))
        for control in [identity(widget) for widget in ranges(at)]:
            present = {identity(other): other for other in ranges(at)}
            if control not in present:
                continue  # another control took it away
            widget = present[control]
            other = next((value for value in ends(widget) if value != widget.value), widget.value)
            widget.set_value(other).run()
            assert_healthy(at, (name, query, *control, other))


@every_page
def test_survives_every_choice_at_both_ends(name: str) -> None:
    """By the address, where a choice stands by its identifier, or as the visitor reads it where Streamlit binds it."""
    plain = opened(name)
    for widget in choices(plain):
        is_bound = widget.proto.query_param_key == widget.key
        assert is_bound or widget.key in in_address(plain), f"{name}: {widget.label} is not in the address"
        options = list(names_of(widget))
        for option in (options[0], options[-1]):
            at = opened(name, {widget.key: option})
            assert_healthy(at, (name, widget.key, option))
            assert is_bound or option in in_address(at)[widget.key] or in_address(plain) == in_address(at)


@every_page
def test_identifiers_can_stand_in_every_address(name: str) -> None:
    for widget in choices(opened(name)):
        if not widget.proto.query_param_key:
            names = names_of(widget)
            assert all(IDENTIFIER.fullmatch(each) for each in names), f"{name}: {widget.label} has {list(names)}"
            assert len(set(names.values())) == len(names), f"{name}: {widget.label} calls two options the same"


@every_page
def test_survives_every_try_this_link(name: str) -> None:
    for label, query in presets(name):
        at = opened(name, dict(parse_qsl(query)))
        assert_healthy(at, (name, label, query))
        assert not [*at.warning, *at.error], (name, label, [box.value for box in (*at.warning, *at.error)])
        said = [text.value for text in (*at.markdown, *at.caption) if not text.value.startswith("<")]
        garbled = [text for text in said if GARBLED.search(text)]
        assert not garbled, (name, label, garbled)


@every_page
def test_survives_an_address_of_nonsense(name: str) -> None:
    at = opened(name)
    keys = [widget.key for widget in (*ranges(at), *choices(at)) if widget.key]
    for nonsense in ("-1", "1e99", "nan", "", "\u0000<name>"):
        assert_healthy(opened(name, dict.fromkeys(keys, nonsense)), (name, nonsense))
