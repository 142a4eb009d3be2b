"""Megabytes that one more open tab takes on the server, page by page: ``python -m benchmarks.tab_memory [page ...]``.

Each page is opened in a first tab, which fills the caches, and then in sixty more that stay open. Needs Linux.
"""

from __future__ import annotations

import argparse
import asyncio

from benchmarks.common import report, served
from benchmarks.soak import PAGES, memory, settle
from benchmarks.tabs import Tab

TABS = 60
MOST = 6.0  # MB for one tab, whatever its page


async def megabytes_a_tab(base: str, page: str, process: int) -> float:
    """What each of ``TABS`` tabs adds to the server's memory."""
    tabs = [Tab(base, page) for _ in range(TABS + 2)]
    try:
        for tab in tabs[:2]:
            await tab.open()
        before = memory(process)[0]
        for tab in tabs[2:]:
            await tab.open()
        return (memory(process)[0] - before) / TABS
    finally:
        for tab in tabs:
            await tab.close()


async def measure(base: str, pages: list[str], process: int) -> None:
    """Prints a line for each page."""
    for page in pages:
        report(f"{page or 'welcome'}, MB a tab", await megabytes_a_tab(base, page, process), MOST, at_most=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pages", nargs="*", default=PAGES)
    pages = options.parse_args().pages
    with served() as server:
        settle(server.pid)
        asyncio.run(measure(server.url, pages, server.pid))


if __name__ == "__main__":
    main()
