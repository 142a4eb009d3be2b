"""Activation functions: one registry of their formulas, derivatives, parameters and facts.

Formulas are LaTeX in which § stands for x and @ for the parameter, so that the same text is the formula in general
and the one with numbers put in.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from explainer.layers import activation_functions as functions
from explainer.layers.activation_functions import Function
from explainer.layers.maxout import PRESETS, maxout

MAXOUT = "maxout"


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
    """An activation function: ``key``, its name, formulas from left to right, where it is used, and the source, or "".

    ``make`` gives the function for a value of the ``parameter``, which it ignores where there is none. ``code`` is
    the expression of torch for a tensor x, with {p} for the parameter.
    """

    key: str
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


def _kind(
    key: str, name: str, make: Callable[[], Function], *, value: str, slope: str, code: str, used: str, source: str
) -> Kind:
    """A kind of one piece, without parameters."""
    return _pieces(key, name, make, (Piece(value, slope),), code=code, used=used, source=source)


def _pieces(
    key: str, name: str, make: Callable[[], Function], pieces: tuple[Piece, ...], *, code: str, used: str, source: str
) -> Kind:
    return Kind(key, name, pieces, lambda _: make(), code, used, source)


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
    kind.key: kind
    for kind in (
        _kind(
            key="identity",
            name="Identity",
            make=functions.identity,
            value="§",
            slope="1",
            code="x * 1",
            used="the output of a regression",
            source="",
        ),
        _pieces(
            key="heaviside",
            name="Heaviside",
            make=functions.heaviside,
            pieces=(Piece("0", "0", 0.0), Piece("1", "0")),
            code="torch.heaviside(x, torch.ones_like(x))",
            used="the first perceptrons",
            source="McCulloch, Pitts 1943",
        ),
        _kind(
            key="logistic",
            name="Sigmoid (logistic)",
            make=functions.logistic,
            value=r"\frac{1}{1 + e^{-§}}",
            slope=r"\sigma(§)\,(1 - \sigma(§))",
            code="torch.sigmoid(x)",
            used="gates of an LSTM, yes-or-no outputs",
            source="Rumelhart et al. 1986",
        ),
        _kind(
            key="tanh",
            name="Tanh",
            make=functions.tanh,
            value=r"\tanh(§)",
            slope=r"1 - \tanh^2(§)",
            code="torch.tanh(x)",
            used="recurrent networks, LeNet-5",
            source="LeCun et al. 1998",
        ),
        _kind(
            key="arctan",
            name="Arctan",
            make=functions.arctan,
            value=r"\arctan(§)",
            slope=r"\frac{1}{1 + §^2}",
            code="torch.atan(x)",
            used="seldom; surrogate slopes of spiking networks",
            source="Fang et al. 2021",
        ),
        _kind(
            key="softsign",
            name="Softsign",
            make=functions.softsign,
            value=r"\frac{§}{1 + |§|}",
            slope=r"\frac{1}{(1 + |§|)^2}",
            code="F.softsign(x)",
            used="seldom; saturates slower than tanh",
            source="Bergstra et al. 2009",
        ),
        _pieces(
            key="relu",
            name="ReLU",
            make=functions.relu,
            pieces=_line("0", "0"),
            code="F.relu(x)",
            used="most CNNs: AlexNet, VGG, ResNet",
            source="Nair, Hinton 2010",
        ),
        Kind(
            key="leaky-relu",
            name="Leaky ReLU",
            pieces=_line(r"@ \cdot §", "@"),
            make=functions.leaky_relu,
            code="F.leaky_relu(x, {p})",
            used="YOLO, discriminators of GANs",
            source="Maas et al. 2013",
            parameter=Parameter(_ALPHA, 0.0, 1.0, 0.01, 0.1),
        ),
        Kind(
            key="prelu",
            name="PReLU",
            pieces=_line(r"@ \cdot §", "@"),
            make=functions.leaky_relu,
            code="F.prelu(x, torch.tensor([{p}], dtype=x.dtype))",
            used="CNNs that learn the slope",
            source="He et al. 2015",
            parameter=Parameter("a", -1.0, 2.0, 0.05, 0.25),
        ),
        _pieces(
            key="absolute",
            name="Absolute rectification",
            make=functions.absolute,
            pieces=_line("-§", "-1"),
            code="torch.abs(x)",
            used="objects whose contrast may be reversed",
            source="Jarrett et al. 2009",
        ),
        Kind(
            key="elu",
            name="ELU",
            pieces=_elu("", "@"),
            make=functions.elu,
            code="F.elu(x, {p})",
            used="CNNs without batch normalization",
            source="Clevert et al. 2016",
            parameter=Parameter(_ALPHA, 0.1, 3.0, 0.1, 1.0),
        ),
        _pieces(
            key="selu",
            name="SELU",
            make=functions.selu,
            pieces=_elu(r"1.0507 \cdot ", "1.6733", "1.0507"),
            code="F.selu(x)",
            used="self-normalizing networks",
            source="Klambauer et al. 2017",
        ),
        Kind(
            key="softplus",
            name="Softplus",
            pieces=(Piece(r"\tfrac{1}{@} \ln(1 + e^{@ \cdot §})", r"\sigma(@ \cdot §)"),),
            make=functions.softplus,
            code="F.softplus(x, {p})",
            used="outputs that must be positive",
            source="Dugas et al. 2001",
            parameter=Parameter(r"\beta", 0.1, 10.0, 0.1, 1.0),
        ),
        _kind(
            key="gelu",
            name="GELU",
            make=functions.gelu,
            value=r"§\,\Phi(§)",
            slope=r"\Phi(§) + § \cdot \varphi(§)",
            code="F.gelu(x)",
            used="transformers, ConvNeXt",
            source="Hendrycks, Gimpel 2016",
        ),
        _kind(
            key="silu",
            name="SiLU",
            make=functions.silu,
            value=r"§\,\sigma(§)",
            slope=r"\sigma(§)\,(1 + § \cdot (1 - \sigma(§)))",
            code="F.silu(x)",
            used="EfficientNet, as Swish",
            source="Elfwing et al. 2018",
        ),
        _kind(
            key="mish",
            name="Mish",
            make=functions.mish,
            value=r"§\tanh(\ln(1 + e^{§}))",
            slope=r"\tanh(\ln(1 + e^{§})) + § \cdot \sigma(§)\,(1 - \tanh^2(\ln(1 + e^{§})))",
            code="F.mish(x)",
            used="YOLOv4",
            source="Misra 2020",
        ),
        _pieces(
            key="hard-sigmoid",
            name="Hard sigmoid",
            make=functions.hard_sigmoid,
            pieces=tuple(Piece(*pair, until) for pair, until in zip(_GATE, _ENDS, strict=True)),
            code="F.hardsigmoid(x)",
            used="phones: MobileNetV3's gates",
            source="Howard et al. 2019",
        ),
        _pieces(
            key="hard-swish",
            name="Hard swish",
            make=functions.hard_swish,
            pieces=tuple(Piece(*pair, until) for pair, until in zip(_SWISH, _ENDS, strict=True)),
            code="F.hardswish(x)",
            used="phones: MobileNetV3",
            source="Howard et al. 2019",
        ),
        Kind(
            key=MAXOUT,
            name="Maxout",
            pieces=(Piece(r"\max_i\,(s_i § + t_i)", r"s_i \text{ of the largest line}"),),
            make=lambda _: maxout(PRESETS["relu"]),
            code="torch.maximum(0 * x, x)",
            used="seldom: k times the weights",
            source="Goodfellow et al. 2013",
        ),
    )
}
