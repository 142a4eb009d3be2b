"""What the page "Residual connections" says in numbers: its sentences and its formulas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explainer.networks.config import NetworkConfig
from explainer.training.config import RunConfig
from explainer.training.residual import BlockNorms, Measured, TakenOut
from explainer.training.snapshot import Point
from explainer.words.book import Said
from explainer.words.latex import latex
from explainer.words.numbers import readable
from pages.networks.residual.state import Both, Shown

DIGITS = 3  # significant ones of a norm
_APART = 1.25  # errors that differ by a larger factor, and by more than a point, 0.01, differ
_POINT = 0.01


def name_of(config: RunConfig) -> Said:
    """What the network is called: plain, or by its skips."""
    return Said(f"residual.names.{config.network.skips.replace('-', '_')}")


def branch(network: NetworkConfig) -> list[Said]:
    """The two convolutions of a block, each with what stands before or behind it."""
    norm = "normalized" if network.batch_norm else "bare"
    if network.skips == "pre-activation":
        return [Said(f"residual.branch.early_{norm}")] * 2
    return [Said(f"residual.branch.first_{norm}"), Said(f"residual.branch.last_{norm}")]


def training_error(points: Sequence[Point], until: float) -> float:
    """The share that was misread while training in the epoch before epoch ``until``, NaN where nothing was."""
    kept = [point for point in points if until - 1 < point.epoch <= until + 1e-9 and point.train_accuracy is not None]
    if not kept:
        return float("nan")
    before = [point.step for point in points if point.epoch <= until - 1 + 1e-9]
    steps = np.diff([max(before, default=0), *(point.step for point in kept)])
    rights = [point.train_accuracy or 0.0 for point in kept]
    return 1 - float(np.average(rights, weights=steps))


def reached(both: Both) -> float:
    """The epoch that both runs have reached."""
    return min((each.points[-1].epoch if each.points else 0.0) for each in both.pair)


def of_training(both: Both) -> Said:
    """Before training what becomes of the gradient, afterwards which network misreads less of what it trains on."""
    if broken := _broken(both):
        return broken
    until = reached(both)
    if not until:
        ratios = dict(
            zip(("plain", "other"), (readable(gradient_ratio(each.first)) for each in both.pair), strict=True)
        )
        key = "residual.notice.begun" if both.going else "residual.notice.untrained"
        return Said(key, name=name_of(both.residual.config), **ratios)
    plain, other = (training_error(each.points, until) for each in both.pair)
    kind = "alike"
    if max(plain, other) > _APART * min(plain, other) and abs(plain - other) > _POINT:
        kind = "better" if other < plain else "worse"
    layers = layers_of(both)
    name = name_of(both.residual.config)
    return Said(f"residual.notice.{kind}", layers=layers, epochs=_epochs(until), plain=plain, other=other, name=name)


def _broken(both: Both) -> Said | None:
    """Which of them diverged, if one did."""
    broken = next((each for each in both.pair if each.state and each.state.status == "diverged"), None)
    if broken is None:
        return None
    return Said("residual.notice.diverged", name=name_of(broken.config), rate=broken.config.recipe.learning_rate / 10)


def layers_of(both: Both) -> int:
    """Those with weights."""
    return len(both.plain.first.gradients)


def gradient_ratio(measured: Measured) -> float:
    """The gradient that leaves the first block, in multiples of that which enters the last."""
    first, last = measured.blocks[0].passed, measured.blocks[-1].incoming
    return first / last if last else float("nan")


def gradient_formulas(both: Both) -> list[str]:
    """What each block makes of the gradient, and what is left of it after all of them, of both."""
    return [_way_back(each) for each in both.pair]


def _way_back(shown: Shown) -> str:
    blocks, has_skip = shown.latest.blocks, shown.config.network.skips != "plain"
    factor = r"\left(1 + \tfrac{\partial F}{\partial x}\right)" if has_skip else r"\tfrac{\partial F}{\partial x}"
    last, first = latex(blocks[-1].incoming, DIGITS), latex(blocks[0].passed, DIGITS)
    rows = rf"\tfrac{{\partial L}}{{\partial x}} = \tfrac{{\partial L}}{{\partial y}} {factor}"
    return rf"{rows}: \quad {last} \xrightarrow{{{len(blocks)}\times}} {first}"


def of_block(both: Both, number: int) -> Said:
    """How much of what leaves the block it has made, and how much of the gradient went around it."""
    block = both.residual.latest.blocks[number - 1]
    plain = both.plain.latest.blocks[number - 1]
    factors = readable(_factor(plain)), readable(_factor(block))
    share = block.share
    return Said("residual.notice.block", number=number, share=share, plain=factors[0], other=factors[1])


def _factor(block: BlockNorms) -> float:
    return block.passed / block.incoming if block.incoming else float("nan")


def block_formulas(block: BlockNorms) -> list[str]:
    """What the block with a skip computes, and its gradient; under each term its norm."""
    x, y, f = r"\tfrac{\partial L}{\partial x}", r"\tfrac{\partial L}{\partial y}", r"\tfrac{\partial F}{\partial x}"
    terms = _under(x, block.passed), _under(y, block.incoming), _under(y + f, block.back)
    return [
        f"{_under('y', block.sum)} = {_under('F(x)', block.branch)} + {_under('x', block.read)}",
        rf"{terms[0]} = {y}\left(1 + {f}\right) = {terms[1]} + {terms[2]}",
    ]


def _under(term: str, norm: float) -> str:
    return rf"\underbrace{{{term}}}_{{\lVert\cdot\rVert = {latex(norm, DIGITS)}}}"


def of_removed(both: Both, counted: tuple[TakenOut, TakenOut] | None) -> Said:
    """What taking out a block costs on average in both; before it is counted how the shares go."""
    if counted is None:
        return _broken(both) or _of_shares(both)
    plain, other = (_kept(each) for each in counted)
    numbers = {"plain": plain, "other": other, "digits": counted[0].digits}
    wholes = {
        "plain_whole": counted[0].whole / counted[0].digits,
        "other_whole": counted[1].whole / counted[1].digits,
    }
    worst = 1 + int(np.argmin(counted[1].without))
    least = min(counted[1].without) / counted[1].digits
    return Said("residual.notice.removed", **numbers, **wholes, worst=worst, least=least)


def _of_shares(both: Both) -> Said:
    shares = [block.share for block in both.residual.latest.blocks]
    key = "residual.notice.shares" if both.residual.now else "residual.notice.first_shares"
    if both.going and not both.residual.now:
        key = "residual.notice.begun_shares"
    if both.plain.weights and both.residual.weights:
        key = "residual.notice.counting"
    return Said(key, least=min(shares), most=max(shares), count=len(shares))


def share_formulas(both: Both) -> list[str]:
    """What the first and the last block add."""
    blocks = both.residual.latest.blocks
    chosen = {1: blocks[0], len(blocks): blocks[-1]}
    return [
        rf"\tfrac{{\lVert F_{{{number}}}(x) \rVert}}{{\lVert F_{{{number}}}(x) + x \rVert}} = "
        rf"\tfrac{{{latex(block.branch, DIGITS)}}}{{{latex(block.sum, DIGITS)}}} = {latex(block.share, DIGITS)}"
        for number, block in chosen.items()
    ]


def removed_formulas(counted: tuple[TakenOut, TakenOut]) -> list[str]:
    """What becomes of a block, and the mean accuracy without one."""
    parts = zip(("F(x)", "F(x) + x"), counted, strict=True)
    return [
        rf"y = {block} \ \to\ y = x:\quad {100 * each.whole / each.digits:.1f}\,\% \to {100 * _kept(each):.1f}\,\%"
        for block, each in parts
    ]


def _kept(counted: TakenOut) -> float:
    """The mean accuracy without a block."""
    return float(np.mean(counted.without) / counted.digits)


def _epochs(count: float) -> Said:
    return Said("remarks.epochs", count=float(f"{count:.2g}"))
