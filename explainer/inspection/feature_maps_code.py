"""The formula of one map's value with its numbers put in, and PyTorch code that computes the map."""

from __future__ import annotations

from explainer.inspection.computed import Computed
from explainer.networks.description import INPUT, Description
from explainer.words.latex import bracketed, latex

_WRITTEN = 6  # partial sums in a formula


def map_formula(found: Computed, unit: tuple[int, int]) -> str:
    """The value of the map at ``unit``, (row, column), as a sum over the maps that are read; "" for another core."""
    if found.core != "weighted sum":
        return ""
    row, column = unit
    step = found.steps[0]
    is_unit = step.values.size == 1
    place = "" if is_unit else f"({row},{column})"
    general = r"\textstyle\sum_i w_i x_i" if is_unit else rf"\textstyle\sum_i (w_i \ast x_i){place}"
    shown = [float(source.partial[unit]) for source in found.sources[:_WRITTEN] if source.partial is not None]
    parts = [bracketed(value) for value in shown]
    rest = sum(float(source.partial[unit]) for source in found.sources[_WRITTEN:] if source.partial is not None)
    others = found.others + max(0, len(found.sources) - _WRITTEN)
    if others:
        rest += 0.0 if found.rest is None else float(found.rest[unit])
        count = f"{others:,}".replace(",", "{,}")
        parts.append(rf"\underbrace{{{latex(rest)}}}_{{{count}\text{{ others}}}}")
    parts.append(rf"\underbrace{{{latex(found.bias)}}}_{{b}}")
    lines = (
        rf"y_{{{step.channel}}}{place} &= {general} + b",
        rf"&= {' + '.join(parts)} = {latex(float(step.values[unit]))}",
    )
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def map_code(description: Description, network: str, picture: str, found: Computed) -> str:
    """Code that computes the map that was asked for as ``output`` (height, width), in this project's folder.

    ``network`` and ``picture`` are code that makes the network, and the lines that make ``inputs`` of its
    ``transform``.
    """
    core, asked = found.steps[0], found.asked
    lines = [
        "import torch",
        "from torch.nn import functional",
        "",
        "from explainer.networks import zoo",
        "from explainer.networks.graph import device_of, forward",
        "from explainer.networks.reading import to_input",
        "",
        f"network = {network}",
        "transform = network.description.transform",
        picture,
        "inputs = inputs.to(device_of(network))",
        "",
        "with torch.inference_mode():",
    ]
    if found.core == "weighted sum" and description.layer(core.layer).kind == "convolution":
        lines += _convolved(found, description.layer(core.layer).reads[0])
    else:
        lines += [
            f'    values = forward(network, inputs, until="{asked.layer}")["{asked.layer}"]',
            f"    output = values[0, {asked.channel}]",
        ]
    return "\n".join([*lines, "print(output)"])


def _convolved(found: Computed, read: str) -> list[str]:
    core = found.steps[0]
    channel = core.channel
    kept = "inputs" if read == INPUT else f'forward(network, inputs, until="{read}")["{read}"]'
    lines = [
        f'    layer = network.module("{core.layer}")',
        f"    read = {kept}[0]  # the maps that it reads",
        f"    kernels = layer.weight[{channel}]  # one for each of them",
        f"    first = {channel} // (layer.out_channels // layer.groups) * len(kernels)",
        "    read = read[first : first + len(kernels)]",
        "    partial_sums = functional.conv2d(",
        "        read[None], kernels[:, None], None, layer.stride, layer.padding, layer.dilation, groups=len(read)",
        "    )[0]",
        f"    output = partial_sums.sum(0){'' if found.bias == 0 else f' + layer.bias[{channel}]'}",
    ]
    for step in found.steps[1 : found.chosen + 1]:
        if step.numbers:
            lines += [
                f'    norm = network.module("{step.layer}")',
                f"    output = (output - norm.running_mean[{step.channel}]) / "
                f"(norm.running_var[{step.channel}] + norm.eps).sqrt()",
                f"    output = output * norm.weight[{step.channel}] + norm.bias[{step.channel}]",
            ]
        elif step.kind == "activation":
            lines.append(
                "    output = torch.relu(output)"
                if step.detail in ("", "ReLU")
                else f'    output = network.module("{step.layer}")(output)'
            )
    return lines
