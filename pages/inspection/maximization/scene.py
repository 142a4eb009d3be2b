"""What the page "Activation maximization" draws and says of what was made so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explainer.inspection.maximization import Snapshot
from explainer.inspection.maximization_plan import Made, what_is_real
from explainer.inspection.transformations import Transformations
from pages.inspection.maximization.ascent import Caption, Curve, Group, Scene
from pages.inspection.maximization.controls import ALL, TURN, View

LARGE, PANEL, TILE, SMALL = 336, 132, 84, 84  # CSS pixels of a picture: alone, a stage's, a unit's, a real one
TILES_IN_ROWS = 48  # with more units, pictures are smaller
SMALLEST = 56


def scene(view: View, made: Made | None, line: str, share: float | None) -> Scene:
    """What is drawn; grey pictures before anything was made."""
    if view.kind == TURN:
        return Scene(line, share, _stages(view, made))
    if view.kind == ALL:
        return Scene(line, share, _units(view, made))
    unit = view.plan.target.units[0]
    value = _activations(made.snapshots[-1]) if made and made.snapshots else None
    caption = Caption(view.name(unit), "" if value is None else f"activation {short(value[0])}")
    return Scene(line, share, Group("", _pictures(view, made)[:1], [caption], LARGE), _curve(view, made), _best(made))


def said(view: View, made: Made) -> str:
    """What to notice."""
    if view.kind == TURN:
        return _said_in_turn(made, view)
    last, real = made.snapshots[-1], what_is_real(view.network, view.plan.target.side)
    values, best = _activations(last), made.real.values[:, 0]
    if view.kind == ALL:
        more = int((values > best).sum())
        return (
            f"**{more} of {len(values)}** units are more excited by the picture made for them than by any of {real}. "
            "The mark on a bar is the best of these."
        )
    if _is_silent(last):
        return (
            "The unit stays at the same activation in every step: it is switched off for the picture that the ascent "
            "starts from, and so no direction leads up. Try another seed, or the layer before the activation."
        )
    sentence = f"The picture excites the unit to **{short(values[0])}**; the best of {real} to **{short(best[0])}**."
    return sentence + _said_of_ends(last)


def _said_of_ends(last: Snapshot) -> str:
    """What pixels would have to be, where that is impossible."""
    if last.low >= -0.01 and last.high <= 1.01:
        return ""
    return (
        f" Its pixels reach from {short(last.low)} to {short(last.high)}, where black is 0 and white is 1: no "
        "screen can show it, and what you see is clipped."
    )


def _said_in_turn(made: Made, view: View) -> str:
    reached = [float(_activations(snapshot)[0]) for snapshot in made.snapshots]
    titles = [stage.title for stage in view.plan.stages]
    best = int(np.argmax(reached))
    real = float(made.real.values[0, 0])
    return (
        f"“{titles[best]}” reaches most, **{short(reached[best])}**, and the last one so far "
        f"**{short(reached[-1])}**; the best real picture {short(real)}. Regularizers cost activation and buy "
        "a picture "
        "that you can read: the highest activation is not the best picture."
    )


def _stages(view: View, made: Made | None) -> Group:
    pictures = _pictures(view, made)
    values = [float(_activations(snapshot)[0]) for snapshot in made.snapshots] if made else []
    best = float(made.real.values[0, 0]) if made else 0.0
    most = max([*values[1:], best, 1e-9])  # without bounds the first one leaves every scale
    captions = [
        Caption(
            stage.title,
            short(values[number]) if number < len(values) else "",
            stage.note,
            _share(values[number] if number < len(values) else 0.0, most),
            _share(best, most) if made else None,
        )
        for number, stage in enumerate(view.plan.stages)
    ]
    title = f"{view.name(view.plan.target.units[0])}: each picture has one regularizer more than the one before"
    return Group(title, pictures, captions, PANEL)


def _units(view: View, made: Made | None) -> Group:
    units = view.plan.target.units
    begun = bool(made and made.snapshots)
    values = _activations(made.snapshots[-1]) if made and begun else np.zeros(len(units), np.float32)
    best = made.real.values[:, 0] if made else np.zeros(len(units), np.float32)
    most = float(max(values.max(), best.max(), 1e-9))
    captions = [
        Caption(
            _short_name(view, unit),
            short(value) if begun else "",
            "",
            _share(value, most),
            _share(real, most) if made else None,
            unit,
            unit == view.unit,
        )
        for unit, value, real in zip(units, values.tolist(), best.tolist(), strict=True)
    ]
    title = f"{view.layer.title}, units {units[0]} to {units[-1]} of {view.layer.channels:,}, all at once"
    return Group(title, _pictures(view, made), captions, TILE if len(units) <= TILES_IN_ROWS else SMALLEST)


def _short_name(view: View, unit: int) -> str:
    return view.network.description.classes[unit] if view.is_class else str(unit)


def _curve(view: View, made: Made | None) -> Curve:
    values = made.snapshots[-1].seen[0].tolist() if made and made.snapshots else []
    level = float(made.real.values[0, 0]) if made else None
    name = "" if level is None else f"best of {what_is_real(view.network, view.plan.target.side)}: {short(level)}"
    moves = view.plan.stages[0].settings.transformations
    title = (
        "Activation, step by step"
        if moves == Transformations()
        else "Activation of the transformed picture, step by step"
    )
    return Curve(title, values, view.plan.stages[0].settings.steps, level, name)


def _best(made: Made | None) -> Group | None:
    if made is None:
        return None
    captions = [Caption(value=short(value)) for value in made.real.values[0].tolist()]
    return Group("The real pictures that excite it most", made.best[0], captions, SMALL)


def _pictures(view: View, made: Made | None) -> NDArray[np.float32]:
    """A picture for every unit, or every stage: grey where it has not begun."""
    target, transform = view.plan.target, view.network.description.transform
    count = len(view.plan.stages) if view.kind == TURN else len(target.units)
    mean = np.array(transform.mean, np.float32)
    pictures = np.broadcast_to(mean, (count, target.side, target.side, len(mean))).copy()
    if made and made.snapshots:
        drawn = (
            [snapshot.pictures[0] for snapshot in made.snapshots] if view.kind == TURN else made.snapshots[-1].pictures
        )
        pictures[: len(drawn)] = drawn
    return pictures


def _activations(snapshot: Snapshot) -> NDArray[np.float32]:
    """The latest that are known (n,): of the pictures themselves once it is over, of the moved ones before."""
    if snapshot.reached is not None:
        return snapshot.reached
    return snapshot.seen[:, -1] if snapshot.step else np.zeros(len(snapshot.seen), np.float32)


def _is_silent(snapshot: Snapshot) -> bool:
    return snapshot.step > 3 and float(np.ptp(snapshot.seen[0])) == 0.0


def _share(value: float, most: float) -> float:
    return float(min(max(value / most, 0.0), 1.0))


def short(value: float) -> str:
    """Three digits that count, with separators from a thousand on."""
    value = float(value)
    return (f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}").replace("-", "−")
