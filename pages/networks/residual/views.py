"""The views of the page "Residual connections": training, one block, and blocks taken out."""

from __future__ import annotations

from collections.abc import Iterator

from explainer.figures.residual import Blocks, Network, Titles, blocks_figure, training_figure
from explainer.networks.weights import from_bytes
from explainer.training.residual import TESTED, TakenOut, take_out
from explainer.ui.components.live_chart import live_chart
from explainer.ui.components.live_text import Line
from explainer.ui.frame import page
from explainer.ui.frame.background import background
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.followed import Followed
from explainer.ui.language import say
from pages.networks.residual import words
from pages.networks.residual.block_picture import DrawnBlock, block_picture
from pages.networks.residual.state import Both, Shown, chosen_block, started

HEIGHT = 350
_PANES = ("errors", "gradients", "shares", "rights")
Counted = tuple[TakenOut | None, TakenOut | None]


def training(both: Both) -> None:
    """The training error of both while they train, and the gradients in every layer, at the start and now."""
    plain, residual = (_network(each) for each in both.pair)
    end = float(both.plain.config.recipe.epochs)
    start = say("residual.chart.start")
    figure = drawn(training_figure, (plain, residual), _titles(), start, end, page.is_dark(), height=HEIGHT)
    live_chart(figure, say("residual.chart.training", count=words.layers_of(both)), "res_training")
    page.notice(words.of_training(both))
    page.formula(*words.gradient_formulas(both))


def block(both: Both) -> None:
    """One block of both, with the norms of what flows through it and back."""
    number, count = chosen_block(), len(both.plain.first.blocks)
    plain, other = (_block(each, number, count) for each in both.pair)
    block_picture((plain, other), say("residual.block.alt", number=number), "res_block_picture")
    page.notice(words.of_block(both, number))
    page.formula(*words.block_formulas(both.residual.latest.blocks[number - 1]))


def removed(both: Both) -> None:
    """What each block adds, and, once both are trained, what is lost without it."""
    plain, other = _counted(both) or (None, None)
    blocks = _blocks(both.plain, plain), _blocks(both.residual, other)
    figure = drawn(blocks_figure, blocks, _titles(), say("residual.chart.start"), page.is_dark(), height=HEIGHT)
    live_chart(figure, say("residual.chart.removed"), "res_removed")
    done = (plain, other) if plain and other and plain.digits == other.digits == TESTED else None
    page.notice(words.of_removed(both, done))
    page.formula(*(words.removed_formulas(done) if done else words.share_formulas(both)))


def _blocks(shown: Shown, counted: TakenOut | None) -> Blocks:
    """As they are drawn: shares, and what is right without each block once all digits are read."""
    now, first = ([100 * each.share for each in measured.blocks] for measured in (shown.latest, shown.first))
    name = say(words.name_of(shown.config))
    if counted is None or counted.digits < TESTED:
        return Blocks(name, now, first)
    rights = [100 * right / counted.digits for right in counted.without]
    return Blocks(name, now, first, rights, 100 * counted.whole / counted.digits)


def _counted(both: Both) -> Counted | None:
    """What is counted so far, shown as work that goes on beside the page; while networks train, Stop is theirs."""
    weights = both.plain.weights, both.residual.weights
    if weights[0] is None or weights[1] is None:
        return None
    files = weights[0], weights[1]
    work = background("residual", files, lambda: _take_out(files))
    return Followed(work, "res_work", _line, can_stop=not started()).show()


def _take_out(files: tuple[bytes, bytes]) -> Iterator[Counted | None]:
    """Of the plain network, then of the other."""
    found: list[TakenOut | None] = [None, None]
    for number, file in enumerate(files):
        for counted in take_out(from_bytes(file)[1]):
            found[number] = counted or found[number]
            yield (found[0], found[1]) if counted else None


def _line(counted: Counted | None) -> Line:
    done = sum(each.digits for each in counted if each) if counted else 0
    return Line([say("residual.progress.taking_out")], share=done / (2 * TESTED))


def _network(shown: Shown) -> Network:
    measured = [point for point in shown.points if point.train_accuracy is not None]
    errors = [100 * (1 - (point.train_accuracy or 0.0)) for point in measured]
    first = shown.first.gradients if shown.now else None
    shares = [100 * block.share for block in shown.latest.blocks]
    epochs = [point.epoch for point in measured]
    return Network(say(words.name_of(shown.config)), epochs, errors, shown.latest.gradients, shares, first)


def _block(shown: Shown, number: int, count: int) -> DrawnBlock:
    network, norms = shown.config.network, shown.latest.blocks[number - 1]
    title = say("residual.block.title", name=words.name_of(shown.config), number=number, count=count)
    layers = [say(each) for each in words.branch(network)]
    last = "" if network.skips == "pre-activation" else "ReLU"
    return DrawnBlock(title, layers, norms, network.skips != "plain", last)


def _titles() -> dict[str, Titles]:
    """Of every pane."""
    parts = ("above", "below", "hover")
    return {name: Titles(*(say(f"residual.chart.{name}.{part}") for part in parts)) for name in _PANES}
