"""Opens pages of the app by their links, without a browser."""

from __future__ import annotations

import runpy
from pathlib import Path

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


def opened(name: str, query: dict[str, str] | None = None, timeout: float = 60) -> AppTest:
    """The page by its link, as in a new tab."""
    at = turn(AppTest.from_file(MENU_FILE, default_timeout=timeout), name)
    at.query_params = dict(query or {})
    at.run()
    assert at.session_state["menu.current"] == name
    return at
