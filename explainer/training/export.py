"""A run as a PyTorch script that needs nothing of this package: only what the run used is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from textwrap import shorten

from explainer.data.catalogue import COLOUR, TRAINING_PICTURES
from explainer.networks.block_code import ACTIVATIONS, block_code, made_of_blocks
from explainer.networks.config import NetworkConfig
from explainer.networks.plan import Layer, channels_last, layers
from explainer.training import script_code as text
from explainer.training.config import Recipe, RunConfig, digits_in
from explainer.training.messages import Changed
from explainer.training.naming import name

_DEFINES = ("def ", "class ")


def script(config: RunConfig, changes: Sequence[Changed] = (), steps: int | None = None) -> str:
    """Python source that trains ``config`` as it was trained here, on the CPU, to the same numbers.

    ``changes`` are made at their steps, and the run ends after ``steps`` steps where that is given. Raises
    ImpossibleNetworkError for a configuration that is no network.
    """
    recipe = config.recipe
    parts = [
        _head(config),
        _settings(config, steps),
        _data(config),
        text.SUBSET.format(subset=config.subset) if _has_subset(config) else text.WHOLE,
        block_code(config.network),
        _network(config.network, keep_dropout=any(changed.change.what == "dropout" for changed in changes)),
        "" if recipe.initialization == "pytorch" else text.INITIALIZE.format(draw=text.DRAW[recipe.initialization]),
        "network = network.to(memory_format=torch.channels_last)" if channels_last(config.network) else "",
        _optimizer(recipe),
        {"constant": "", "cosine": text.COSINE, "one-cycle": text.ONE_CYCLE}[recipe.schedule],
        _shift(config) if recipe.shift else "",
        text.ROTATE if recipe.rotate else "",
        text.NORMALIZE_COLOUR if config.dataset in COLOUR else text.NORMALIZE,
        text.TEST,
        _changes(changes),
        _loop(config, bool(changes), steps),
        text.FINISH,
    ]
    source = _join(part.strip("\n") for part in parts if part)
    return _of_pictures(source) if config.dataset in COLOUR else source


def _of_pictures(source: str) -> str:
    """The script with what it calls digits, also its variables, called pictures."""
    return source.replace("digits", "pictures")


def _join(parts: Iterator[str]) -> str:
    """Two empty lines around functions and classes, one elsewhere."""
    out = ""
    for part in parts:
        statements = [line for line in out.split("\n") if line[:1].strip()]
        is_behind = bool(statements) and statements[-1].startswith(_DEFINES)
        is_apart = is_behind or part.startswith((*_DEFINES, "for epoch"))
        out += ("\n\n\n" if is_apart else "\n\n" if out else "") + part
    return out + "\n"


def _has_subset(config: RunConfig) -> bool:
    return 0 < config.subset < TRAINING_PICTURES[config.dataset]


def _data(config: RunConfig) -> str:
    if config.dataset == "mnist":
        return text.READ_IDX
    loading = text.TORCHVISION_COLOUR if config.dataset in COLOUR else text.TORCHVISION
    return loading.format(dataset=text.DATASETS[config.dataset])


def _shift(config: RunConfig) -> str:
    channels, side, _ = config.network.picture
    return text.SHIFT_COLOUR.format(side=side) if channels > 1 else text.SHIFT


def _head(config: RunConfig) -> str:
    recipe = config.recipe
    standard = ["gzip"] if config.dataset == "mnist" else []
    standard += ["math"] if recipe.schedule != "constant" or recipe.rotate else []
    lines = [f"import {module}" for module in [*standard, "sys"]]
    lines += ["from pathlib import Path"] if config.dataset == "mnist" else []
    lines += ["", "import numpy as np", "import torch"]
    lines += ["import torch.nn.functional as F"]
    lines += ["from torch import nn"]
    if config.dataset != "mnist":
        lines += [f"from torchvision.datasets import {text.DATASETS[config.dataset]}"]
    what = text.PICTURE_CLASSIFIER if config.dataset in COLOUR else text.DIGIT_READER
    source = text.MNIST_SOURCE if config.dataset == "mnist" else text.OTHER_SOURCE
    title = name(config, replace(Recipe(), epochs=recipe.epochs))
    return text.HEAD.format(
        what=what, name=shorten(title, 80, placeholder=" ..."), source=source, imports="\n".join(lines)
    )


def _settings(config: RunConfig, steps: int | None) -> str:
    recipe = config.recipe
    digits = min(digits_in(config), TRAINING_PICTURES[config.dataset])
    lines = [f"SEED, EPOCHS, BATCH = {config.seed}, {recipe.epochs}, {recipe.batch_size}"]
    lines += [f"LEARNING_RATE = {recipe.learning_rate!r}"]
    if recipe.schedule != "constant":
        lines += [f"STEPS = EPOCHS * -(-{digits} // BATCH)"]
    if steps is not None:
        lines += [f"STOP = {steps}  # the run was stopped after this step"]
    return "\n".join([*lines, "torch.manual_seed(SEED)"])


def network_code(network: NetworkConfig) -> str:
    """Code that makes ``network`` as it begins: a statement; the classes of building blocks are not in it."""
    return _network(network, keep_dropout=False)


def _network(network: NetworkConfig, keep_dropout: bool) -> str:
    plan = [layer for layer in layers(network) if layer.kind != "dropout" or layer.rate or keep_dropout]
    lines: list[str] = []
    for width, members in groupby(plan, lambda layer: layer.shape[0] if layer.pair else 0):
        if width:
            lines.append(made_of_blocks(width, len({layer.pair for layer in members})))
        else:
            lines += [line for layer in members for line in _layer(layer)]
    return "\n".join(["network = nn.Sequential(", *(f"    {line}," for line in lines), ")"])


def _layer(layer: Layer) -> Iterator[str]:  # a line a case
    before, after = layer.padding
    bias = "" if layer.bias else ", bias=False"
    match layer.kind:
        case "pad":
            yield f"nn.ZeroPad2d({layer.padding * 2})"
        case "convolution":
            if before != after:
                yield f"nn.ZeroPad2d({layer.padding * 2})"
            padding = f", padding={before}" if before == after and before else ""
            stride = f", stride={layer.stride}" if layer.stride > 1 else ""
            yield f"nn.Conv2d({layer.inputs}, {layer.outputs}, {layer.kernel}{stride}{padding}{bias})"
        case "batch norm":
            yield f"nn.BatchNorm{2 if len(layer.shape) == 3 else 1}d({layer.outputs})"
        case "activation":
            yield ACTIVATIONS[str(layer.detail)]
        case "sum":
            return  # it is the block that adds
        case "pool":
            window = "AvgPool2d" if layer.pool and layer.pool.kind == "average" else "MaxPool2d"
            yield f"nn.{window}({layer.kernel}, {layer.stride})"
        case "spatial dropout":
            yield f"nn.Dropout2d({layer.rate!r})"
        case "flatten":
            yield "nn.Flatten()"
        case "linear":
            yield f"nn.Linear({layer.inputs}, {layer.outputs}{bias})"
        case "dropout":
            yield f"nn.Dropout({layer.rate!r})"


def _optimizer(recipe: Recipe) -> str:
    options: dict[str, object] = {}
    if recipe.optimizer in ("momentum", "nesterov"):
        options["momentum"] = recipe.momentum
    if recipe.optimizer == "nesterov" and recipe.momentum:
        options["nesterov"] = True
    if recipe.optimizer == "rmsprop":
        options["alpha"] = 0.9
    if recipe.optimizer in ("adam", "adamw"):
        options["betas"] = recipe.betas
    if recipe.weight_decay or recipe.optimizer == "adamw":
        options["weight_decay"] = recipe.weight_decay
    if recipe.optimizer != "rmsprop":
        options["fused"] = True
    arguments = ["network.parameters()", "LEARNING_RATE", *(f"{key}={value!r}" for key, value in options.items())]
    kind = f"torch.optim.{text.OPTIMIZERS[recipe.optimizer]}"
    line, inner = f"optimizer = {kind}({', '.join(arguments)})", ", ".join(arguments)
    if len(line) > 88:  # as the formatter breaks it
        inner = inner if len(inner) <= 84 else ",\n    ".join(arguments) + ","
        line = f"optimizer = {kind}(\n    {inner}\n)"
    generators = ["order = torch.Generator().manual_seed(SEED)"]
    if recipe.shift or recipe.rotate:
        generators += ["chance = torch.Generator().manual_seed(SEED + 1)"]
    return "\n".join([line, *generators])


def _changes(changes: Sequence[Changed]) -> str:
    """What was changed in mid-run: the last word on each step."""
    merged: dict[int, dict[str, float]] = {}
    for changed in changes:
        merged.setdefault(changed.step, {})[changed.change.what] = changed.change.value
    if not merged:
        return ""
    lines = ["# after so many steps: the learning rate and the dropout that were set, None where not"]
    rows = [f"    {step}: ({new.get('learning_rate')!r}, {new.get('dropout')!r})," for step, new in merged.items()]
    return "\n".join([*lines, "CHANGES = {", *rows, "}"])


def _loop(config: RunConfig, changed: bool, steps: int | None) -> str:
    """The training loop, with the lines that this run needs."""
    recipe, scheduled = config.recipe, config.recipe.schedule != "constant"
    digits = min(digits_in(config), TRAINING_PICTURES[config.dataset])
    lonely = config.network.batch_norm and digits % recipe.batch_size == 1
    smoothing = f", label_smoothing={recipe.label_smoothing!r}" if recipe.label_smoothing else ""
    lines = ["step, losses = 0, []", "for epoch in range(EPOCHS):"]
    lines += ["    digits = chosen[torch.randperm(len(chosen), generator=order)]"]
    lines += ["    batches = list(digits.split(BATCH))"]
    lines += ["    batches[-1] = digits[-2:]  # batch normalization needs two"] if lonely else []
    lines += ["    for batch in batches:"]
    if steps is not None:
        lines += ["        if step == STOP:", "            break"]
    if changed:
        lines += _CHANGE
    rate = "rate(step)" if scheduled else "LEARNING_RATE"
    if scheduled or changed:
        lines += ["        for group in optimizer.param_groups:", f'            group["lr"] = {rate}']
    lines += ["        images = train_images[batch].float()"]
    lines += [f"        images = shift(images, {recipe.shift})"] if recipe.shift else []
    lines += [f"        images = rotate(images, {recipe.rotate!r})"] if recipe.rotate else []
    lines += (
        [f"        loss = F.cross_entropy({_CALL}{smoothing})"]
        if not smoothing
        else [
            "        loss = F.cross_entropy(",
            f"            {_CALL}{smoothing}",
            "        )",
        ]
    )
    lines += ["        optimizer.zero_grad()", "        loss.backward()"]
    if recipe.l1:
        lines += ["        for weight in network.parameters():", "            if weight.dim() > 1:"]
        lines += [f"                weight.grad += {recipe.l1!r} * weight.detach().sign()"]
    lines += ["        optimizer.step()", "        losses.append(loss.item())", "        step += 1"]
    report = ["mean, losses = sum(losses) / len(losses), []", "right = 100 * test_accuracy()"]
    report += _PRINT_SMOOTHED if smoothing else [_PRINT]
    if steps is None:
        return "\n".join([*lines, *(f"    {line}" for line in report)])
    lines += ["    if losses:", *(f"        {line}" for line in report)]
    return "\n".join([*lines, "    if step == STOP:", "        break"])


_CALL = "network(normalize(images)), train_labels[batch]"
_PRINT = 'print(f"epoch {epoch + 1}: loss {mean:.4f}, test digits right {right:.2f} %")'
_PRINT_SMOOTHED = [
    'print(f"epoch {epoch + 1}: smoothed loss {mean:.4f}", end=", ")',
    'print(f"test digits right {right:.2f} %")',
]
_CHANGE = [
    "        if step in CHANGES:",
    "            new_rate, new_dropout = CHANGES[step]",
    "            LEARNING_RATE = LEARNING_RATE if new_rate is None else new_rate",
    "            for layer in network.modules():",
    "                if new_dropout is not None and isinstance(layer, nn.Dropout):",
    "                    layer.p = new_dropout",
]
