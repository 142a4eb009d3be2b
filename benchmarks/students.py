"""Students who play with the app at the same time: tabs that think, move a control, press Train, and follow a run."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import httpx
import websockets

from benchmarks.tabs import PATIENCE, PageError, Tab

FIRST, LATER = 0.1, 1.3  # seconds between two questions of a feed that has nothing to show yet, and their growth
OVER = {"finished", "stopped", "diverged", "failed"}


@dataclass
class Record:
    """What all of them met: seconds from a move to the finished page, and what was shown or lost, counted."""

    opened: list[float] = field(default_factory=list)
    moved: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # by page
    fed: list[float] = field(default_factory=list)
    shown: Counter[str] = field(default_factory=Counter)  # sentences of refusal, which are the app's answer
    errors: Counter[str] = field(default_factory=Counter)  # what no visitor should see

    def all_moved(self) -> list[float]:
        """The moves on all pages."""
        return [seconds for page in self.moved.values() for seconds in page]


class Student(Tab):
    """A tab, and what it meets."""

    def __init__(self, base: str, path: str, record: Record, rng: random.Random) -> None:
        super().__init__(base, path)
        self.record, self.rng = record, rng
        self.news: dict[str, Any] = {}  # what the feed brought last

    async def play(self, end: float, think: Sequence[float]) -> None:
        """Moves one control after another until ``end``."""
        while (left := end - perf_counter()) > 0:
            await asyncio.sleep(min(left, self.rng.uniform(*think)))
            if perf_counter() < end:
                await self.met(self.move_any())

    async def enter(self) -> None:
        """Opens the page."""
        start = perf_counter()
        await self.met(self.open())
        self.record.opened.append(perf_counter() - start)

    async def move_any(self) -> None:
        """Moves one of the controls, or has the page run where it has none."""
        keys = [name.rsplit("-", 1)[-1] for name in self.controls if self.can_be_moved(name)]
        start = perf_counter()
        if keys:
            key = self.rng.choice(keys)
            await self.move(key, self.rng.choice(self.values(key)))
        else:
            await self.run()
        self.record.moved[self.path].append(perf_counter() - start)

    async def train(self) -> None:
        """Presses Train, and follows the run to its end as the page's feed does."""
        start = perf_counter()
        await self.met(self.press("train"))
        self.record.moved["Train, pressed"].append(perf_counter() - start)
        async with httpx.AsyncClient(timeout=PATIENCE, headers={"cookie": self.cookies}) as client:
            state, pause = None, FIRST
            while state not in OVER:
                told = self.fed
                if told is None:
                    raise PageError(f"{self.path}: nothing follows the run")
                self.news = await self._ask(client, told["address"])
                if self.news["state"] not in (told["state"], state):
                    state = self.news["state"]
                    await self.met(self.tell(told["id"], "changed", state))
                pause = min(LATER * pause, told["every"] / 1000)
                known = self.news["again"] or (told["every"] if self.news["some"] else 0.0)
                await asyncio.sleep(known / 1000 or pause)

    async def _ask(self, client: httpx.AsyncClient, address: str) -> dict[str, Any]:
        start = perf_counter()
        answer = await client.get(f"{self.base}/{address.lstrip('/')}")
        answer.raise_for_status()
        self.record.fed.append(perf_counter() - start)
        news: dict[str, Any] = json.loads(answer.content)
        return news

    async def look(self) -> None:
        """Asks the page's feed once, where something follows a run."""
        if self.fed and self.fed["going"]:
            async with httpx.AsyncClient(timeout=PATIENCE, headers={"cookie": self.cookies}) as client:
                await self._ask(client, self.fed["address"])

    async def met(self, doing: Any) -> None:
        """Awaits ``doing``; a sentence of the app's is noted, what breaks is an error."""
        try:
            await doing
        except PageError as problem:
            (self.record.errors if problem.is_fault else self.record.shown)[str(problem)[:160]] += 1
        except (OSError, httpx.HTTPError, websockets.WebSocketException) as problem:
            self.record.errors[f"{self.path}: {type(problem).__name__}: {problem}"[:160]] += 1


async def closing(student: Student, doing: Any) -> None:
    """Awaits ``doing``, and closes the tab."""
    try:
        await student.met(doing)
    finally:
        with contextlib.suppress(OSError, websockets.WebSocketException):
            await student.close()


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that ``share`` (0 to 1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]
