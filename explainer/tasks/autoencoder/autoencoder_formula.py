"""The loss of an autoencoder in LaTeX, with the present numbers put in."""

from __future__ import annotations

from explainer.tasks.autoencoder.config import PIXELS, AutoencoderConfig
from explainer.tasks.autoencoder.greedy import Difference
from explainer.words.latex import latex


def loss_formula(config: AutoencoderConfig, error: float) -> str:
    """The mean squared error of encoder f and decoder g, which is ``error`` on the test digits."""
    given = rf"x + {latex(config.noise)}\,\varepsilon" if config.noise else "x"
    return (
        rf"\mathcal{{L}} = \frac{{1}}{{{PIXELS}}} \sum_{{i=1}}^{{{PIXELS}}} (\hat{{x}}_i - x_i)^2 = {latex(error, 3)},"
        rf"\quad \hat{{x}} = g(z),\quad z = f({given}) \in \mathbb{{R}}^{{{config.code}}}"
    )


def greedy_formula() -> str:
    """What the layer l alone minimizes, as an autoencoder of the layer below with a decoder of its own."""
    return r"\min_{f_l,\,g_l}\ \overline{\bigl(g_l(f_l(h_{l-1})) - h_{l-1}\bigr)^2},\quad h_l = f_l(h_{l-1}),\ h_0 = x"


def difference_formula(made: Difference) -> str:
    """The mean test errors of both starts, in percent, and how far they are apart with the 95 % interval."""
    reach = 50 * (made.high - made.low)
    return (
        rf"\bar{{e}}_\text{{random}} - \bar{{e}}_\text{{greedy}} = {100 * made.random:.1f} - {100 * made.greedy:.1f}"
        rf" = {100 * made.mean:.1f} \pm {reach:.1f}"
    )
