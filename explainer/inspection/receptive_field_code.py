"""PyTorch code that builds a stack, or takes a trained network, and measures the field of one unit by its gradient."""

from __future__ import annotations

from explainer.networks.stack import Item, Ladder


def stack_code(ladder: Ladder, layer: int, unit: int, axes: int) -> str:
    """Code that ends with ``field``, first and last pixel that ``unit`` of ``layer`` reads, and ``read``, how many.

    Along one axis; of what lies in the input.
    """
    is_pooled = any(rung.item.kind == "p" for rung in ladder.rungs[:layer])
    comment = (
        ["# the mean reads what the maximum does, which passes its gradient to one unit alone"] if is_pooled else []
    )
    lines = ["import torch", "from torch import nn", "", *comment, "layers = nn.Sequential("]
    lines += [f"    {each}," for rung in ladder.rungs[:layer] for each in _modules(rung.item, axes)]
    place = ", ".join(["0", "0", *[str(unit)] * axes])
    shape = ", ".join(["1", "1", *[str(ladder.size)] * axes])
    return "\n".join(
        [
            *lines,
            ").double()",
            "for layer in layers:",
            f"    if isinstance(layer, nn.Conv{axes}d):",
            "        nn.init.ones_(layer.weight)  # so that no gradient cancels another",
            f"inputs = torch.ones({shape}, dtype=torch.float64, requires_grad=True)",
            f"layers(inputs)[{place}].backward()",
            "",
            f"seen = inputs.grad[0, 0]{'.any(0)' if axes == 2 else ''}.nonzero().flatten().tolist()",
            "field, read = (min(seen), max(seen)) if seen else None, len(seen)",
            "print(field, read)",
        ]
    )


def network_code(network: str, layer: str, unit: int, inputs: str) -> str:
    """Code that ends with ``box``, what the unit could see, and ``squares``, its squared gradients in there.

    ``network`` is an expression of it, ``inputs`` lines that make its ``inputs``.
    """
    return "\n".join(
        [
            "from explainer.inspection.effective_field import of_network",
            "from explainer.inspection.receptive_field import field",
            "from explainer.networks import zoo",
            "from explainer.networks.reading import to_input",
            "import torch",
            "",
            f"network = {network}",
            "transform = network.description.transform",
            inputs,
            f'box = field(network, "{layer}", {unit}, {unit})',
            f'squares = of_network(network, "{layer}", {unit}, {unit}, inputs=inputs.numpy()).squares',
            "print(box, squares.max())",
        ]
    )


def _modules(item: Item, axes: int) -> list[str]:
    """A pooling as the mean, which reads what the maximum does: that passes its gradient to one unit alone."""
    step = item.step
    if item.kind != "c" and step.dilation == 1:
        return [f"nn.AvgPool{axes}d({step.kernel}, {step.stride}, {step.padding})"]
    sides = ", ".join([str(step.padding), str(item.after)] * axes)
    pad = [] if item.after == step.padding else [f"nn.ConstantPad{axes}d(({sides}), 0.0)"]
    outside = 0 if pad else step.padding
    settings = f"{step.kernel}, {step.stride}, {outside}, {step.dilation}, bias=False"
    return [*pad, f"nn.Conv{axes}d(1, 1, {settings})"]
