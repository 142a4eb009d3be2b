"""Every page of the menu opens, and survives every control at both ends and every "Try this" link.

Each run of a page costs, and there are thousands here: what a run can show together is shown together.
"""

from __future__ import annotations

import functools
import itertools
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
NONSENSE = ("-1", "1e99", "nan", "", "\u0000<name>")
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
def test_opens_from_the_welcome_page(name: str) -> None:
    at = AppTest.from_file(MENU_FILE, default_timeout=300).run()
    assert_healthy(turn(at, name).run(), name)
    assert at.session_state["menu.current"] == name


@every_page
def test_survives_every_control_at_both_ends(name: str) -> None:
    """Also those that another control brings forth; each goes back to where it was as the next one moves."""
    at = opened(name)
    waiting, seen = list(ranges(at)), set[object]()
    while waiting:
        widget = waiting.pop()
        if identity(widget) in seen:
            continue
        seen.add(identity(widget))
        before, *values = widget.value, *ends(widget)  # the widget itself moves with the first of them
        for value in values:
            present = {identity(other): other for other in ranges(at)}
            if identity(widget) not in present:
                break  # its own last value took it away
            present[identity(widget)].set_value(value).run()
            assert_healthy(at, (name, *identity(widget), value))
            waiting += ranges(at)
        for same in ranges(at):
            if identity(same) == identity(widget):
                same.set_value(before)


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
def test_all_controls_move_after_an_address_of_extremes(name: str) -> None:
    """What an address sets, no control could have set before: the controls must go on from there."""
    for query in addresses(opened(name)):
        at = opened(name, query)
        assert_healthy(at, (name, query))
        for widget in ranges(at):
            widget.set_value(next((value for value in ends(widget) if value != widget.value), widget.value))
        at.run()
        assert_healthy(at, (name, query, "and all controls at the other end"))


@every_page
def test_survives_every_choice_at_both_ends(name: str) -> None:
    """By the address, where a choice stands by its identifier, or as the visitor reads it where Streamlit binds it."""
    plain = opened(name)
    for widget in choices(plain):
        is_bound = widget.proto.query_param_key == widget.key
        assert is_bound or widget.key in in_address(plain), f"{name}: {widget.label} is not in the address"
        names = names_of(widget)
        if not is_bound:
            assert all(IDENTIFIER.fullmatch(each) for each in names), f"{name}: {widget.label} has {list(names)}"
            assert len(set(names.values())) == len(names), f"{name}: {widget.label} calls two options the same"
        for option in dict.fromkeys((next(iter(names)), list(names)[-1])):
            if widget.value in (option, names[option]):
                continue  # as the plain page has it
            at = opened(name, {widget.key: option})
            assert_healthy(at, (name, widget.key, option))
            assert is_bound or option in in_address(at)[widget.key] or in_address(plain) == in_address(at)


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
    """Of every kind, each for other controls, and then each for the next ones."""
    at = opened(name)
    keys = [widget.key for widget in (*ranges(at), *choices(at)) if widget.key]
    for first in (0, 2):
        kinds = itertools.cycle(NONSENSE[first:] + NONSENSE[:first])
        query = dict(zip(keys, kinds, strict=False))
        assert_healthy(opened(name, query), (name, query))
