"""PyTorch code and formulas of dropout, from the numbers that a page shows."""

from __future__ import annotations

from explainer.layers.dropout import FLOOR, Floats, Mask, NextInputs, Spread, alpha_scale, input_deviation
from explainer.layers.normalization_code import number, term

_IMPORTS = ["import numpy as np", "import torch"]
_RECORDED = 'recorded = np.load("assets/welcome/forward_pass.npz")'


def masks_code(digit: int, label: int, masks: int, rate: float, seed: int) -> str:
    """Code that ends with what ``dropout.next_inputs`` gives for the logit of ``label``."""
    return "\n".join(
        [
            *_layer(digit),
            f"weights, bias = weights[{label}], bias[{label}]  # of one neuron of the next layer",
            _keep((masks, 48), rate, seed),
            "# F.dropout(hidden, rate) does the same with a mask of its own",
            f"inverted = (hidden * keep / (1 - {rate!r})) @ weights + bias",
            "plain = (hidden * keep) @ weights + bias",
            "full = hidden @ weights + bias  # the test of inverted scaling",
            f"scaled = (1 - {rate!r}) * (hidden @ weights) + bias  # the test of plain masks",
        ]
    )


def spread_code(digit: int, masks: int, rate: float, seed: int) -> str:
    """Code that ends with ``mean`` and ``deviation``, (10,), as in ``dropout.spread``."""
    return "\n".join(
        [
            *_layer(digit),
            _keep((masks, 48), rate, seed),
            f"logits = (hidden * keep / (1 - {rate!r})) @ weights.T + bias",
            "probabilities = logits.softmax(1)",
            "mean, deviation = probabilities.mean(0), probabilities.std(0, unbiased=False)",
        ]
    )


def connected_code(digit: int, masks: int, rate: float, seed: int) -> str:
    """Code that ends with ``logits`` (masks, 10), as in ``dropout.connected_logits``."""
    return "\n".join(
        [
            *_layer(digit),
            _keep((masks, 10, 48), rate, seed),
            f"logits = (weights * keep / (1 - {rate!r})) @ hidden + bias",
        ]
    )


def spatial_code(digit: int, chosen: int, rate: float, seed: int) -> str:
    """Code that ends with ``output`` (8, 14, 14), as in ``dropout.spatial`` with mask ``chosen``, counted from 0."""
    return "\n".join(
        [
            *_IMPORTS,
            "",
            _RECORDED,
            f'maps = torch.from_numpy(recorded["convolution_2"][{digit}].astype(np.float64))',
            f"{_keep((chosen + 1, 8), rate, seed)}[-1]",
            "# nn.Dropout2d(rate) does the same with a mask of its own",
            f"output = maps * keep[:, None, None] / (1 - {rate!r})",
        ]
    )


def alpha_code(count: int, rate: float, seed: int) -> str:
    """Code that ends with ``output`` (count,), its ``mean`` and its ``variance``, as in ``dropout.alpha`` of
    ``dropout.selu_values`` with the seed, and a mask from the next seed."""
    scale = alpha_scale(rate)
    return "\n".join(
        [
            *_IMPORTS,
            "",
            f"values = torch.from_numpy(np.random.default_rng({seed}).standard_normal({count}))",
            "values = torch.nn.functional.selu(values)",
            f"{_keep((1, count), rate, seed + 1)}[0]",
            "# nn.AlphaDropout(rate) does the same with a mask of its own",
            f"output = {scale.a!r} * torch.where(keep, values, {FLOOR!r}) + {scale.b!r}",
            "mean, variance = output.mean(), output.var(unbiased=False)",
        ]
    )


def masks_formula(found: NextInputs, chosen: int, rate: float, bias: float) -> tuple[str, str]:
    """LaTeX, one formula a scaling: the neuron's input in pass ``chosen``, counted from 0, and in the test."""
    kept, whole, b = float(found.plain[chosen]) - bias, found.full - bias, term(bias)
    some, every, name = (
        r"\textstyle\sum_{\text{kept}} w_i a_i",
        r"\textstyle\sum w_i a_i",
        rf"forward pass {chosen + 1}",
    )
    lines = (
        (
            "inverted, " + name,
            rf"\tfrac{{1}}{{1 - p}} {some} + b",
            rf"\tfrac{{{number(kept)}}}{{1 - {number(rate)}}} + {b}",
        ),
        ("inverted, test", f"{every} + b", f"{number(whole)} + {b}"),
        ("scaled at test time, " + name, f"{some} + b", f"{number(kept)} + {b}"),
        ("scaled at test time, test", f"(1 - p) {every} + b", rf"{number(1 - rate)} \cdot {term(whole)} + {b}"),
    )
    results = (float(found.inverted[chosen]), found.full, float(found.plain[chosen]), found.scaled)
    rows = [
        rf"\text{{{what}:}} \quad & {law} = {put_in} = {number(result)}"
        for (what, law, put_in), result in zip(lines, results, strict=True)
    ]
    inverted, plain = (rf"\begin{{aligned}}{first} \\ {last}\end{{aligned}}" for first, last in (rows[:2], rows[2:]))
    return inverted, plain


def deviation_formula(values: Floats, weights: Floats, rate: float) -> str:
    """LaTeX: the standard deviation of a neuron's input over all masks."""
    squares = float(((weights * values) ** 2).sum())
    return (
        r"\sigma_{\text{all masks, inverted}} = \sqrt{\tfrac{p}{1 - p} \textstyle\sum (w_i a_i)^2} = "
        rf"\sqrt{{\tfrac{{{number(rate)}}}{{{number(1 - rate)}}} \cdot {number(squares)}}} = "
        rf"{number(input_deviation(values, weights, rate))}"
    )


def spread_formula(found: Spread, label: int) -> str:
    """LaTeX: mean and standard deviation of the probability of ``label`` over the masks."""
    each, mean, deviation = found.probabilities[:, label], float(found.mean[label]), float(found.deviation[label])
    squares, count = deviation**2 * len(each), len(each)
    return (
        r"\begin{aligned}"
        rf"\bar p &= \tfrac{{1}}{{n}} \textstyle\sum_t p_t = \frac{{{number(float(each.sum()))}}}{{{count}}} = "
        rf"{number(mean)} \\ "
        rf"s &= \sqrt{{\tfrac{{1}}{{n}} \textstyle\sum_t (p_t - \bar p)^2}} = "
        rf"\sqrt{{\frac{{{number(squares)}}}{{{count}}}}} = {number(deviation)}"
        r"\end{aligned}"
    )


def connected_formula(values: Floats, weights: Floats, bias: float, keep: Mask, rate: float) -> str:
    """LaTeX: the input of one neuron, ``weights`` (units,), whose weights are dropped as ``keep`` (units,) says."""
    kept = float((weights * values)[keep].sum())
    return (
        r"z = \tfrac{1}{1 - p} \textstyle\sum_i m_{i} w_{i} a_i + b = "
        rf"\frac{{{number(kept)}}}{{1 - {number(rate)}}} + {term(bias)} = {number(kept / (1 - rate) + bias)}"
    )


def spatial_formula(maps: Floats, keep: Mask, rate: float) -> str:
    """LaTeX: the largest number of the first map that is kept, and of the first that is dropped, where there are."""
    parts = [r"y_{cij} = \frac{m_c}{1 - p} \, x_{cij}"]
    for is_kept in (True, False):
        channels = [channel for channel, kept in enumerate(keep) if kept == is_kept]
        if channels:
            largest, m = float(maps[channels[0]].max()), int(is_kept)
            result = number(m * largest / (1 - rate))
            parts.append(
                rf"\text{{map {channels[0]}: }} \frac{{{m}}}{{1 - {number(rate)}}} \cdot {number(largest)} = {result}"
            )
    return r" \qquad ".join(parts)


def alpha_formula(rate: float) -> str:
    """LaTeX: a and b of alpha dropout."""
    scale, kept = alpha_scale(rate), number(1 - rate)
    return (
        r"\begin{aligned}"
        rf"q &= 1 - p = {kept} \qquad \alpha' = -\lambda \alpha = {number(FLOOR)} \\ "
        r"a &= \left( q + \alpha'^2 q \, (1 - q) \right)^{-1/2} = "
        rf"\left( {kept} + ({number(FLOOR)})^2 \cdot {kept} \cdot {number(rate)} \right)^{{-1/2}} = "
        rf"{number(scale.a)} \\ "
        rf"b &= -a \, (1 - q) \, \alpha' = -{number(scale.a)} \cdot {number(rate)} \cdot ({number(FLOOR)}) = "
        rf"{number(scale.b)}"
        r"\end{aligned}"
    )


def _layer(digit: int) -> list[str]:
    """Code that reads the hidden layer and the layer behind it."""
    return [
        *_IMPORTS,
        "from safetensors.torch import load_file",
        "",
        _RECORDED,
        f'hidden = torch.from_numpy(recorded["fully_connected"][{digit}].astype(np.float64))  # (48,)',
        'network = load_file("assets/welcome/network.safetensors")',
        'weights, bias = network["logits.weight"].double(), network["logits.bias"].double()',
    ]


def _keep(shape: tuple[int, ...], rate: float, seed: int) -> str:
    return f"keep = torch.from_numpy(np.random.default_rng({seed}).random({shape}) >= {rate!r})"
