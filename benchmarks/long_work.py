"""Two visitors: one has the longest works of the inspection pages done, the other plays beside it.

Beside the work a rerun of a light page takes at most twice as long as alone, and the first map of a work of the other's
own at most three times. When the one closes the browser, the work stops using CPU within 2 seconds.

Run as ``python -m benchmarks.long_work``; ``python -m benchmarks.long_work NAME ...`` does the works whose name begins
so. Every link is a new one, so that nothing is known of it before.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import product
from time import perf_counter
from typing import Any

import httpx

from benchmarks.common import Served, median, note, report, served
from benchmarks.tabs import PageError, Tab

LIGHT = "convolution"
MOST_LIGHT, MOST_FIRST, MOST_AFTER = 2.0, 3.0, 2.0  # two ratios, and seconds
RERUNS, TIMES = 12, 3
QUIET = 0.15  # of a core, while there is no work
LOOK, ENDED = 0.1, 10  # seconds between two looks at the CPU, and how many without work mean that it has ended
PATIENCE = 60.0  # seconds

PHOTO = "attribution?i_net=squeezenet&i_in={photo}"
FIRST = PHOTO + "&at_methods=occlusion&at_patch={patch}&at_stride=quarter&at_fill=blurred"


@dataclass(frozen=True)
class Work:
    """A link that begins it, and the button that it needs."""

    name: str
    link: str
    button: str = ""


WORKS = (
    Work("weight randomization", PHOTO + "&at_view=random-weights&at_methods=occlusion&at_patch={patch}"),
    Work("removed pixels", PHOTO + "&at_view=remove-pixels&at_methods=occlusion&at_patch={patch}"),
    Work("occlusion", PHOTO + "&at_methods=occlusion&at_patch={patch}&at_stride=eighth"),
    Work("integrated gradients", PHOTO + "&at_methods=integrated-gradients&at_steps=64&at_class={name}"),
    Work("activation maximization", "maximization?i_net=squeezenet&am_view=layer&am_seed={number}", "am_make"),
    Work("top-activating images", "exemplars?i_net=squeezenet&ex_layer=concatenation-{layer}"),
    Work("t-SNE", "exemplars?ex_view=digits&ex_method=t-sne&ex_space={space}&ex_perplexity={near}"),
)


def links() -> Iterator[dict[str, object]]:
    """What is put into the links, each time something else."""
    photos = ("cat", "photographer", "astronaut", "coffee", "rocket", "bricks")
    names = ("goldfish", "tench", "hammerhead", "cock", "hen", "ostrich")
    spaces, near = ("pixels", "flatten", "activation-fc-1"), (100, 50, 30, 15)
    for number, (patch, at) in enumerate(product((10, 15, 20, 25, 30, 40, 50), range(len(photos)))):
        yield {
            "photo": photos[at], "patch": patch, "name": names[number % len(names)], "number": number,
            "layer": 1 + number % 8, "space": spaces[number % 3], "near": near[number % 4],
        }  # fmt: skip


async def first_map(base: str, link: str) -> float:
    """Seconds from the link to its first map, in a tab of its own that is open."""
    tab = Tab(base, LIGHT)
    await tab.open()
    start = perf_counter()
    await tab.go(link)
    async with httpx.AsyncClient(timeout=PATIENCE, headers={"cookie": tab.cookies}) as client:
        while not (await _news(tab, client))["some"]:
            await asyncio.sleep(0.05)
    seconds = perf_counter() - start
    await tab.close()
    return seconds


async def _news(tab: Tab, client: httpx.AsyncClient) -> dict[str, Any]:
    """What the page's feed tells of the work."""
    if tab.fed is None:
        raise PageError(f"{tab.path}: nothing is computed beside the page")
    answer = await client.get(f"{tab.base}/{tab.fed['address']}")
    news: dict[str, Any] = answer.raise_for_status().json()
    return news


async def rerun(tab: Tab) -> float:
    """Seconds of a run of the whole script."""
    start = perf_counter()
    await tab.run()
    return perf_counter() - start


async def begin(base: str, work: Work, link: str) -> Tab:
    """A tab whose work goes on."""
    tab = Tab(base, link)
    await tab.open()
    if work.button:
        await tab.press(work.button)
    return tab


async def used(server: Served) -> float:
    """Cores that the server uses now."""
    before, start = server.cpu(), perf_counter()
    await asyncio.sleep(LOOK)
    return (server.cpu() - before) / (perf_counter() - start)


async def until_quiet(server: Served) -> float:
    """Seconds from now until the server computes no more. Raises TimeoutError."""
    start, since, quiet = perf_counter(), 0.0, 0
    while quiet < ENDED:
        quiet = quiet + 1 if await used(server) < QUIET else 0
        since = since if quiet else perf_counter() - start
        if since > PATIENCE:
            raise TimeoutError("The work goes on.")
    return since


async def after_closing(server: Served, tab: Tab) -> float:
    """Seconds that the work goes on after its tab is closed. Raises RuntimeError where it was over before."""
    async with httpx.AsyncClient(timeout=PATIENCE, headers={"cookie": tab.cookies}) as client:
        is_going = (await _news(tab, client))["going"]
    if not is_going:
        raise RuntimeError(f"{tab.path}: the work was over before the tab was closed.")
    await tab.close()
    return await until_quiet(server)


async def measure(server: Served, work: Work, fresh: Callable[[str], str]) -> None:
    """One kind of work, a few times."""
    light = Tab(server.url, LIGHT)
    await light.open()

    async def times(what: Callable[[], Awaitable[float]], count: int) -> float:
        return median([await what() for _ in range(count)])

    alone, beside, first_alone, first_beside, after = ([] for _ in range(5))  # type: ignore[var-annotated]
    for _ in range(TIMES):
        await until_quiet(server)
        alone.append(await times(lambda: rerun(light), RERUNS))
        first_alone.append(await first_map(server.url, fresh(FIRST)))
        await until_quiet(server)
        tab = await begin(server.url, work, fresh(work.link))
        beside.append(await times(lambda: rerun(light), RERUNS))
        after.append(await after_closing(server, tab))
        tab = await begin(server.url, work, fresh(work.link))
        first_beside.append(await first_map(server.url, fresh(FIRST)))
        await tab.close()
    await light.close()
    note(
        f"{work.name}: rerun {1000 * median(alone):.0f} ms, beside it {1000 * median(beside):.0f} ms; "
        f"first map {median(first_alone):.2f} s, beside it {median(first_beside):.2f} s"
    )
    report(f"{work.name}: a rerun beside it / alone", median(beside) / median(alone), MOST_LIGHT, at_most=True)
    report(
        f"{work.name}: a first map beside it / alone",
        median(first_beside) / median(first_alone),
        MOST_FIRST,
        at_most=True,
    )
    report(f"{work.name}: seconds after closing, the longest", max(after), MOST_AFTER, at_most=True)


async def all_works(server: Served, works: list[Work]) -> None:
    values = {work.link: links() for work in (*works, Work("", FIRST))}
    for work in works:
        await measure(server, work, lambda link: link.format(**next(values[link])))


def main(names: list[str]) -> None:
    works = [work for work in WORKS if not names or work.name.startswith(tuple(names))]
    with served(warm=20) as server:
        asyncio.run(all_works(server, works))


if __name__ == "__main__":
    main(sys.argv[1:])
