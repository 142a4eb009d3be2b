"""PyTorch code that takes one optimizer down a surface, step by step as the page shows it."""

from __future__ import annotations

from explainer.training.config import OptimizerName
from explainer.training.race import Race
from explainer.training.schedules import (
    DROPS,
    FACTOR,
    LAST_SHARE,
    RESTARTS,
    drop_length,
    restart_length,
    warm_up_length,
)
from explainer.training.script_code import OPTIMIZERS
from explainer.training.surfaces import SURFACES
from explainer.training.update_rules import SMOOTHING


def race_code(race: Race, optimizer: OptimizerName) -> str:
    """Code that ends with ``path`` (steps + 1, 2), the places of ``explainer.training.race.run``."""
    surface = SURFACES[race.surface]
    noisy = race.noise > 0
    lines = ["import torch", "", ""]
    lines += ["def loss(weights):", "    x, y = weights", f"    return {surface.code}", "", ""]
    lines += [f"weights = torch.tensor({list(race.start)!r}, dtype=torch.float64, requires_grad=True)"]
    lines += [f"optimizer = torch.optim.{OPTIMIZERS[optimizer]}([weights], {_options(race, optimizer)})"]
    lines += _scheduler(race, race.rate_of(optimizer))
    if noisy:
        lines += [f"generator = torch.Generator().manual_seed({race.seed})"]
        lines += [f"noise = {race.noise!r} * torch.randn({race.steps}, 2, generator=generator, dtype=torch.float64)"]
    lines += ["path = [weights.detach().clone()]", f"for step in range({race.steps}):"]
    lines += ["    optimizer.zero_grad()", "    loss(weights).backward()"]
    lines += ["    weights.grad += noise[step]"] if noisy else []
    lines += ["    optimizer.step()"]
    lines += ["    scheduler.step()"] if race.shape != "constant" else []
    lines += ["    path.append(weights.detach().clone())", "path = torch.stack(path)"]
    return "\n".join(lines)


def _options(race: Race, optimizer: OptimizerName) -> str:
    options = [f"lr={race.rate_of(optimizer)!r}"]
    match optimizer:
        case "momentum" | "nesterov":
            options.append(f"momentum={race.momentum!r}")
        case "rmsprop":
            options.append(f"alpha={SMOOTHING!r}")
        case "adam" | "adamw":
            options.append(f"betas=({race.momentum!r}, 0.999)")
    if optimizer == "nesterov" and race.momentum > 0:
        options.append("nesterov=True")
    if race.decay or optimizer == "adamw":
        options.append(f"weight_decay={race.decay!r}")
    return ", ".join(options)


def _scheduler(race: Race, rate: float) -> list[str]:  # noqa: PLR0911 (one case for each schedule)
    """torch's own scheduler of the race's shape."""
    steps, kinds = race.steps, "torch.optim.lr_scheduler."
    match race.shape:
        case "constant":
            return []
        case "step":
            length = drop_length(steps)
            return [f"# the rate is halved {DROPS - 1} times", _call(f"{kinds}StepLR", f"{length}, gamma={FACTOR!r}")]
        case "exponential":
            return [_call(f"{kinds}ExponentialLR", f"gamma={LAST_SHARE!r} ** (1 / {steps})")]
        case "cosine":
            return [_call(f"{kinds}CosineAnnealingLR", f"T_max={steps}")]
        case "restarts":
            length = restart_length(steps)
            return [
                f"# {RESTARTS} times down",
                _call(f"{kinds}CosineAnnealingWarmRestarts", f"T_0={length}"),
            ]
        case "one-cycle":
            return [_call(f"{kinds}OneCycleLR", f"max_lr={rate!r}, total_steps={steps}, cycle_momentum=False")]
        case "warm-up":
            return _warm_up(steps)


def _warm_up(steps: int) -> list[str]:
    """A rule of our own: two of torch's schedulers in sequence say the same in more lines."""
    rise = warm_up_length(steps)
    return [
        f"rise, fall = {rise}, {max(steps - rise, 1)}",
        "",
        "",
        "def share(step):  # of the learning rate",
        "    if step < rise:",
        "        return (step + 1) / (rise + 1)",
        "    return float(1 + torch.cos(torch.pi * torch.tensor((step - rise) / fall, dtype=torch.float64))) / 2",
        "",
        "",
        "scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, share)",
    ]


def _call(scheduler: str, arguments: str) -> str:
    return f"scheduler = {scheduler}(optimizer, {arguments})"
