"""What the page "Activation maximization" is to make, how it is made in the background, and what is kept of it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from explainer.data import digits
from explainer.data.catalogue import CLASS_NAMES, is_available
from explainer.data.samples import PHOTOGRAPHS, original
from explainer.inspection.maximization import Settings, Snapshot, Target, ascend, fits
from explainer.inspection.parameterization import Parameterization
from explainer.inspection.real_pictures import Real, best_real_steps, pieces
from explainer.inspection.steps import saying
from explainer.inspection.transformations import Transformations
from explainer.lru import Lru
from explainer.memory import bounds
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.networks.reading import shown

SIDES = (64, 96, 128, 160, 192, 224)  # of pictures for networks of photographs
SMALL = 64  # a network that reads pictures of at most this side is quick
MOST_PIXELS = 160_000  # of all the pictures that are made at the same time
MOST_UNITS = 24  # of a large network's layer at a time

_FITTING: Lru[int] = Lru(256)
_REAL: Lru[Real] = Lru(128)
_MADE: Lru[Made] = Lru(bounds().results, lambda made: made.size)  # up to six megabytes each


@dataclass(frozen=True)
class Stage:
    """Settings to climb with, what to call them, and what they are for."""

    title: str
    note: str
    settings: Settings


@dataclass(frozen=True)
class Plan:
    """What to make: every unit of ``target`` once with the settings of each stage. ``key`` is the network's."""

    key: str
    target: Target
    stages: tuple[Stage, ...]


@dataclass(frozen=True, eq=False)
class Made:
    """How far a plan has come: a snapshot of each stage that has begun, and the best real pictures.

    ``best`` (n, k, side, side, channels) uint8 are the pictures themselves.
    """

    real: Real
    best: NDArray[np.uint8]
    snapshots: tuple[Snapshot, ...]

    @property
    def size(self) -> int:
        """Bytes of its pictures."""
        return self.best.nbytes + sum(each.pictures.nbytes + each.seen.nbytes for each in self.snapshots)

    def is_over(self, plan: Plan) -> bool:
        """Whether there is nothing left to do."""
        return len(self.snapshots) == len(plan.stages) and self.snapshots[-1].reached is not None

    def share(self, plan: Plan) -> float:
        """How much of the work is done, 0 to 1."""
        steps = [stage.settings.steps for stage in plan.stages]
        return sum(snapshot.step for snapshot in self.snapshots) / sum(steps)


def find(plan: Plan) -> Made | None:
    """What was made by this plan, by whoever asked for it, or None."""
    return _MADE.get(plan)


def make(network: Network, plan: Plan) -> Iterator[Made | None]:
    """Makes what is planned, and yields how far it has come, for work in the background; the end is kept.

    None while it looks at real pictures.
    """
    pictures = real_pictures(network, plan.target.side)
    real = (yield from _real(network, plan.target, pictures)).of(plan.target.units)
    best = pictures[real.index]
    made = Made(real, best if best.ndim == 5 else best[..., None], ())
    yield made
    for stage in plan.stages:
        done = made.snapshots
        for snapshot in ascend(network, plan.target, stage.settings, real.scale):
            made = replace(made, snapshots=(*done, snapshot))
            yield made
    _MADE.put(plan, made)


def _real(network: Network, target: Target, pictures: NDArray[np.uint8]) -> Generator[None, None, Real]:
    """The best real pictures of all the units of the target's layer, looked for once."""
    every = replace(target, units=tuple(range(network.description.layer(target.layer).channels)))
    key = (network.key, every)
    known = _REAL.get(key)
    if known is None:
        known = yield from saying(best_real_steps(network, every, pictures), lambda _: None)
        _REAL.put(key, known)
    return known


def is_small(network: Network) -> bool:
    """Whether the network is quick enough to begin without being asked."""
    return network.description.transform.size <= SMALL


def side_that_fits(network: Network, layer: Layer, wished: int) -> int:
    """The smallest side from ``wished`` on with which the network can be run as far as ``layer``."""
    size = network.description.transform.size
    if is_small(network):
        return size
    sides = (side for side in SIDES if wished <= side < size)
    fitting = (side for side in sides if fits(network, layer.name, side))
    return _FITTING.get_or_put((network.key, layer.name, wished), lambda: next(fitting, size))


def units_at_once(network: Network, layer: Layer, first: int, side: int) -> tuple[int, ...]:
    """All units of a layer, or as many from ``first`` on as are made at the same time."""
    most = MOST_PIXELS // side**2 if is_small(network) else min(MOST_UNITS, MOST_PIXELS // side**2)
    return (
        tuple(range(layer.channels)) if layer.channels <= most else tuple(range(layer.channels))[first : first + most]
    )


def real_pictures(network: Network, side: int) -> NDArray[np.uint8]:
    """Test digits, or pieces of ``side`` x ``side`` pixels of the sample photographs as the network is shown them."""
    if is_small(network):
        names = (name for name in CLASS_NAMES if CLASS_NAMES[name] == network.description.classes)
        return digits.load(next((name for name in names if is_available(name)), "mnist")).test_images
    transform = network.description.transform
    shown_photographs = (shown(transform, original(one.name)) for one in PHOTOGRAPHS)
    return np.concatenate([pieces(picture, side) for picture in shown_photographs])


def what_is_real(network: Network, side: int) -> str:
    """What ``real_pictures`` are, for people."""
    if is_small(network):
        return "10,000 test digits" if network.description.classes == CLASS_NAMES["mnist"] else "10,000 test pictures"
    many = len(PHOTOGRAPHS) * (1 if side >= network.description.transform.size else 9)
    return f"{many} pieces of the sample photographs"


def in_turn(settings: Settings, *, color: bool) -> tuple[Stage, ...]:
    """One helper more in each stage, as strong as in ``settings``; with the one for pictures in ``color``."""
    moves = settings.transformations
    now = replace(
        settings,
        parameterization=Parameterization(False, False, False),
        transformations=Transformations(),
        blur=0.0,
        l2=0.0,
        variation=0.0,
    )
    stages = [Stage("Pixels alone", "Also darker than black.", now)]

    def add(title: str, note: str, changed: Settings) -> Settings:
        stages.append(Stage(title, note, changed))
        return changed

    now = add("+ black to white", "Only values that a pixel can have.", _shaped(now, bounded=True))
    now = add(
        "+ jitter",
        "It must excite a little aside too.",
        _moving(now, replace(now.transformations, jitter=moves.jitter)),
    )
    now = add(
        "+ scale, rotation",
        "And larger, and turned.",
        _moving(now, replace(now.transformations, scale=moves.scale, rotation=moves.rotation)),
    )
    now = add("+ waves", "Large shapes come first.", _shaped(now, fourier=True))
    if color:
        now = add("+ colours", "Those of photographs.", _shaped(now, decorrelated=True))
    now = add("+ L2", "What does not help fades.", replace(now, l2=settings.l2))
    now = add("+ total variation", "Neighbours become alike.", replace(now, variation=settings.variation))
    add("+ blur", "Fine patterns are wiped away.", replace(now, blur=settings.blur))
    return tuple(stages)


def _shaped(settings: Settings, **changes: bool) -> Settings:
    return replace(settings, parameterization=replace(settings.parameterization, **changes))


def _moving(settings: Settings, moves: Transformations) -> Settings:
    return replace(settings, transformations=moves)
