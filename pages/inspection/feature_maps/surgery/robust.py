"""The view "Robustness": how many digits are still read when they are turned, shifted, blurred and so on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.surgery import Line as Curve
from explainer.figures.surgery import Titles, accuracy_lines
from explainer.inspection.surgery.answers import answers_to
from explainer.inspection.surgery.disturbed import (
    DISTURBANCES,
    STRENGTHS,
    Disturbance,
    Robustness,
    disturbed,
    robustness,
    some_digits,
)
from explainer.inspection.surgery.operations import Operations, write
from explainer.inspection.surgery.surgery_code import disturbed_code, weights_code
from explainer.lru import Lru
from explainer.networks import zoo
from explainer.networks.graph import Network
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.controls import choice as choices
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.followed import Followed, share_done
from explainer.ui.frame.long_work import long_work
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said, Value
from explainer.words.latex import grouped, latex
from pages.inspection.feature_maps.surgery import state

KIND, STEP = "fm_kind", "fm_strength"
_TILES = 12
_known = Lru[Robustness](64)


def choose() -> None:
    """Draws the controls."""
    if state.choose_reader() is None:
        return
    kind = choices.choice(say("surgery.robust.kind"), labels("surgery.robust.kinds.{}", DISTURBANCES), KIND)
    names = {str(number): say(f"surgery.robust.at.{kind}", value=each) for number, each in enumerate(STRENGTHS[kind])}
    choices.stepped(say("surgery.robust.strength"), names, STEP, first="6")
    state.write_operations()


def picture(right: DeltaGenerator, below: DeltaGenerator) -> None:
    """Draws the view. Raises NoNetworkError, a sentence, where no reader of digits is chosen."""
    if (asked := state.asked(right)) is None:
        return
    network, done = asked
    kind: Disturbance = value_of(KIND)
    step = int(value_of(STEP))
    strength = STRENGTHS[kind][step]
    networks = [state.damaged(network, done)] if not done else [network, state.damaged(network, done)]
    with right:
        _chart(network, done, networks, kind, step)
        right_ones = [_right(network, done, kind, step)] if not done else []
        right_ones = right_ones or [_right(network, (), kind, step), _right(network, done, kind, step)]
        _tiles(networks[-1], kind, strength)
        page.notice(_notice(right_ones, kind, strength))
        page.formula(_accuracy(right_ones[-1]), _formula(kind, strength))
    with below:
        code = disturbed_code(network, weights_code(zoo.name_of(network)), done, kind, strength)
        page.pytorch_snippet(code)


def _digits() -> int:
    """How many the network reads at each strength."""
    return len(some_digits()[1])


@st.cache_data(max_entries=256, show_spinner=False, hash_funcs={Network: lambda network: network.key})
def _count(network: Network, kind: Disturbance, strength: float) -> int:
    pictures, true = some_digits()
    return answers_to(network, disturbed(pictures, kind, strength)).right(true)


def _right(network: Network, done: Operations, kind: Disturbance, step: int) -> int:
    return _count(state.damaged(network, done), kind, STRENGTHS[kind][step])


def _chart(network: Network, done: Operations, networks: Sequence[Network], kind: Disturbance, step: int) -> None:
    identity = (network.key, write(done), kind)
    work = long_work("fm_robust", identity, partial(_points, networks, kind), lambda made: made.is_whole, _known)
    found, going = work
    line = share_done(Said("surgery.robust.doing", digits=_digits()))
    followed = Followed(going, "fm_robust", line, mark=lambda made: made and made.right.shape) if going else None
    over = going is None
    if followed:
        found, over = followed.look()
    names = [say("surgery.robust.whole")] if not done else [say("surgery.robust.whole"), say("surgery.robust.damaged")]
    empty = np.zeros((len(names), 0))
    percent = empty if found is None else 100 * found.right / found.digits
    quiet = [bool(done), False]
    curves = [Curve(name, percent[at], quiet[at]) for at, name in enumerate(names)]
    below = say(f"surgery.robust.axis.{kind}")
    titles = Titles(
        say("surgery.robust.above", digits=_digits()), below, say("surgery.robust.hover", x="%{x}", y="%{y:.1f}")
    )
    strengths = STRENGTHS[kind]
    figure = drawn(accuracy_lines, strengths, curves, titles, strengths[step], page.is_dark(), height=270)
    page.chart(figure, Said("surgery.robust.alt"), key="fm_robust_chart")
    if followed:
        followed.draw(found, over)


def _points(networks: Sequence[Network], kind: Disturbance) -> Iterator[Robustness | None]:
    yield from robustness(networks, kind)


def _tiles(network: Network, kind: Disturbance, strength: float) -> None:
    pictures, true = some_digits()
    changed = disturbed(pictures, kind, strength)[:_TILES]
    found = answers_to(network, changed)
    made = tuple(
        Tile(
            changed[number].astype(np.float32),
            say("surgery.tiles.caption", true=int(true[number]), answer=int(found.predicted[number])),
            say("surgery.robust.detail", share=float(found.confidence[number])),
            "none" if found.predicted[number] == true[number] else "strong",
        )
        for number in range(_TILES)
    )
    tiles([TileRow(say("surgery.robust.row", shown=_TILES), made, "grey", 255.0)], key="fm_strip")


def _notice(right: Sequence[int], kind: Disturbance, strength: float) -> Said:
    digits = _digits()
    values: dict[str, Value] = {"at": Said(f"surgery.robust.at.{kind}", value=strength), "digits": digits}
    if len(right) == 1:
        return Said("surgery.robust.one", right=right[0], share=right[0] / digits, **values)
    return Said("surgery.robust.two", right=right[1], before=right[0], **values)


def _accuracy(right: int) -> str:
    digits = _digits()
    return rf"\frac{{{grouped(right)}}}{{{grouped(digits)}}} = {100 * right / digits:.1f}\,\%"


def _formula(kind: Disturbance, strength: float) -> str:
    """What becomes of a picture x, with its strength."""
    value = latex(strength)
    match kind:
        case "rotation":
            matrix = r"\begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix}"
            return (
                rf"x'(\mathbf{{p}}) = x({matrix} \mathbf{{p}}), \;\; \mathbf{{p}} = (c, r), \;\; \theta = {value}^\circ"
            )
        case "shift":
            return rf"x'_{{r,c}} = x_{{r,\,c-{value}}}"
        case "noise":
            return rf"x' = \mathrm{{clip}}(x + {value}\,\varepsilon), \;\; \varepsilon \sim \mathcal{{N}}(0, 1)"
        case "blur":
            return rf"x' = x * G_\sigma, \;\; \sigma = {value}"
        case "stroke":
            change = r"\max" if strength >= 0 else r"\min"
            within = rf"|\mathbf{{d}}| \le {latex(abs(strength))}"
            return rf"x'(\mathbf{{p}}) = {change}_{{{within}}} x(\mathbf{{p}} + \mathbf{{d}})"
