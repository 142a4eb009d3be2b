"""Tabs that one test after the other uses, each as if nobody had been there: no cookies, no storage, no listeners."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SLOW = 300_000  # milliseconds that a part of a page may take to come, on a busy machine
ANSWERS = 20_000  # milliseconds in which a tab must answer that is to serve the next test, too
FORGET = "() => { localStorage.clear(); sessionStorage.clear(); return true; }"


class Tabs:
    """A tab of ``browser`` for every set of options that tests ask for, and others where a test opens several."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._kept: dict[str, Page] = {}
        self._taken: dict[str, list[tuple[str, Any]]] = {}  # kept tabs that the present test uses, and its listeners
        self._others: list[BrowserContext] = []

    def take(self, options: dict[str, Any], fresh: bool = False) -> Page:
        """A tab with these options of ``Browser.new_context``, for the present test alone."""
        name = _name(options)
        if fresh or name in self._taken or not options["bypass_csp"]:  # FORGET needs what a policy may forbid
            page = self._new(options)
            self._others.append(page.context)
            return page
        page = self._kept.get(name) or self._new(options)
        self._kept[name], self._taken[name] = page, []
        _note_listeners(page, self._taken[name])
        return page

    def leave(self) -> None:
        """The present test is over: what it opened besides is closed, and the kept tabs forget it."""
        for context in self._others:
            context.close()
        for name, listeners in self._taken.items():
            if not _forget(self._kept[name], listeners, json.loads(name)):
                self._kept.pop(name).context.close()
        self._others, self._taken = [], {}

    def close(self, but: dict[str, Any] | None = None) -> None:
        """Closes all tabs, but the one with the options ``but``."""
        stays = but and _name(but)
        for name in [name for name in self._kept if name != stays]:
            self._kept.pop(name).context.close()

    def _new(self, options: dict[str, Any]) -> Page:
        context = self.browser.new_context(**options)
        context.set_default_timeout(SLOW)
        return context.new_page()


def _name(options: dict[str, Any]) -> str:
    return json.dumps(options, sort_keys=True, default=str)


def _note_listeners(page: Page, listeners: list[tuple[str, Any]]) -> None:
    listen = type(page).on

    def on(event: Any, handler: Any) -> None:
        listeners.append((event, handler))
        listen(page, event, handler)

    page.on = on  # type: ignore[method-assign]


def _forget(page: Page, listeners: list[tuple[str, Any]], options: dict[str, Any]) -> bool:
    """Whether the tab is as a new one now: it is not where it was closed, has crashed or is caught in a loop."""
    from playwright.sync_api import Error

    for event, handler in listeners:
        page.remove_listener(event, handler)
    try:
        _clean(page, options)
    except Error:
        return False
    return True


def _clean(page: Page, options: dict[str, Any]) -> None:
    context = page.context
    for other in context.pages:
        if other is not page:
            other.close()
    page.unroute_all(behavior="ignoreErrors")
    context.set_offline(False)
    for frame in page.frames:
        if frame.url.startswith("http"):
            frame.wait_for_function(FORGET, timeout=ANSWERS)  # evaluate would wait for ever
    page.mouse.move(0, 0)
    page.goto("about:blank")
    context.clear_cookies()
    page.set_viewport_size(options["viewport"])
    page.emulate_media(color_scheme=options.get("color_scheme", "light"))
