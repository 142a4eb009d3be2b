"""PyTorch code that sends the batch of ``explainer.training.flow`` through its network and back."""

from __future__ import annotations

from explainer.training.flow import BATCH, CLASSES, PIXELS, ActivationName, Flow, Start
from explainer.training.initialization import CONSTANT

_ACTIVATIONS: dict[ActivationName, str] = {
    "tanh": "torch.tanh(y)",
    "logistic": "torch.sigmoid(y)",
    "relu": "torch.relu(y)",
    "selu": "F.selu(y)",
    "identity": "y * 1.0",
}
_CHANCE = "generator=chance"
_DRAW: dict[Start, str] = {
    "zeros": "nn.init.zeros_(w)",
    "constant": f"nn.init.constant_(w, {CONSTANT})",
    "normal-0.01": f"nn.init.normal_(w, std=0.01, {_CHANCE})",
    "normal-1": f"nn.init.normal_(w, std=1.0, {_CHANCE})",
    "xavier": f"nn.init.xavier_uniform_(w, {_CHANCE})",
    "xavier-normal": f"nn.init.xavier_normal_(w, {_CHANCE})",
    "he": f'nn.init.kaiming_normal_(w, nonlinearity="relu", {_CHANCE})',
    "he-fan-out": f'nn.init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu", {_CHANCE})',
    "orthonormal": f"nn.init.orthogonal_(w, {_CHANCE})",
    "lsuv": f"nn.init.orthogonal_(w, {_CHANCE})",
}


def flow_code(flow: Flow) -> str:
    """Code that ends with ``outputs``, ``gradients`` and ``weight_gradients``: standard deviations, layer by layer.

    They are those of ``explainer.training.flow.run``, the last ones after clipping.
    """
    lines = ["import torch", "import torch.nn.functional as F", "from torch import nn"]
    lines += ["from torchvision.datasets import MNIST", "", 'mnist = MNIST("data", download=True)']
    lines += [
        f"x = mnist.data[:{BATCH}].reshape({BATCH}, {PIXELS}).float()",
        "x = x / (x**2).mean(1, keepdim=True).sqrt()",
        f"labels = mnist.targets[:{BATCH}]",
        f"chance = torch.Generator().manual_seed({flow.seed})",
        "",
        "weights, outputs = [], []",
        f"for layer in range(1, {flow.depth + 1}):",
        f"    w = torch.empty({flow.width}, x.shape[1])",
        *_drawn(flow),
        "    weights.append(w.requires_grad_())",
        *_layer(flow),
        "    outputs.append(x)",
        f"w = torch.empty({CLASSES}, {flow.width})",
        *[line[4:] for line in _drawn(flow)],
        "weights.append(w.requires_grad_())",
        "",
        "F.cross_entropy(x @ w.T, labels).backward(inputs=[*outputs, *weights])",
        *_clipping(flow),
        "gradients = [x.grad.double().std(correction=0) for x in outputs]",
        "weight_gradients = [w.grad.double().std(correction=0) for w in weights[:-1]]",
        "outputs = [x.detach().double().std(correction=0) for x in outputs]",
    ]
    return "\n".join(lines)


def _drawn(flow: Flow) -> list[str]:
    if flow.start == "own":
        return [f"    nn.init.normal_(w, std=({flow.gain!r} / w.shape[1]) ** 0.5, {_CHANCE})"]
    lines = [f"    {_DRAW[flow.start]}"]
    if flow.start == "lsuv":
        lines += ["    w = w / (x @ w.T).detach().std(correction=0)"]
    return lines


def _layer(flow: Flow) -> list[str]:
    """One layer, with its shortcut: it begins at layer 2, since the first one has another number of inputs."""
    lines = ["    y = x @ w.T"]
    if flow.batch_norm:
        lines += ["    y = F.batch_norm(y, None, None, training=True)"]
    value = _ACTIVATIONS[flow.activation]
    if not flow.shortcut:
        return [*lines, f"    x = {value}"]
    starts = ["    if layer % 2 == 0:", "        before = x"] if flow.shortcut == 2 else ["    before = x"]
    ends = "layer > 1 and layer % 2 == 1" if flow.shortcut == 2 else "layer > 1"
    return [*starts, *lines, f"    x = {value}", f"    if {ends}:", "        x = before + x"]


def _clipping(flow: Flow) -> list[str]:
    match flow.clipping:
        case "none":
            return []
        case "norm":
            return [f"nn.utils.clip_grad_norm_(weights, {flow.threshold!r})"]
        case "value":
            return [f"nn.utils.clip_grad_value_(weights, {flow.threshold!r})"]
