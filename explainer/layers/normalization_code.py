"""PyTorch code and formulas of normalization, from the numbers that a page shows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.layers.code import literal
from explainer.layers.normalization import Affine, Floats, Kind, Normalized, Running, fold_factor, is_refused
from explainer.words.latex import latex

_SHARED = {"batch": (0, 2, 3), "layer": (1, 2, 3), "instance": (2, 3)}  # the axes that a mean runs over


def normalization_code(inputs: NDArray[Any], kind: Kind, affine: Affine, groups: int, eps: float) -> str:
    """Code that ends with ``output`` (N, C, H, W), as ``normalization.normalize`` computes it from ``inputs``.

    It does without PyTorch's own functions where those refuse the numbers, or an ``eps`` of 0.
    """
    lines = ["import torch", "import torch.nn.functional as F", "", literal("inputs", inputs)]
    if kind == "none":
        return "\n".join([*lines, "output = inputs"])
    lines += [literal("gamma", affine.gamma), literal("beta", affine.beta)]
    if is_refused(inputs.shape, kind, groups) or (kind == "batch" and not eps):
        lines.append("# PyTorch's own function refuses sets of one number, and an eps of 0")
        axes = _SHARED.get(kind, (2, 3))
        lines.append(f"mean = inputs.mean({axes}, keepdim=True)")
        lines.append(f"variance = inputs.var({axes}, unbiased=False, keepdim=True)")
        lines.append(f"normalized = (inputs - mean) / (variance + {eps!r}).sqrt()")
        lines.append("output = gamma.view(1, -1, 1, 1) * normalized + beta.view(1, -1, 1, 1)")
        return "\n".join(lines)
    lines += {
        "batch": [f"output = F.batch_norm(inputs, None, None, gamma, beta, training=True, eps={eps!r})"],
        "layer": [
            f"output = F.layer_norm(inputs, inputs.shape[1:], eps={eps!r})",
            "output = gamma.view(1, -1, 1, 1) * output + beta.view(1, -1, 1, 1)  # a gamma and a beta a channel",
        ],
        "instance": [f"output = F.instance_norm(inputs, weight=gamma, bias=beta, eps={eps!r})"],
        "group": [f"output = F.group_norm(inputs, {groups}, gamma, beta, eps={eps!r})"],
    }[kind]
    return "\n".join(lines)


def running_code(kept: Running, channel: int, momentum: float) -> str:
    """Code that ends with ``mean`` and ``variance``, (steps + 1,): the running averages of one channel."""
    return "\n".join(
        [
            "import torch",
            "",
            literal("batch_mean", kept.batch_mean[:, channel]),
            literal("batch_variance", kept.batch_variance[:, channel]),
            "mean, variance = [torch.zeros((), dtype=torch.float64)], [torch.ones((), dtype=torch.float64)]",
            "for new_mean, new_variance in zip(batch_mean, batch_variance):",
            f"    mean.append({1 - momentum!r} * mean[-1] + {momentum!r} * new_mean)",
            f"    variance.append({1 - momentum!r} * variance[-1] + {momentum!r} * new_variance)",
            "mean, variance = torch.stack(mean), torch.stack(variance)",
        ]
    )


def fold_code(weights: Floats, statistics: tuple[float, float], affine: tuple[float, float], eps: float) -> str:
    """Code that ends with ``folded`` and ``bias`` of one filter: ``weights`` (channels, height, width), no bias.

    ``statistics`` are its running mean and variance, ``affine`` its gamma and beta.
    """
    (mean, variance), (gamma, beta) = statistics, affine
    return "\n".join(
        [
            "import torch",
            "",
            literal("weights", weights),
            f"mean, variance, gamma, beta = {mean!r}, {variance!r}, {gamma!r}, {beta!r}",
            f"factor = gamma / (variance + {eps!r}) ** 0.5",
            "folded = weights * factor",
            "bias = beta - mean * factor",
        ]
    )


def normalization_formula(inputs: NDArray[Any], result: Normalized, affine: Affine, eps: float) -> str:
    """LaTeX: mean, variance and output of the first number of ``inputs`` (N, C, H, W), with the numbers put in."""
    x, y = float(inputs.flat[0]), float(result.output.flat[0])
    if not result.count:
        return rf"y = x = {number(y)}"
    mean, variance = float(result.mean[0]), float(result.variance[0])
    members = np.asarray(inputs, np.float64)[result.sets == 0]
    squares = float(((members - mean) ** 2).sum())
    gamma, beta = float(affine.gamma[0]), float(affine.beta[0])
    end = number(y) if np.isfinite(y) else r"\tfrac{0}{0}"
    return (
        r"\begin{aligned}"
        rf"\mu &= \tfrac{{1}}{{m}} \textstyle\sum x = \frac{{{number(float(members.sum()))}}}{{{result.count}}} "
        rf"= {number(mean)} \\ "
        rf"\sigma^2 &= \tfrac{{1}}{{m}} \textstyle\sum (x - \mu)^2 = \frac{{{number(squares)}}}{{{result.count}}} "
        rf"= {number(variance)} \\ "
        r"y &= \gamma \, \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta \\ "
        rf"&= {number(gamma)} \cdot "
        rf"\frac{{{number(x)} - {term(mean)}}}{{\sqrt{{{number(variance)} + {number(eps)}}}}} + {term(beta)} = {end}"
        r"\end{aligned}"
    )


def groups_formula(channels: int, groups: int) -> str:
    """LaTeX: how many channels a group would have, which is no whole number."""
    return rf"\frac{{C}}{{G}} = \frac{{{channels}}}{{{groups}}} \notin \mathbb{{N}}"


def running_formula(kept: Running, channel: int, momentum: float) -> str:
    """LaTeX: the last step of the running mean and variance of ``channel``, with the numbers put in."""

    def line(name: str, average: Floats, batch: Floats) -> str:
        before, new, after = (float(values[channel]) for values in (average[-2], batch[-1], average[-1]))
        keep = number(1 - momentum)
        return (
            rf"{name} &\leftarrow (1 - {number(momentum)}) \, {name} + {number(momentum)} \, {name}_{{\text{{batch}}}}"
            rf" \\ &= {keep} \cdot {term(before)} + {number(momentum)} \cdot {term(new)} = {number(after)}"
        )

    lines = [line(r"\mu", kept.mean, kept.batch_mean), line(r"\sigma^2", kept.variance, kept.batch_variance)]
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def fold_formula(mean: Floats, variance: Floats, affine: Affine, eps: float, chosen: int) -> str:
    """LaTeX: the factor and the new bias of filter ``chosen`` of a convolution without bias."""
    factor = float(fold_factor(variance, affine, eps)[chosen])
    gamma, beta = float(affine.gamma[chosen]), float(affine.beta[chosen])
    middle, spread = float(mean[chosen]), float(variance[chosen])
    return (
        r"\begin{aligned}"
        rf"w' &= \frac{{\gamma}}{{\sqrt{{\sigma^2 + \varepsilon}}}} \, w = "
        rf"\frac{{{number(gamma)}}}{{\sqrt{{{number(spread)} + {number(eps)}}}}} \, w = {number(factor)} \, w \\ "
        rf"b' &= \beta - \frac{{\gamma \mu}}{{\sqrt{{\sigma^2 + \varepsilon}}}} = "
        rf"{number(beta)} - {term(factor)} \cdot {term(middle)} = {number(beta - factor * middle)}"
        r"\end{aligned}"
    )


def number(value: float) -> str:
    """A number with five significant digits for a formula, without an exponent where it is not tiny."""
    text = f"{value:.5g}"
    if "e" not in text:
        return "0" if text == "-0" else text
    if 1e-8 <= abs(value) < 1:
        return f"{value:.9f}".rstrip("0")
    if 1 <= abs(value) < 1e12:
        return f"{value:.0f}"
    return latex(value, digits=5)


def said(value: float) -> str:
    """A number with four significant digits for a sentence, with a true minus sign."""
    return f"{value:.4g}".replace("e-0", "e-").replace("-", "−")


def term(value: float) -> str:
    """A number behind a sign or a factor: in brackets where it is negative."""
    return f"({number(value)})" if value < 0 else number(value)
