"""What the page "Receptive field" says of its picture in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from explainer.inspection.effective_field import PART
from explainer.layers.geometry import positions, result
from explainer.layers.receptive import ReceptiveField
from explainer.networks.stack import Rung, holes, never_read, touching_padding, weights
from explainer.words.book import Said, percent
from pages.networks.receptive_field.view import View

_LISTED = 4  # holes that are named
_EDGE = 3  # of the kernel that tells what a jump means for later layers


def notice(view: View) -> Said:
    """How large the field is, and in how many of its pixels nearly all of the gradient lies."""
    field, title = view.ladder.fields[view.layer], view.ladder.rungs[view.layer - 1].title
    area, held = view.effective.squares.size, int(view.effective.holding().sum())
    numbers = {"title": title, "field": _area(view, field.size)}
    if not held:
        return Said("receptive_field.notice.nothing", **numbers, unit=view.unit)
    share, part = percent(held / area, ".1%" if held / area < 0.1 else ".0%"), percent(PART)
    inside = "receptive_field.notice.part" if area < field.size**view.axes else "receptive_field.notice.whole"
    return Said(inside, **numbers, part=part, held=held, area=area, share=share)


def formula(view: View) -> Iterator[str]:
    """The recurrence's step to the chosen layer, with its numbers: field, jump and start."""
    before, after = view.ladder.fields[view.layer - 1 : view.layer + 1]
    step, now = view.ladder.rungs[view.layer - 1].item.step, view.layer
    was = now - 1
    yield (
        rf"r_{{{now}}} = r_{{{was}}} + (k - 1)\,d\,j_{{{was}}} = "
        rf"{before.size} + ({step.kernel} - 1) \cdot {step.dilation} \cdot {before.jump} = {after.size}"
    )
    yield rf"j_{{{now}}} = j_{{{was}}}\,s = {before.jump} \cdot {step.stride} = {after.jump}"
    middle = rf"\tfrac{{({step.kernel} - 1) \cdot {step.dilation}}}{{2}}"
    yield (
        rf"x_{{{now}}} = x_{{{was}}} + \left(\tfrac{{(k - 1)\,d}}{{2}} - p\right) j_{{{was}}} = "
        rf"{before.start:.6g} + \left({middle} - {step.padding}\right) \cdot {before.jump} = {after.start:.6g}"
    )


def failure(view: View) -> Iterator[str]:
    """The number of units of the layer that fails, with the numbers put in; what can be read of none has no formula."""
    if view.failing is None:
        yield from list(formula(view))[:2] if view.layer else ()
        return
    step, after, size = view.failing.step, view.failing.after, view.ladder.sizes[-1]
    made = positions(size, step.kernel, step.stride, (step.padding, after), step.dilation)
    yield (
        rf"n_{{{len(view.ladder.rungs) + 1}}} = \left\lfloor \frac{{{size} + {step.padding} + {after} - "
        rf"{step.dilation} \cdot ({step.kernel} - 1) - 1}}{{{step.stride}}} \right\rfloor + 1 = {result(made)}"
    )


def remarks(view: View) -> Iterator[Said]:
    """What is easily overlooked, of the layers up to the chosen one."""
    yield from _of_weights(view)
    yield from _of_padding(view)
    yield from _of_strides(view)
    yield from _of_holes(view)
    if view.branches is not None:
        narrow, wide = view.branches
        yield Said("receptive_field.remarks.branches", narrow=narrow, wide=wide)


def table(view: View) -> Iterator[tuple[str | Said, ...]]:
    """Its rows: what stands in each column, of the input and of every layer."""
    fields = view.ladder.fields
    yield Said("receptive_field.kinds.input"), str(view.ladder.size), "1", "1", "0"
    for number, rung in enumerate(view.ladder.rungs, 1):
        yield rung.title, *_cells(rung, fields[number - 1], fields[number])


def _cells(rung: Rung, before: ReceptiveField, after: ReceptiveField) -> tuple[str | Said, ...]:
    step = rung.item.step
    jump = Said("receptive_field.table.jump_cell", before=before.jump, stride=step.stride, jump=after.jump)
    factors = {"kernel": step.kernel, "dilation": step.dilation, "jump": before.jump}
    field = Said("receptive_field.table.field_cell", before=before.size, field=after.size, **factors)
    middle = (step.kernel - 1) * step.dilation / 2 - step.padding
    numbers = {"before": before.start, "jump": before.jump, "start": after.start}
    sign = "minus" if middle < 0 else "plus"
    start = Said(f"receptive_field.table.start_{sign}", **numbers, middle=abs(middle))
    return f"{rung.size:,}", jump, field, start


def _of_weights(view: View) -> Iterator[Said]:
    counts = weights(view.ladder, view.layer, view.axes)
    if counts is None or view.is_trained:
        return
    stacked, single = counts
    numbers = {"count": view.layer, "stacked": stacked, "single": single}
    yield Said("receptive_field.remarks.weights", **numbers, field=_area(view, view.ladder.fields[view.layer].size))


def _of_padding(view: View) -> Iterator[Said]:
    field, title = view.ladder.fields[view.layer], view.ladder.rungs[view.layer - 1].title
    if not any(rung.item.step.padding for rung in view.ladder.rungs[: view.layer]):
        return
    without = (field.size - 1) / 2
    touching, size = touching_padding(view.ladder, view.layer), view.ladder.sizes[view.layer]
    numbers = {"without": without, "start": field.start, "touching": touching, "size": size}
    yield Said("receptive_field.remarks.padding", title=title, **numbers)


def _of_strides(view: View) -> Iterator[Said]:
    """Of the last layer before the chosen one, or itself, with a stride."""
    rungs = list(enumerate(view.ladder.rungs[: view.layer], 1))
    found = next((pair for pair in reversed(rungs) if pair[1].item.step.stride > 1), None)
    if found is None:
        return
    number, rung = found
    before, after = (view.ladder.fields[at].jump for at in (number - 1, number))
    key = "doubles" if rung.item.step.stride == 2 else "stride"
    more = {"stride": rung.item.step.stride} if key == "stride" else {}
    adds = {"less": (_EDGE - 1) * before, "more": (_EDGE - 1) * after}
    yield Said(f"receptive_field.remarks.{key}", title=rung.title, before=before, after=after, **adds, **more)


def _of_holes(view: View) -> Iterator[Said]:
    title = view.ladder.rungs[view.layer - 1].title
    passed, size = holes(view.ladder, view.layer), view.ladder.fields[view.layer].size
    if len(passed):
        total = size**view.axes
        unread = total - (size - len(passed)) ** view.axes
        named = tuple(str(place) for place in passed[:_LISTED]) + (("…",) if len(passed) > _LISTED else ())
        yield Said("receptive_field.remarks.holes", count=unread, total=total, title=title, places=named)
    elif any(rung.item.step.dilation > 1 for rung in view.ladder.rungs[: view.layer]):
        yield Said("receptive_field.remarks.no_holes")
    unread_by_all = int(never_read(view.ladder, view.layer).sum())
    if unread_by_all:
        size = view.ladder.size
        yield Said("receptive_field.remarks.never", count=unread_by_all, size=size, title=title)


def _area(view: View, size: int) -> Said:
    """Along the axes."""
    if view.axes == 1:
        return Said("receptive_field.in_a_row", count=size)
    return Said("receptive_field.area", size=size)
