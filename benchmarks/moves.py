"""What a move costs the server: its CPU for a control that is moved, and for the whole script, on every page.

Hundreds of visitors share one interpreter, so CPU is what limits how many can play at once. At most 25 ms of it for a
move of a page's main controls and 50 ms for a run of the whole script (medians over the pages), and also as ratios to
a bare Streamlit page with one slider. Each page is alone on a server that is warm; its workers are not counted.

Run as ``python -m benchmarks.moves``; ``python -m benchmarks.moves PATH ...`` measures pages whose path begins so.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.common import Served, median, note, page_of, report, served
from benchmarks.tabs import Tab

MOVES, RUNS, WARMING = 20, 8, 1
SETTLED = 0.1  # seconds after a run in which what it left to the server's other threads ends
IDLE_FOR, QUIET, PATIENCE = 2.0, 0.1, 30.0  # seconds; of one core; seconds that one waits for work that goes on
FRAGMENT, WHOLE = 25.0, 50.0  # milliseconds

BARE = """
import streamlit as st


@st.fragment
def show():
    st.write(st.slider("Number", 1, 40, 8, key="number"))


show()
"""

# The controls that a page is about. The pages Welcome and Train have none in a fragment: there the whole script runs.
CONTROLS = {
    "": (),
    "convolution": ("kh", "kernel", "sy", "bias"),
    "channels": ("filters", "side", "bias"),
    "transposed": ("t_sy", "kh", "t_py"),
    "pooling": ("p_wh", "p_sy", "p_shift"),
    "activation": ("a_f", "a_x"),
    "softmax": ("s_digit", "s_class"),
    "normalization": ("n_kind", "n_c", "n_side"),
    "dropout": ("d_digit", "d_rate", "d_pass"),
    "train": ("preset", "epochs", "lr"),
    "initialization": ("i_start", "i_f", "i_depth", "i_width"),
    "optimizers": ("o_surface", "o_beta", "o_steps"),
    "regularization": ("r_patience",),
    "feature_maps": ("fm_layer", "fm_scale", "i_in"),
    "filters": ("fi_sort", "i_in"),
    "maximization": ("am_layer", "am_rate", "am_jitter"),
    "exemplars": ("ex_layer",),
    "attribution": ("at_class", "at_other", "i_in"),
}


@dataclass(frozen=True)
class Cost:
    """Milliseconds of the server's CPU, and kilobytes that it sent: medians."""

    cpu: float
    sent: float


@dataclass(frozen=True)
class Measured:
    """What moves of a page's controls cost, those that run a fragment, and what runs of its whole script."""

    moves: Cost | None
    runs: Cost


class Meter:
    """Measures what one thing after the other costs a server, beside what it uses while nothing is asked of it."""

    def __init__(self, server: Served, tab: Tab, idle: float) -> None:
        self._server, self._tab, self._idle = server, tab, idle

    async def cost(self, action: Callable[[], Awaitable[None]]) -> Cost:
        """What ``action`` costs, once work that goes on from before has ended."""
        await self._quiet()
        loop = asyncio.get_running_loop()
        start, used, sent = loop.time(), self._server.cpu(), self._tab.bytes
        await action()
        await asyncio.sleep(SETTLED)
        idle = self._idle * (loop.time() - start)
        return Cost(1000 * (self._server.cpu() - used - idle), (self._tab.bytes - sent) / 1000)

    async def _quiet(self) -> None:
        for _ in range(int(PATIENCE / SETTLED)):
            used = self._server.cpu()
            await asyncio.sleep(SETTLED)
            if self._server.cpu() - used < QUIET * SETTLED:
                return


def walk(values: Sequence[Any], at: Any, steps: int) -> Iterator[Any]:
    """One value after the other, as with the arrow keys: from ``at`` to the right, back from the end, and so on."""
    place, step = values.index(at), 1
    for _ in range(steps):
        if not 0 <= place + step < len(values):
            step = -step
        place += step
        yield values[place]


async def measure(server: Served, path: str, controls: Sequence[str], idle: float) -> Measured:
    """Moves each control of the page alone, then runs the whole script a few times."""
    tab = Tab(server.url, path)
    meter = Meter(server, tab, idle)
    moves, runs = [], []
    try:
        await tab.open()
        for key in controls:
            steps = -(-MOVES // len(controls)) + WARMING
            for number, value in enumerate(walk(tab.values(key), tab.value(key), steps)):
                in_fragment = bool(tab.controls[tab.find(key)][2])
                cost = await meter.cost(lambda key=key, value=value: tab.move(key, value))  # type: ignore[misc]
                if number >= WARMING:
                    (moves if in_fragment else runs).append(cost)
        runs += [await meter.cost(tab.run) for _ in range(RUNS)]
    finally:
        await tab.close()
    return Measured(middle(moves) if moves else None, middle(runs))


def middle(costs: Sequence[Cost]) -> Cost:
    """The medians."""
    return Cost(median(cost.cpu for cost in costs), median(cost.sent for cost in costs))


async def idle_rate(server: Served) -> float:
    """Seconds of CPU that the server uses in one second while nothing is asked of it, once it is warm."""
    while True:
        used = server.cpu()
        await asyncio.sleep(IDLE_FOR)
        if (rate := (server.cpu() - used) / IDLE_FOR) < QUIET / 2:
            return rate


def line(path: str, measured: Measured) -> None:
    """Prints what a page costs."""
    costs = (
        f"{cost.cpu:8.1f} ms {cost.sent:8.1f} kB" if cost else " " * 23 for cost in (measured.moves, measured.runs)
    )
    note(" | ".join([f"{path or 'welcome':15}", *costs]))


async def all_pages(server: Served, controls: dict[str, tuple[str, ...]]) -> dict[str, Measured]:
    """What each page costs, one after the other."""
    idle = await idle_rate(server)
    note(f"idle: {1000 * idle:.1f} ms of CPU a second")
    found = {}
    for path, keys in controls.items():
        found[path] = await measure(server, path, keys, idle)
        line(path, found[path])
    return found


def main(paths: list[str]) -> None:
    with page_of(BARE) as script, served(script) as server:
        bare = asyncio.run(all_pages(server, {"": ("number",)}))[""]
    controls = {path: keys for path, keys in CONTROLS.items() if not paths or path.startswith(tuple(paths))}
    with served(warm=20) as server:
        found = asyncio.run(all_pages(server, controls))
    moves = median(each.moves.cpu for each in found.values() if each.moves)
    runs = median(each.runs.cpu for each in found.values())
    report("CPU of a move, ms, median of the pages", moves, FRAGMENT, at_most=True)
    report("CPU of a whole run, ms, median of the pages", runs, WHOLE, at_most=True)
    if bare.moves:
        note(f"a move / a bare page's: {moves / bare.moves.cpu:.1f}")
    note(f"a whole run / a bare page's: {runs / bare.runs.cpu:.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
