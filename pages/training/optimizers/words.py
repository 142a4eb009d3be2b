"""What the page "Optimizers" says in numbers: its sentence, the edge of divergence, and one step as a formula."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from explainer.training.config import OptimizerName
from explainer.training.race import GOAL, Race, Trace, edges
from explainer.training.schedules import shares
from explainer.training.surfaces import SURFACES, Point
from explainer.training.update_rules import SECOND_BETA, SMOOTHING, Update, written
from explainer.ui.controls.training_settings import OPTIMIZERS, number
from explainer.words.book import percent
from explainer.words.latex import latex

NAMES: dict[OptimizerName, str] = {**OPTIMIZERS, "sgd": "Gradient descent"}
NEXT = r"\\ &="  # an equation goes on in the next line, so that it fits a phone
AT_EDGE = 1e-9  # how near a rate is to the edge, as a share of it, to be called at it


def notice(race: Race, traces: Sequence[Trace]) -> str:
    """What to notice about the racers, in one or two sentences."""
    if not traces:
        return "Nobody races: choose at least one optimizer."
    if not race.noise and not race.decay and SURFACES[race.surface].gradient(*race.start) == (0, 0):
        return _flat(race)
    gone = [trace for trace in traces if trace.diverged]
    if gone:
        first = min(gone, key=lambda trace: len(trace.loss))
        return (
            f"{_listed(gone)} diverged: {NAMES[first.optimizer]} was more than a million away after "
            f"{len(first.loss) - 1} steps. Choose a smaller learning rate."
        )
    swinging = _swinging(race, traces)
    if swinging:
        return swinging
    if race.noise:
        return _among_noise(race, traces)
    return _ranking(race, traces)


def _flat(race: Race) -> str:
    """A start without a slope."""
    x, y = (f"{part + 0.0:g}" for part in race.start)
    if race.start in SURFACES[race.surface].minima:
        return f"({x}, {y}) is a minimum: where the gradient is 0, no optimizer has anything to do. Start elsewhere."
    return f"({x}, {y}) is no minimum, but the gradient is exactly 0 there, so no optimizer moves. Start beside it."


def _swinging(race: Race, traces: Sequence[Trace]) -> str:
    """Gradient descent exactly at its edge on a surface whose curvature is the same everywhere."""
    edge = edges(SURFACES[race.surface].curvature, race.momentum, race.decay)["sgd"]
    racing = any(trace.optimizer == "sgd" for trace in traces)
    if race.surface != "ravine" or race.shape != "constant" or not racing or abs(race.rate / edge - 1) > AT_EDGE:
        return ""
    return (
        f"Gradient descent is exactly at its edge: a rate of {number(race.rate)} times a curvature of "
        f"{2 / edge:g} is 2, so every step turns y into −y, and it swings for ever."
    )


def _among_noise(race: Race, traces: Sequence[Trace]) -> str:
    last = max(race.steps // 4, 1)
    means = {trace.optimizer: float(trace.loss[-last:].mean()) for trace in traces}
    best, worst = min(means, key=means.__getitem__), max(means, key=means.__getitem__)
    tail = (
        "Noise keeps them moving around the minimum: try a schedule that ends low."
        if race.shape == "constant"
        else "The schedule makes the last steps small, and the noise with them."
    )
    if len(means) == 1:
        return f"Over the last {last} steps the loss of {NAMES[best]} is {means[best]:.2g} on average. {tail}"
    return (
        f"Over the last {last} steps the loss is {means[best]:.2g} on average for {NAMES[best]} and "
        f"{means[worst]:.2g} for {NAMES[worst]}. {tail}"
    )


def _ranking(race: Race, traces: Sequence[Trace]) -> str:
    arrived = sorted(
        ((trace.arrival, trace) for trace in traces if trace.arrival is not None), key=lambda pair: pair[0]
    )
    if not arrived:
        nearest = min(traces, key=lambda trace: float(trace.loss[-1]))
        return (
            f"After {race.steps} steps nobody has arrived at a loss of {GOAL:g}; nearest is "
            f"{NAMES[nearest.optimizer]} with {nearest.loss[-1]:.2g}."
        )
    step, first = arrived[0]
    late = [trace for trace in traces if trace.arrival is None]
    if late:
        ending = f"{_listed(late)} {'have' if len(late) > 1 else 'has'} not arrived after {race.steps}."
    elif arrived[-1][0] == step and len(arrived) > 1:
        return f"All are in at step {step}: from there on their losses stay below {GOAL:g}."
    elif len(arrived) > 1:
        ending = f"{NAMES[arrived[-1][1].optimizer]} needs {arrived[-1][0]}, the most."
    else:
        ending = f"There it stays to the end of the {race.steps} steps."
    return f"{NAMES[first.optimizer]} arrives first: from step {step} on its loss stays below {GOAL:g}. {ending}"


def _listed(traces: Sequence[Trace]) -> str:
    names = [NAMES[trace.optimizer] for trace in traces]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def edge_of_divergence(race: Race) -> str:
    """The learning rates beyond which the plain optimizers diverge, near the minimum of the race's surface."""
    surface = SURFACES[race.surface]
    limits = edges(surface.curvature, race.momentum, race.decay)
    where = "everywhere" if race.surface in ("ravine", "bowl") else "at the minimum"
    return (
        f"The largest curvature {where} is λ = {surface.curvature + race.decay:.4g}. Beyond a learning rate of 2/λ = "
        f"**{limits['sgd']:.3g}** gradient descent diverges, with a momentum of {race.momentum:g} beyond "
        f"**{limits['momentum']:.3g}**, and Nesterov beyond **{limits['nesterov']:.3g}**; now it is "
        f"**{number(race.rate)}**."
    )


def scheduled(race: Race) -> str:
    """What the race's schedule makes of the learning rate of gradient descent."""
    rates = [race.rate * share for share in shares(race.shape, race.steps)]
    if race.shape == "constant":
        falling = [race.rate * share for share in shares("cosine", race.steps)]
        return (
            f"Constant: all {race.steps} steps have a rate of {number(race.rate)}. A cosine would begin with it, "
            f"end at {falling[-1]:.2g}, and go half as far on an even slope: its mean is {fmean(falling):.2g}."
        )
    first, high, last = (f"{rate:.2g}" for rate in (rates[0], max(rates), rates[-1]))
    rise = rates.index(max(rates))
    way = f"rises from {first} to {high} in {rise} steps" if rise else f"begins at {high}"
    mean = fmean(rates)
    return (
        f"{race.shape.capitalize()}: the rate {way} and ends at {last}. Its mean is {mean:.2g}, "
        f"{percent(mean / race.rate)} of the peak; on an even slope gradient descent goes that share of the way."
    )


def formula(race: Race, optimizer: OptimizerName, step: int) -> str:
    """One step with its numbers; the last one where the race is over before ``step``."""
    update = written(race, optimizer, step)
    lines = [_gradient_line(race, optimizer, update), *_memory_lines(race, optimizer, update)]
    lines.append(_weights_line(race, optimizer, update))
    return r"\begin{aligned}" + r" \\[2pt] ".join(lines) + r"\end{aligned}"


def _gradient_line(race: Race, optimizer: OptimizerName, update: Update) -> str:
    t, exact = update.step, SURFACES[race.surface].gradient(*update.before)
    symbols, numbers = [rf"\nabla f(\theta_{{{t - 1}}})"], [_pair(exact)]
    if race.noise:
        noise = update.slope[0] - exact[0], update.slope[1] - exact[1]
        symbols.append(r"\text{noise}")
        numbers.append(_pair(noise))
    if race.decay and optimizer != "adamw":
        symbols.append(rf"{number(race.decay)}\,\theta_{{{t - 1}}}")
        numbers.append(rf"{number(race.decay)} {_pair(update.before)}")
    if len(numbers) == 1:
        return rf"g_{{{t}}} &= {symbols[0]} = {numbers[0]}"
    return rf"g_{{{t}}} &= {' + '.join(symbols)} {NEXT} {' + '.join(numbers)} = {_pair(update.gradient)}"


def _memory_lines(race: Race, optimizer: OptimizerName, update: Update) -> list[str]:
    beta, g = number(race.momentum), _pair(update.gradient)
    match optimizer:
        case "sgd":
            return []
        case "momentum" | "nesterov":
            return [_sum_line("v", update.step, (f"{beta}\\,", update.first_before), ("", "g", g), update.first)]
        case "adagrad":
            return [_sum_line("s", update.step, ("", update.second_before), ("", "g^2", f"{g}^2"), update.second)]
        case "rmsprop":
            return [_square_line(SMOOTHING, update)]
        case "adam" | "adamw":
            new = (f"{_rest(race.momentum)}\\,", "g", g)
            mean = _sum_line("m", update.step, (f"{beta}\\,", update.first_before), new, update.first)
            return [mean, _square_line(SECOND_BETA, update), _unbiased(race, update)]


def _square_line(share: float, update: Update) -> str:
    """The running mean of squared gradients."""
    new = (f"{_rest(share)}\\,", "g^2", f"{_pair(update.gradient)}^2")
    return _sum_line("s", update.step, (f"{number(share)}\\,", update.second_before), new, update.second)


def _rest(share: float) -> str:
    return number(round(1 - share, 10))


def _sum_line(name: str, t: int, old: tuple[str, Point], new: tuple[str, str, str], result: Point) -> str:
    """A sum of what was, with its factor, and what is new: factor, symbol, numbers."""
    symbol = new[1].replace("g", f"g_{{{t}}}", 1)
    return (
        rf"{name}_{{{t}}} &= {old[0]}{name}_{{{t - 1}}} + {new[0]}{symbol} {NEXT} "
        rf"{old[0]}{_pair(old[1])} + {new[0]}{new[2]} = {_pair(result)}"
    )


def _unbiased(race: Race, update: Update) -> str:
    t = update.step
    mean, square = 1 - race.momentum**t, 1 - SECOND_BETA**t
    m, s = [part / mean for part in update.first], [part / square for part in update.second]
    return (
        rf"\hat m_{{{t}}} &= \frac{{m_{{{t}}}}}{{1 - {number(race.momentum)}^{{{t}}}}} = {_pair((m[0], m[1]))}, \quad "
        rf"\hat s_{{{t}}} = \frac{{s_{{{t}}}}}{{1 - {number(SECOND_BETA)}^{{{t}}}}} = {_pair((s[0], s[1]))}"
    )


def _weights_line(race: Race, optimizer: OptimizerName, update: Update) -> str:
    t, rate = update.step, f"{update.rate:.3g}"
    directions: dict[OptimizerName, str] = {
        "sgd": rf"g_{{{t}}}",
        "momentum": rf"v_{{{t}}}",
        "nesterov": rf"\left(g_{{{t}}} + {number(race.momentum)}\,v_{{{t}}}\right)",
        "adagrad": rf"\frac{{g_{{{t}}}}}{{\sqrt{{s_{{{t}}}}} + \epsilon}}",
        "rmsprop": rf"\frac{{g_{{{t}}}}}{{\sqrt{{s_{{{t}}}}} + \epsilon}}",
        "adam": rf"\frac{{\hat m_{{{t}}}}}{{\sqrt{{\hat s_{{{t}}}}} + \epsilon}}",
        "adamw": rf"\frac{{\hat m_{{{t}}}}}{{\sqrt{{\hat s_{{{t}}}}} + \epsilon}}",
    }
    shrunk = rf"{update.rate * race.decay:.3g}" if race.decay and optimizer == "adamw" else ""
    less = rf" - {rate} \cdot {number(race.decay)}\,\theta_{{{t - 1}}}" if shrunk else ""
    less_numbers = rf" - {shrunk} {_pair(update.before)}" if shrunk else ""
    return (
        rf"\theta_{{{t}}} &= \theta_{{{t - 1}}}{less} - {rate}\,{directions[optimizer]} {NEXT} "
        rf"{_pair(update.before)}{less_numbers} - {rate} {_pair(update.direction)} = {_pair(update.after)}"
    )


def _pair(pair: Point) -> str:
    return rf"\begin{{pmatrix}} {latex(pair[0])} \\ {latex(pair[1])} \end{{pmatrix}}"
