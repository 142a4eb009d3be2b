"""What the page "Initialization and gradient flow" says in numbers: its sentence and its formulas."""

from __future__ import annotations

import math

import numpy as np

from explainer.training.flow import ActivationName, Flow, Measured
from explainer.training.flow_theory import Floats, Theory
from explainer.training.initialization import CONSTANT
from explainer.words.latex import latex
from explainer.words.numbers import readable

NAMES: dict[ActivationName, str] = {
    "relu": "ReLU",
    "tanh": "tanh",
    "logistic": "sigmoid (logistic)",
    "selu": "SELU",
    "identity": "identity",
}
STEADY = 0.95, 1.05  # factors by which a layer keeps the size
NEXT = r"\\ &="  # an equation goes on in the next line, so that it fits a phone
LARGEST = "3.4 · 10³⁸"  # of float32


def notice(flow: Flow, measured: Measured) -> str:
    """What to notice, in one or two sentences."""
    if flow.start == "zeros":
        return (
            "All weights are 0, so every neuron gives out the same and no gradient gets through to the hidden layers: "
            "they would stay zeros for ever."
        )
    overflow = _first(~np.isfinite(measured.outputs) | ~np.isfinite(measured.sums))
    if overflow:
        return (
            f"In layer {overflow} numbers exceed {LARGEST}, the largest that float32 holds: they become infinite, then "
            "NaN, and so does every gradient. Choose smaller weights or fewer layers."
        )
    if not np.isfinite(measured.gradients).all() or not np.isfinite(measured.weight_gradients).all():
        return (
            f"Gradients exceed {LARGEST}, the largest that float32 holds: no step is possible. Choose smaller weights."
        )
    if flow.start == "constant":
        return _equal_neurons(measured)
    if _last(flow) == 1:
        return "Nothing is multiplied yet. Make the network deeper."
    return f"{_factors(flow, measured)} {_clipped(flow, measured)}".strip()


def _equal_neurons(measured: Measured) -> str:
    ending = (
        "and the gradient that comes from the logits is nearly 0, since their errors cancel."
        if measured.gradients[-1] < 1e-6
        else "and so is their gradient."
    )
    return f"All weights are {CONSTANT}: all neurons of a layer are equal (see Symmetry below), {ending}"


def _factors(flow: Flow, measured: Measured) -> str:
    """How much of activations and gradients a layer keeps on average."""
    forward = _change("activations", measured.outputs[: _last(flow)])
    zeros = np.flatnonzero(measured.gradients == 0)
    if zeros.size:
        layer = zeros[-1] + 1
        return f"{forward}; gradients are 0 up to layer {layer}, too small for float32: these layers learn nothing."
    end = _last(flow)
    backward = _change("gradients", measured.gradients[:end][::-1])
    share = measured.gradients[0] / measured.gradients[end - 1]
    return f"{forward}; {backward} on its way back: in layer 1 it is {readable(share)} of that in layer {end}."


def _last(flow: Flow) -> int:
    """The last layer whose outputs are those of a whole shortcut, or the last one without shortcuts."""
    return flow.depth - (flow.depth - 1) % max(flow.shortcut, 1)


def _change(what: str, values: Floats) -> str:
    """From the first value to the last one."""
    factor = per_layer(values)
    subject = "Activations" if what == "activations" else "the gradient"
    singular = subject == "the gradient"
    if not factor or not math.isfinite(factor):
        return f"{subject} {'dies' if singular else 'die'} out"
    if STEADY[0] <= factor <= STEADY[1]:
        return f"{subject} {'keeps its' if singular else 'keep their'} size (×{factor:.3g} a layer)"
    verb = "grow" if factor > 1 else "shrink"
    return f"{subject} {verb}{'s' if singular else ''} by ×{factor:.3g} a layer"


def per_layer(values: Floats) -> float:
    """The mean factor (geometric) from one layer to the next; 0 where the first is 0."""
    first, last = float(values[0]), float(values[-1])
    return (last / first) ** (1 / (len(values) - 1)) if first > 0 and len(values) > 1 else 0.0


def _clipped(flow: Flow, measured: Measured) -> str:
    if flow.clipping == "none":
        return ""
    if flow.clipping == "norm":
        if measured.norm <= flow.threshold:
            return f"Nothing is clipped: the gradient's norm, {readable(measured.norm)}, is below the threshold."
        factor = readable(flow.threshold / measured.norm)
        return f"Clipping multiplies the weights' gradients of all layers by {factor}: their ratio stays."
    changed = np.flatnonzero(measured.clipped < 0.999 * measured.weight_gradients)
    if not changed.size:
        return "Clipping by value leaves the gradients nearly as they are."
    return (
        f"Clipping by value cuts the weights' gradients in {changed.size} of {flow.depth} layers, the large ones only."
    )


def formulas(flow: Flow, measured: Measured, theory: Theory | None) -> list[str]:
    """The page's formulas with the present numbers: forward, backward, through all layers, and clipping.

    Each is aligned at & and goes on in further lines, so that it fits a phone.
    """
    lines = [_forward(flow, measured)]
    backward = _usable(measured.gradients)
    if theory is not None and flow.depth > 1 and backward:
        lines += [_backward(flow, measured, theory)]
    if _last(flow) > 1 and backward:
        lines += [_through_all(flow, measured)]
    if flow.clipping != "none":
        lines += [_clipping(flow, measured)]
    return lines


def aligned(lines: list[str]) -> str:
    """Formulas below each other."""
    return r"\begin{aligned}\rule{0pt}{1.2em} " + r" \\[6pt] ".join(lines) + r"\end{aligned}"


def _forward(flow: Flow, measured: Measured) -> str:
    """The variance of the sums of the last hidden layer whose sums are finite."""
    layer = int(np.flatnonzero(np.isfinite(measured.sums))[-1]) + 1
    outputs, inputs = flow.sizes[layer - 1]
    square, found = float(measured.squares[layer - 1]), float(measured.sums[layer - 1]) ** 2
    if flow.start in ("zeros", "constant"):
        constant = CONSTANT if flow.start == "constant" else 0
        return rf"y_i &= \sum_{{j=1}}^{{{inputs}}} {constant}\, x_j \quad \text{{for every neuron }} i"
    gain = inputs * flow.variance(outputs, inputs, square)
    numbers = rf"{inputs} \cdot {_number(gain / inputs)}"
    if flow.batch_norm:
        return (
            rf"\operatorname{{Var}}(\hat y_{{{layer}}}) &= {_number(found)} \quad \text{{with }} "
            rf"\hat y = (y - \mu) / \sqrt{{\sigma^2 + \epsilon}}, \\ &\phantom{{=}}\ \text{{whatever }} "
            rf"n \operatorname{{Var}}(w) = {numbers} = {_number(gain)}"
        )
    return (
        rf"\operatorname{{Var}}(y_{{{layer}}}) &= n \operatorname{{Var}}(w)\, E[x_{{{layer - 1}}}^2] {NEXT} "
        rf"{numbers} \cdot {_number(square)} = {_number(gain * square)} {_measured(found)}"
    )


def _backward(flow: Flow, measured: Measured, theory: Theory) -> str:
    """The variance of the gradient at the output of layer 1, from that at layer 2."""
    factor, after = float(theory.backward[1]), float(measured.gradients[1]) ** 2
    symbols = r"n \operatorname{Var}(w)\, E[f'^2]" + (r" / \operatorname{Var}(y_2)" if flow.batch_norm else "")
    passed, numbers, total = "", rf"{_number(factor)} \cdot {_number(after)}", factor * after
    if flow.skips_from(2):
        end = flow.skip_end(2)
        skipped = float(measured.gradients[end - 1]) ** 2
        passed = rf"\operatorname{{Var}}(\partial x_{{{end}}}) + "
        numbers, total = rf"{_number(skipped)} + {numbers}", total + skipped
    return (
        rf"\operatorname{{Var}}(\partial x_1) &= {passed}{symbols}\, \operatorname{{Var}}(\partial x_2) {NEXT} "
        rf"{numbers} = {_number(total)} {_measured(float(measured.gradients[0]) ** 2)}"
    )


def _measured(value: float) -> str:
    return rf"\quad (\text{{measured }} {_number(value)})"


def _through_all(flow: Flow, measured: Measured) -> str:
    end = _last(flow)
    factor = per_layer(measured.gradients[:end][::-1])
    whole = float(measured.gradients[0] / measured.gradients[end - 1])
    return rf"\sigma(\partial x_1) / \sigma(\partial x_{{{end}}}) &= ({latex(factor)})^{{{end - 1}}} = {_number(whole)}"


def _clipping(flow: Flow, measured: Measured) -> str:
    most = _number(flow.threshold)
    if flow.clipping == "value":
        return rf"g &\leftarrow \max(-{most}, \min({most}, g))"
    compared = ">" if measured.norm > flow.threshold else r"\le"
    if not math.isfinite(measured.norm):
        return r"\lVert g \rVert & \text{ is not finite: there is nothing to clip}"
    factor = min(flow.threshold / measured.norm, 1.0) if measured.norm else 1.0
    return rf"\lVert g \rVert &= {_number(measured.norm)} {compared} {most}: \quad g \leftarrow {_number(factor)}\, g"


def _usable(values: Floats) -> bool:
    return bool((np.isfinite(values) & (values > 0)).all())


def _number(value: float) -> str:
    if not math.isfinite(value):
        return r"\infty" if value > 0 else r"\text{NaN}"
    return latex(float(f"{value:.3g}"))


def _first(broken: np.ndarray) -> int:
    """The first layer, from 1, that is ``broken``, or 0."""
    found = np.flatnonzero(broken)
    return int(found[0]) + 1 if found.size else 0
