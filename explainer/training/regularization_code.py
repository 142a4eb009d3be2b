"""PyTorch code of a recorded run: its network, its loss with the penalties, and early stopping on what was recorded."""

from __future__ import annotations

from collections.abc import Sequence

from explainer.training.config import RunConfig

MEAN, STD = 0.1307, 0.3081  # as the networks read digits; a test compares them with explainer.networks.build
_STOPPING = """\
best = 0
for epoch, validation_loss in enumerate(VALIDATION_LOSSES):
    # here: train one epoch, network.train(); then measure, network.eval()
    if validation_loss < VALIDATION_LOSSES[best]:
        best = epoch  # and keep: copy.deepcopy(network.state_dict())
    if epoch - best >= PATIENCE:
        break
print(f"stopped after epoch {epoch}, best weights after epoch {best}")
"""


def regularization_code(config: RunConfig, losses: Sequence[float], patience: int) -> str:
    """Code that ends with ``best`` and ``epoch``, the best one and the last, of the validation ``losses`` recorded.

    It defines ``network``, ``optimizer`` and ``loss(images, labels)`` as the run had them; of augmentation it has
    torchvision's, which draws the same kind of changes but other ones.
    """
    recipe, dropout = config.recipe, config.network.dropout
    decay = f", weight_decay={recipe.weight_decay!r}" if recipe.weight_decay else ""
    lines = ["import torch", "import torch.nn.functional as F", "from torch import nn"]
    lines += ["from torchvision.transforms import RandomAffine"] if recipe.shift else []
    lines += ["", "network = nn.Sequential(", *(f"    {layer}," for layer in _layers(dropout)), ")"]
    if recipe.shift:
        share, black = f"{recipe.shift} / 28", f"-{MEAN} / {STD}"
        lines += [f"augment = RandomAffine({recipe.rotate!r}, ({share}, {share}), fill={black})  # black, normalized"]
    lines += [
        "optimizer = torch.optim.SGD(",
        f"    network.parameters(), lr={recipe.learning_rate!r}, momentum={recipe.momentum!r}{decay}",
        ")",
        "# a step after every batch",
        f"schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, {config.steps})",
        "",
        "",
        *_loss(config),
        "",
        "",
        f"VALIDATION_LOSSES = {_wrapped(losses)}",
        f"PATIENCE = {patience}",
        "",
    ]
    return "\n".join(lines) + _STOPPING


def _layers(dropout: float) -> list[str]:
    layers = ["nn.Conv2d(1, 8, 5, padding=2)", "nn.ReLU()", "nn.MaxPool2d(2)"]
    layers += ["nn.Conv2d(8, 16, 5, padding=2)", "nn.ReLU()", "nn.MaxPool2d(2)"]
    layers += ["nn.Flatten()", "nn.Linear(16 * 7 * 7, 500)", "nn.ReLU()"]
    layers += [f"nn.Dropout({dropout!r})"] if dropout else []
    return [*layers, "nn.Linear(500, 10)"]


def _loss(config: RunConfig) -> list[str]:
    recipe = config.recipe
    lines = ["def loss(images, labels):"]
    if recipe.shift:
        lines.append("    images = torch.stack([augment(image) for image in images])")
    lines.append("    value = F.cross_entropy(network(images), labels)")
    if recipe.l1:
        lines.append("    weights = [p for p in network.parameters() if p.dim() > 1]  # no biases")
        lines.append(f"    value = value + {recipe.l1!r} * sum(w.abs().sum() for w in weights)")
    return [*lines, "    return value"]


def _wrapped(losses: Sequence[float]) -> str:
    """A list of numbers, eight a line."""
    texts = [f"{loss:g}" if float(f"{loss:g}") == loss else repr(loss) for loss in losses]
    rows = [", ".join(texts[start : start + 8]) for start in range(0, len(texts), 8)]
    return "[\n    " + ",\n    ".join(rows) + ",\n]"
