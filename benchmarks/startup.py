"""From ``streamlit run`` to a drawn welcome page, over a bare Streamlit page's: at most 1.5."""

import subprocess
import sys
from time import perf_counter

from playwright.sync_api import Browser

from benchmarks.common import ROOT, browser, free_port, median, note, page_of, report, wait_for_health

TIMES = 5
BARE = 'import streamlit as st\n\nst.title("A bare page")\nst.write("drawn")\n'


def drawn(chromium: Browser, script: str, text: str) -> float:
    """Seconds from the command to the text on the screen."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        "--server.headless",
        "true",
        "--server.port",
        str(port),
    ]
    start = perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_health(port)
        page = chromium.new_context().new_page()
        page.goto(f"http://localhost:{port}")
        page.get_by_text(text).first.wait_for(timeout=60_000)
        seconds = perf_counter() - start
        page.context.close()
        return seconds
    finally:
        process.terminate()
        process.wait(timeout=20)


def main() -> None:
    with page_of(BARE) as bare, browser() as chromium:
        pairs = [
            (drawn(chromium, "Home.py", "Train your own"), drawn(chromium, str(bare), "drawn")) for _ in range(TIMES)
        ]
    ours, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    note(f"welcome page {ours:.2f} s, bare page {theirs:.2f} s")
    report("welcome page / bare page", ours / theirs, 1.5, at_most=True)


if __name__ == "__main__":
    main()
