"""Activation functions: one registry of their formulas, derivatives, parameters and facts.

Formulas are LaTeX in which § stands for x and @ for the parameter, so that the same text is the formula in general
and the one with numbers put in.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from explainer.layers import activation_functions as functions
from explainer.layers.activation_functions import Function
from explainer.layers.activation_latex import plain, put_in, straight
from explainer.layers.maxout import PRESETS, Lines, corners, envelope, maxout

MAXOUT = "Maxout"
CENTRED = 1e-4  # a mean output as near to 0 as this counts as zero


@dataclass(frozen=True)
class Parameter:
    """A parameter: its symbol in LaTeX, its range, its step and its default."""

    symbol: str
    low: float
    high: float
    step: float
    default: float


@dataclass(frozen=True)
class Piece:
    """The formulas of the value and of the slope up to x = ``until``, from the end of the piece before."""

    value: str
    slope: str
    until: float = math.inf


@dataclass(frozen=True)
class Kind:
    """An activation function: ``name``, formulas from left to right, where it is used, and the source, or "".

    ``make`` gives the function for a value of the ``parameter``, which it ignores where there is none. ``code`` is
    the expression of torch for a tensor x, with {p} for the parameter.
    """

    name: str
    pieces: tuple[Piece, ...]
    make: Callable[[float], Function]
    code: str
    used: str
    source: str
    parameter: Parameter | None = None

    @property
    def default(self) -> float:
        """The default of the parameter, or 0 where there is none."""
        return self.parameter.default if self.parameter else 0.0


@dataclass(frozen=True, eq=False)
class Activation:
    """A function of the registry with its numbers: ``pieces`` hold them, ``code`` is an expression in x for torch."""

    kind: Kind
    function: Function
    pieces: tuple[Piece, ...]
    code: str

    @property
    def name(self) -> str:
        """The name of its kind."""
        return self.kind.name

    def piece_at(self, x: float) -> Piece:
        """The formulas that hold at ``x``; where two meet, the one that gives the value there."""
        after = x in self.function.jumps
        return next(piece for piece in self.pieces if x < piece.until or (x == piece.until and not after))


def _kind(name: str, make: Callable[[], Function], value: str, slope: str, *facts: str) -> Kind:
    """A kind of one piece, without parameters."""
    return _pieces(name, make, (Piece(value, slope),), *facts)


def _pieces(name: str, make: Callable[[], Function], pieces: tuple[Piece, ...], *facts: str) -> Kind:
    code, used, source = facts
    return Kind(name, pieces, lambda _: make(), code, used, source)


def _line(value: str, slope: str) -> tuple[Piece, ...]:
    """The formulas below 0; above it x."""
    return Piece(value, slope, 0.0), Piece("§", "1")


def _elu(scale: str, alpha: str, above: str = "1") -> tuple[Piece, ...]:
    """``above`` times x above 0; below it the exponential with the factors ``scale`` and ``alpha``."""
    rising = "§" if above == "1" else rf"{above} \cdot §"
    return Piece(rf"{scale}{alpha}(e^{{§}} - 1)", rf"{scale}{alpha}\,e^{{§}}", 0.0), Piece(rising, above)


_ALPHA = r"\alpha"
_GATE = (("0", "0"), (r"\tfrac{1}{6}(§ + 3)", r"\tfrac{1}{6}"), ("1", "0"))
_SWISH = (("0", "0"), (r"\tfrac{1}{6} \cdot §\,(§ + 3)", r"\tfrac{1}{6}(2 \cdot § + 3)"), ("§", "1"))
_ENDS = (-3.0, 3.0, math.inf)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind(
            *("Identity", functions.identity, "§", "1"),
            *("x * 1", "the output of a regression", ""),
        ),
        _pieces(
            *("Heaviside", functions.heaviside, (Piece("0", "0", 0.0), Piece("1", "0"))),
            *("torch.heaviside(x, torch.ones_like(x))", "the first perceptrons", "McCulloch, Pitts 1943"),
        ),
        _kind(
            *("Logistic", functions.logistic, r"\frac{1}{1 + e^{-§}}", r"\sigma(§)\,(1 - \sigma(§))"),
            *("torch.sigmoid(x)", "gates of an LSTM, yes-or-no outputs", "Rumelhart et al. 1986"),
        ),
        _kind(
            *("Tanh", functions.tanh, r"\tanh(§)", r"1 - \tanh^2(§)"),
            *("torch.tanh(x)", "recurrent networks, LeNet-5", "LeCun et al. 1998"),
        ),
        _kind(
            *("Arctan", functions.arctan, r"\arctan(§)", r"\frac{1}{1 + §^2}"),
            *("torch.atan(x)", "seldom; surrogate slopes of spiking networks", "Fang et al. 2021"),
        ),
        _kind(
            *("Softsign", functions.softsign, r"\frac{§}{1 + |§|}", r"\frac{1}{(1 + |§|)^2}"),
            *("F.softsign(x)", "seldom; saturates slower than tanh", "Bergstra et al. 2009"),
        ),
        _pieces(
            *("ReLU", functions.relu, _line("0", "0")),
            *("F.relu(x)", "most CNNs: AlexNet, VGG, ResNet", "Nair, Hinton 2010"),
        ),
        Kind(
            *("Leaky ReLU", _line(r"@ \cdot §", "@"), functions.leaky_relu, "F.leaky_relu(x, {p})"),
            *("YOLO, discriminators of GANs", "Maas et al. 2013", Parameter(_ALPHA, 0.0, 1.0, 0.01, 0.1)),
        ),
        Kind(
            *("PReLU", _line(r"@ \cdot §", "@"), functions.leaky_relu),
            *("F.prelu(x, torch.tensor([{p}], dtype=x.dtype))", "CNNs that learn the slope", "He et al. 2015"),
            Parameter("a", -1.0, 2.0, 0.05, 0.25),
        ),
        _pieces(
            *("Absolute rectification", functions.absolute, _line("-§", "-1")),
            *("torch.abs(x)", "objects whose contrast may be reversed", "Jarrett et al. 2009"),
        ),
        Kind(
            *("ELU", _elu("", "@"), functions.elu, "F.elu(x, {p})", "CNNs without batch normalization"),
            *("Clevert et al. 2016", Parameter(_ALPHA, 0.1, 3.0, 0.1, 1.0)),
        ),
        _pieces(
            *("SELU", functions.selu, _elu(r"1.0507 \cdot ", "1.6733", "1.0507")),
            *("F.selu(x)", "self-normalizing networks", "Klambauer et al. 2017"),
        ),
        Kind(
            *("Softplus", (Piece(r"\tfrac{1}{@} \ln(1 + e^{@ \cdot §})", r"\sigma(@ \cdot §)"),), functions.softplus),
            *("F.softplus(x, {p})", "outputs that must be positive", "Dugas et al. 2001"),
            Parameter(r"\beta", 0.1, 10.0, 0.1, 1.0),
        ),
        _kind(
            *("GELU", functions.gelu, r"§\,\Phi(§)", r"\Phi(§) + § \cdot \varphi(§)"),
            *("F.gelu(x)", "transformers, ConvNeXt", "Hendrycks, Gimpel 2016"),
        ),
        _kind(
            *("SiLU", functions.silu, r"§\,\sigma(§)", r"\sigma(§)\,(1 + § \cdot (1 - \sigma(§)))"),
            *("F.silu(x)", "EfficientNet, as Swish", "Elfwing et al. 2018"),
        ),
        _kind(
            "Mish",
            functions.mish,
            r"§\tanh(\ln(1 + e^{§}))",
            r"\tanh(\ln(1 + e^{§})) + § \cdot \sigma(§)\,(1 - \tanh^2(\ln(1 + e^{§})))",
            *("F.mish(x)", "YOLOv4", "Misra 2020"),
        ),
        _pieces(
            "Hard sigmoid",
            functions.hard_sigmoid,
            tuple(Piece(*pair, until) for pair, until in zip(_GATE, _ENDS, strict=True)),
            *("F.hardsigmoid(x)", "phones: MobileNetV3's gates", "Howard et al. 2019"),
        ),
        _pieces(
            "Hard swish",
            functions.hard_swish,
            tuple(Piece(*pair, until) for pair, until in zip(_SWISH, _ENDS, strict=True)),
            *("F.hardswish(x)", "phones: MobileNetV3", "Howard et al. 2019"),
        ),
        Kind(
            *(MAXOUT, (Piece(r"\max_i\,(s_i § + t_i)", r"s_i \text{ of the largest line}"),)),
            *(lambda _: maxout(PRESETS["ReLU"]), "torch.maximum(0 * x, x)"),
            *("seldom: k times the weights", "Goodfellow et al. 2013"),
        ),
    )
}


def activation(name: str, parameter: float | None = None, lines: Lines = PRESETS["ReLU"]) -> Activation:
    """The function ``name`` of ``KINDS`` with its ``parameter`` (None: the default), or the maxout of ``lines``.

    Raises KeyError for a name that is not among ``KINDS``.
    """
    kind = KINDS[name]
    if name == MAXOUT:
        return _maxout(kind, lines)
    number = kind.default if parameter is None else parameter
    pieces = tuple(
        replace(piece, value=put_in(piece.value, number), slope=put_in(piece.slope, number)) for piece in kind.pieces
    )
    return Activation(kind, kind.make(number), pieces, kind.code.format(p=repr(float(number))))


def normal_mean(function: Function) -> float:
    """The mean of the outputs for standard normal inputs, by the midpoint rule on 8,000 cells from -10 to 10."""
    x = (np.arange(8_000) + 0.5) / 400 - 10
    density = np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
    return float((function.value(x) * density).sum() / 400)


def is_zero_centred(function: Function) -> bool:
    """Whether standard normal inputs have outputs of mean 0."""
    return abs(normal_mean(function)) < CENTRED


def _maxout(kind: Kind, lines: Lines) -> Activation:
    upper = envelope(lines)
    pieces = tuple(
        Piece(straight(slope, constant), plain(slope), until)
        for (slope, constant), until in zip(upper, (*corners(upper), math.inf), strict=True)
    )
    code = ", ".join(f"{slope!r} * x + {constant!r}" for slope, constant in lines)
    return Activation(kind, maxout(lines), pieces, f"torch.stack([{code}]).amax(0)")
