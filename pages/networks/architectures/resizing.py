"""What "Architectures" says of another input size: which layer fails, what hides the size, and the map of scores."""

from __future__ import annotations

from collections.abc import Iterator

from explainer.networks.failing import Failure
from explainer.networks.sizes import Pooled, hides_size, scores
from explainer.words.book import Said
from explainer.words.numbers import decimal
from pages.networks.architectures.choice import Chosen, known
from pages.networks.architectures.words import large


def failed(chosen: Chosen, failure: Failure) -> Said:
    """Which layer stops the network at the chosen size, and why."""
    name = failure.path or failure.type
    last = chosen.architecture.layers[-1]
    if failure.reason == "window":
        (rows, columns), (height, width) = failure.window, failure.padded
        sizes = {"rows": rows, "columns": columns, "height": height, "width": width}
        return Said("architectures.sizes.failed_window", layer=name, side=chosen.side, **sizes)
    if failure.reason == "features" and last.size:
        height, width = last.size
        sizes = {"maps": last.maps, "height": height, "width": width}
        counts = {"given": failure.given[-1], "wanted": failure.wanted}
        return Said("architectures.sizes.failed_features", layer=name, side=chosen.side, **sizes, **counts)
    return Said("architectures.sizes.failed_size", layer=name, side=chosen.side, own=chosen.own_side)


def about_size(chosen: Chosen) -> Iterator[Said]:
    """What still computes at another size, what hides it, and what the map of scores is and costs."""
    found = chosen.architecture
    if found.failure:
        if len(found.layers) > 1:
            yield Said("architectures.sizes.before", count=len(found.layers) - 1)
    elif chosen.head == "convolutions" and scores(found):
        yield from _about_scores(chosen)
    elif chosen.side != chosen.own_side and (pooled := hides_size(found)):
        yield _hidden(pooled, is_last=scores(found) is not None)


def _hidden(pooled: Pooled, is_last: bool) -> Said:
    (height, width), (rows, columns) = pooled.given, pooled.made
    sizes = {"height": height, "width": width}
    if is_last:
        return Said("architectures.sizes.ends_in_means", layer=pooled.layer, **sizes)
    if pooled.made == (1, 1):
        return Said("architectures.sizes.hidden_in_means", layer=pooled.layer, **sizes)
    return Said("architectures.sizes.hidden", layer=pooled.layer, **sizes, rows=rows, columns=columns)


def _about_scores(chosen: Chosen) -> Iterator[Said]:
    found = chosen.architecture
    rows, columns = scores(found) or (1, 1)
    own = chosen.own_side
    if (rows, columns) == (1, 1):
        yield Said("architectures.sizes.one_score", own=own)
        return
    yield Said("architectures.sizes.scores", rows=rows, columns=columns, own=own, jump=found.jump)
    is_padded = any(any(layer.step.padding) for layer in found.layers)
    yield Said("architectures.sizes.padded") if is_padded else Said("architectures.sizes.same_scores")
    one_by_one = known(chosen.name).architecture.macs * rows * columns
    times = decimal(one_by_one / found.macs, ".1f")
    macs, crops = large(found.macs), large(one_by_one)
    yield Said("architectures.sizes.cheaper", count=rows * columns, times=times, macs=macs, crops=crops)
