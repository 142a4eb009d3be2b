"""Opens pages of the app by their links, without a browser."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

ROOT = Path(__file__).parents[2]
MENU_FILE = ROOT / "pages" / "menu.py"
MENU = runpy.run_path(str(MENU_FILE), run_name="menu")["MENU"]
NAMES: list[str] = [entry.name for section in MENU.values() for entry in section]


def path_of(name: str) -> str:
    """The page's path below the app's address."""
    return "" if name == NAMES[0] else name.rsplit("/", 1)[-1]


def turn(at: AppTest, name: str) -> AppTest:
    """The app at another page of the menu, which the next run draws; AppTest itself knows pages only by their files."""
    at._page_hash = calc_hash(path_of(name))
    return at


def opened(name: str, query: dict[str, str] | None = None, timeout: float = 300) -> AppTest:
    """The page by its link, as in a new tab."""
    at = turn(AppTest.from_file(MENU_FILE, default_timeout=timeout), name)
    at.query_params = dict(query or {})
    at.run()
    assert at.session_state["menu.current"] == name
    return at


def in_address(at: AppTest) -> dict[str, list[str]]:
    """What the browser is told to write into the address of choices by identifier, by their keys."""
    values: dict[str, list[str]] = {}
    for element in at.main:
        if element.type == "bidi_component" and element.proto.component_name == "explainer.address":
            values |= json.loads(element.proto.json).get("values", {})
    return values


def notice_of(at: AppTest) -> str:
    """What the page says to notice; it must not have raised anything."""
    assert not at.exception
    return next(each.value for each in at.markdown if ":material/visibility:" in each.value)


def said(at: AppTest) -> str:
    """All that the page says in words, formulas and warnings, with plain spaces; it must not have raised anything."""
    assert not at.exception
    return "\n".join(each.value for each in (*at.markdown, *at.latex, *at.warning)).replace("\u00a0", " ")


def data_of(at: AppTest, name: str) -> dict[str, Any]:
    """What the component called ``name`` is given."""
    protos = [each.proto for each in at.main if each.type == "bidi_component"]
    found: dict[str, Any] = json.loads(next(each.json for each in protos if each.component_name.endswith(f".{name}")))
    return found


def names_of(choice: Any) -> dict[str, str]:
    """The labels of a choice by what stands in the address for them: identifiers, or the label where it is bound."""
    if choice.proto.query_param_key:
        return {option: option for option in choice.options}
    names: dict[str, str] = choice.format_func.__self__  # the dictionary whose labels are shown
    return names
