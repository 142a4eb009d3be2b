"""A run that is watched in the browser, over the same loop called bare in a script: at least 0.85."""

import sys
from time import perf_counter

from benchmarks.common import browser, in_process, median, note, open_page, report, server

PRESET, EPOCHS, TIMES = "wider", 3, 3


def watched(url: str) -> float:
    """Digits a second of wall time, from the first point that the page shows to the last."""
    with browser() as chromium:
        page = open_page(chromium, f"{url}/train?preset={PRESET}&epochs={EPOCHS}")
        page.get_by_role("button", name="Train", exact=True).click()
        page.get_by_text("Epoch 0.0").first.wait_for(timeout=60_000)
        start = perf_counter()
        page.get_by_text(f"Epoch {EPOCHS}.00").first.wait_for(timeout=600_000)
        return 60_000 * EPOCHS / (perf_counter() - start)


def main(times: int) -> None:
    ratios = []
    with server(warm=15) as url:
        for _ in range(times):
            bare = float(in_process("benchmarks.bare", PRESET, str(EPOCHS)))
            seen = watched(url)
            ratios.append(seen / bare)
            note(f"{PRESET}: bare {bare:,.0f} digits/s, watched {seen:,.0f} digits/s")
    report("watched / bare", median(ratios), 0.85)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES)
