"""Code for a visitor's own computer that computes what the tabs of surgery show."""

from __future__ import annotations

from explainer.inspection.surgery.disturbed import EVERY, Disturbance
from explainer.inspection.surgery.operated import target
from explainer.inspection.surgery.operations import Operation, Operations, Prune, Round, Scale, named, weighted
from explainer.networks.graph import Network

_WEIGHTS = 'open("weights.safetensors", "rb").read()  # saved under Take it home'
_PICTURES: dict[Disturbance, str] = {
    "rotation": "ndimage.rotate(pictures, {}, axes=(2, 1), reshape=False, order=1)",
    "shift": "ndimage.shift(pictures, (0, 0, {}), order=0)",
    "noise": "pictures + 255 * np.float32({}) * np.random.default_rng(0).standard_normal(pictures.shape, np.float32)",
    "blur": "ndimage.gaussian_filter(pictures, (0, {0}, {0}))",
}


def accuracy_code(network: Network, weights: str, operations: Operations) -> str:
    """Code that counts as ``right`` how many of the 10,000 test digits are read right after ``operations``.

    ``weights`` is code for the bytes of the weights file.
    """
    return "\n".join([*_begin(network, weights, operations), *_read("data.test_images", "data.test_labels"), _PRINT])


def disturbed_code(network: Network, weights: str, operations: Operations, kind: Disturbance, strength: float) -> str:
    """Code that counts as ``right`` how many of ``some_digits`` are read right, disturbed with ``strength``."""
    lines = [
        f"pictures = data.test_images[::{EVERY}].astype(np.float32)",
        f"pictures = {_picture(kind, strength)}",
        "pictures = np.clip(np.rint(pictures), 0, 255).astype(np.uint8)",
    ]
    imports = ["import numpy as np", "from scipy import ndimage", ""]
    read = _read("pictures", f"data.test_labels[::{EVERY}]")
    return "\n".join([*imports, *_begin(network, weights, operations), *lines, *read, _PRINT])


def abstaining_code(network: Network, weights: str, operations: Operations, threshold: float) -> str:
    """Code that counts as ``answered`` and ``right`` what is answered from ``threshold`` on."""
    lines = [
        f"is_answered = logits.softmax(1).amax(1).double() >= {threshold}",
        "answered = int(is_answered.sum())",
        "right = int((is_answered & (logits.argmax(1) == labels)).sum())",
        "print(answered / len(labels), right / max(answered, 1))",
    ]
    read = _read("data.test_images", "data.test_labels")[:-1]
    return "\n".join([*_begin(network, weights, operations), *read, *lines])


def weights_code(name: str | None) -> str:
    """Code for the bytes of the weights of the bundled reader ``name``, or of the visitor's own file."""
    return f'zoo.reader("{name}")' if name else _WEIGHTS


_PRINT = "print(right, right / len(labels))"


def _begin(network: Network, weights: str, operations: Operations) -> list[str]:
    lines = [
        "import torch",
        *(["from torch.nn.utils import prune"] if any(isinstance(each, Prune) for each in operations) else []),
        "",
        "from explainer.data.digits import load",
        "from explainer.networks import zoo",
        "from explainer.networks.build import normalize",
        "from explainer.networks.weights import from_bytes",
        "",
        f"_, network, _ = from_bytes({weights.split('  #', maxsplit=1)[0]}){_comment(weights)}",
        'data = load("mnist")',
        "",
    ]
    if operations:
        lines.append("with torch.no_grad():")
        for operation in operations:
            lines += [f"    {line}" for line in _lines(network, operation)]
        lines.append("")
    return lines


def _comment(weights: str) -> str:
    return f"  #{weights.split('  #')[1]}" if "  #" in weights else ""


def _read(pictures: str, labels: str) -> list[str]:
    return [
        f"inputs = normalize(torch.tensor({pictures}).unsqueeze(1))",
        f"labels = torch.tensor({labels}).long()",
        "with torch.inference_mode():",
        "    logits = torch.cat([network(part) for part in inputs.split(1000)])",
        "right = int((logits.argmax(1) == labels).sum())",
    ]


def _picture(kind: Disturbance, strength: float) -> str:
    if not strength:
        return "pictures"
    if kind != "stroke":
        return _PICTURES[kind].format(strength)
    reach = int(abs(strength))
    change = "dilation" if strength > 0 else "erosion"
    disc = f"sum(np.mgrid[-{reach}:{reach + 1}, -{reach}:{reach + 1}] ** 2) <= {abs(strength)}**2"
    return f"ndimage.grey_{change}(pictures, footprint=({disc})[None])"


def _lines(network: Network, operation: Operation) -> list[str]:
    if isinstance(operation, Scale):
        return _scaled(network, operation)
    layers = [named(network.description, operation.layer)] if operation.layer else weighted(network.description)
    modules = ", ".join(f'network.get_submodule("{layer.path}")' for layer in layers)
    lines = [f"layers = [{modules}]"]
    if isinstance(operation, Prune):
        return [*lines, *_pruned(operation)]
    return [*lines, *_rounded(operation)]


def _scaled(network: Network, operation: Scale) -> list[str]:
    path = target(network, named(network.description, operation.layer)).path
    return [
        f'layer = network.get_submodule("{path}")',
        f"layer.weight[{operation.unit}] *= {operation.factor:g}",
        "if layer.bias is not None:",
        f"    layer.bias[{operation.unit}] *= {operation.factor:g}",
    ]


def _pruned(operation: Prune) -> list[str]:
    return [
        "prune.global_unstructured(",
        f'    [(layer, "weight") for layer in layers], prune.L1Unstructured, amount={operation.percent / 100}',
        ")",
        "for layer in layers:",
        '    prune.remove(layer, "weight")',
    ]


def _rounded(operation: Round) -> list[str]:
    most = 2 ** (operation.bits - 1) - 1
    return [
        "for layer in layers:",
        f"    step = layer.weight.abs().max() / {most}",
        f"    layer.weight.copy_((layer.weight / step).round().clamp(-{most}, {most}) * step)",
    ]
