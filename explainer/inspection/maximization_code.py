"""An activation maximization as a formula with its numbers, and as PyTorch code that makes the same pictures."""

from __future__ import annotations

from explainer.inspection.maximization import BLUR_EVERY, Settings, Snapshot, Target
from explainer.inspection.parameterization import NOISE, WAVE
from explainer.networks.description import Transform


def formula(target: Target, settings: Settings, scale: float | None, last: Snapshot | None) -> str:
    """What is climbed, for the first unit of ``target``; with the values of ``last``, an ascent that is over.

    Without a ``scale`` that is known yet it is called s.
    """
    unit = target.units[0]
    moved = r"T(x)" if _moves(settings) else "x"
    terms = [rf"\frac{{a_{{{unit}}}({moved})}}{{{'s' if scale is None else _short(scale)}}}"]
    if settings.l2:
        terms.append(rf"{settings.l2:g} \cdot \overline{{x^2}}")
    if settings.variation:
        terms.append(rf"{settings.variation:g} \cdot \mathrm{{TV}}(x)")
    climbed = rf"\max_x \; J(x) = {' - '.join(terms)}"
    return climbed if last is None or scale is None else climbed + r" \qquad " + _reached(settings, scale, last)


def _reached(settings: Settings, scale: float, last: Snapshot) -> str:
    """The terms of what is climbed, at the picture that was reached, unmoved."""
    assert last.reached is not None and last.l2 is not None and last.variation is not None
    reached = float(last.reached[0])
    numbers = [rf"\frac{{{_short(reached)}}}{{{_short(scale)}}}"]
    total = reached / scale
    for weight, values in ((settings.l2, last.l2), (settings.variation, last.variation)):
        if weight:
            numbers.append(rf"{weight:g} \cdot {_short(float(values[0]))}")
            total -= weight * float(values[0])
    return rf"J = {' - '.join(numbers)} = {_short(total)}"


def _short(value: float) -> str:
    """Three digits that count, in LaTeX; whole from a thousand on."""
    return f"{value:,.0f}".replace(",", "{,}") if abs(value) >= 1000 else f"{value:.3g}"


def _moves(settings: Settings) -> bool:
    moves = settings.transformations
    return bool(moves.jitter or moves.scale or moves.rotation)


def pytorch_code(name: str, transform: Transform, target: Target, settings: Settings, scale: float) -> str:
    """A script that makes the same ``pictures`` (n, channels, side, side) and their ``activations`` (n,).

    ``name`` is the network's in the zoo; "" for one that the visitor trained.
    """
    parts = (
        _head(name, transform, target, settings),
        _painting(transform, settings),
        _exciting(target, settings),
        _climbing(settings, scale),
    )
    return "\n\n".join(parts)


def _head(name: str, transform: Transform, target: Target, settings: Settings) -> str:
    loaded = f'zoo.load("{name}")' if name else 'zoo.trained(open("network.safetensors", "rb").read(), "Mine")'
    lines = [
        *(["import math"] if settings.transformations.rotation or settings.transformations.scale else []),
        "import torch",
        "from torch.nn import functional as F",
        "",
        "from explainer.networks import zoo  # of this app: its networks, and a way to run them",
        "from explainer.networks.graph import forward  # as far as one layer",
        "",
        f"network = {loaded}",
        f"units, side = {list(target.units)}, {target.side}",
        f"mean, std = (torch.tensor(v)[:, None, None] for v in ({list(transform.mean)}, {list(transform.std)}))",
    ]
    return "\n".join(lines)


def _painting(transform: Transform, settings: Settings) -> str:
    how, channels = settings.parameterization, transform.channels
    lines, body = [], []
    if how.fourier:
        lines += [
            "down, across = torch.fft.fftfreq(side), torch.fft.rfftfreq(side)",
            "waves = side * torch.hypot(down[:, None], across)  # per picture",
            f"gains = ({WAVE} / waves.clamp(min=1))[..., None]",
        ]
        body.append(
            "values = torch.fft.irfft2(torch.view_as_complex(parameters * gains), s=(side, side), norm='forward')"
        )
    else:
        body.append("values = parameters")
    if how.decorrelated and channels == 3:
        lines += [
            "colors = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]])",
            "colors = colors / colors.norm(dim=0).max()",
        ]
        body.append('values = torch.einsum("ij,njhw->nihw", colors, values)')
    body.append("return torch.sigmoid(values + torch.logit(mean, eps=0.01))" if how.bounded else "return values + mean")
    shape = f"1, {channels}, side, side // 2 + 1, 2" if how.fourier else f"1, {channels}, side, side"
    after = [
        f"noise = torch.randn({shape}, generator=torch.Generator().manual_seed({settings.seed}))",
        f"noise = noise * ({NOISE} * {NOISE} / (paint({NOISE} * noise) - mean).std())",
        "parameters = noise.repeat(len(units), *[1] * (noise.dim() - 1)).requires_grad_()",
    ]
    return "\n".join([*lines, "", *_function("paint", "parameters", body), "", "", *after]).lstrip()


def _exciting(target: Target, settings: Settings) -> str:
    moves, body = settings.transformations, []
    if moves.jitter:
        body += [
            f"shift = torch.randint({-moves.jitter}, {moves.jitter + 1}, (2,), generator=generator).tolist()",
            "pictures = torch.roll(pictures, shift, (2, 3))",
        ]
    if moves.scale or moves.rotation:
        zoom = f"1 + {moves.scale} * (2 * torch.rand((), generator=generator) - 1)" if moves.scale else "1.0"
        angle = (
            f"math.radians({moves.rotation} * float(2 * torch.rand((), generator=generator) - 1))"
            if moves.rotation
            else "0.0"
        )
        body += [
            f"zoom = {zoom}",
            f"angle = {angle}",
            "cos, sin = math.cos(angle) / zoom, math.sin(angle) / zoom",
            "matrix = torch.tensor([[[cos, -sin, 0], [sin, cos, 0]]])",
            "grid = F.affine_grid(matrix, [1, *pictures.shape[1:]], align_corners=False)",
            "grid = grid.expand(len(pictures), -1, -1, -1)",
            'pictures = F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)',
        ]
    body.append("return pictures")
    of_unit = (
        "output = output[..., output.shape[-2] // 2, output.shape[-1] // 2]  # the cell in the middle"
        if target.middle
        else "output = output.mean((-2, -1)) if output.dim() > 2 else output"
    )
    reading = [
        f'output = forward(network, (pictures - mean) / std, until="{target.layer}")["{target.layer}"]',
        of_unit,
        "return output[range(len(units)), units]",
    ]
    seeded = [f"generator = torch.Generator().manual_seed({settings.seed + 1})", ""]
    return "\n".join([*seeded, *_function("move", "pictures", body), "", "", *_function("excite", "pictures", reading)])


def _climbing(settings: Settings, scale: float) -> str:
    body = ["pictures = paint(parameters)", f"worth = excite(move(pictures)) / {scale!r}"]
    if settings.l2:
        body.append(f"worth = worth - {settings.l2} * ((pictures - mean) / std).square().mean((1, 2, 3))")
    if settings.variation:
        body.append("total = pictures.diff(dim=3).abs().mean((1, 2, 3)) + pictures.diff(dim=2).abs().mean((1, 2, 3))")
        body.append(f"worth = worth - {settings.variation} * total")
    body += ["optimizer.zero_grad()", "worth.sum().backward()", "optimizer.step()"]
    before = [f"optimizer = torch.optim.Adam([parameters], lr={settings.rate}, maximize=True)"]
    if settings.blur:
        before += _blurring(settings)
        body += [f"if step % {BLUR_EVERY} == {BLUR_EVERY - 1}:", "    with torch.no_grad():", "        blur()"]
    after = ["with torch.no_grad():", "    pictures = paint(parameters)", "    activations = excite(pictures)"]
    return "\n".join([*before, f"for step in range({settings.steps}):", *_indented(body), *after])


def _blurring(settings: Settings) -> list[str]:
    lines = (
        []
        if settings.parameterization.fourier
        else [
            "waves = side * torch.hypot(torch.fft.fftfreq(side)[:, None], torch.fft.rfftfreq(side))",
        ]
    )
    lines.append(
        f"left = torch.exp(-2 * (torch.pi * {settings.blur} * waves / side) ** 2)  # a Gaussian leaves of waves"
    )
    body = (
        ["parameters.mul_(left[..., None])"]
        if settings.parameterization.fourier
        else ["parameters.copy_(torch.fft.irfft2(torch.fft.rfft2(parameters) * left, s=(side, side)))"]
    )
    return [*lines, "", *_function("blur", "", body), "", ""]


def _function(name: str, argument: str, body: list[str]) -> list[str]:
    return [f"def {name}({argument}):", *_indented(body)]


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
