"""PyTorch code and formulas of the page on exemplars: they compute what it shows."""

from __future__ import annotations

from explainer.inspection.embedding import EXAGGERATION, ITERATIONS, KEPT, RATE, ROUNDS, Projection
from explainer.networks.description import INPUT, Layer

Place = tuple[int, int]

_WEIGHTS = {"digits": "assets/readers/plain.safetensors", "digits-bn": "assets/readers/batch_norm.safetensors"}
OWN = "weights.safetensors"  # as Train a CNN saves it


def weights_file(bundled: str | None) -> str:
    """Where the weights of a network of digits lie: a bundled one's by its name in the zoo, else the visitor's own."""
    return _WEIGHTS[bundled] if bundled else OWN


def digits_code(weights: str, dataset: str, layer: Layer, channel: int, at: Place | None, *, most: int) -> str:
    """Code that ends with ``strongest`` (most,), ``weakest`` (most,), their ``values`` and ``counts`` (10,), the labels
    of the strongest."""
    return "\n".join(
        [
            "from pathlib import Path",
            "",
            "import torch",
            "",
            "from explainer.data.digits import load",
            *_network(weights, layer),
            f'digits = load("{dataset}")',
            "labels = torch.tensor(digits.test_labels)",
            *_run_to(layer, f"return {_peak('x', layer, channel, at)}"),
            "values = torch.cat([run(batch) for batch in torch.tensor(digits.test_images).split(500)])",
            f"strongest = values.sort(descending=True, stable=True).indices[:{most}]",
            f"weakest = values.sort(stable=True).indices[:{most}]",
            "counts = torch.bincount(labels[strongest], minlength=10)",
        ]
    )


def squares_code(key: str, layer: Layer, channel: int, at: Place | None, *, most: int) -> str:
    """Code that ends with ``strongest`` (most,), ``weakest`` (most,) and ``values`` (squares,)."""
    return "\n".join(
        [
            "import torch",
            "",
            "from explainer.inspection.patches import pictures",
            "from explainer.networks import zoo",
            "from explainer.networks.graph import device_of, forward",
            "from explainer.networks.reading import to_input",
            "",
            f'network = zoo.load("{key}")',
            "transform = network.description.transform",
            "values = []",
            "with torch.no_grad():",
            "    for square in pictures(transform):  # of the six sample photographs",
            "        inputs = to_input(transform, square.copy()).to(device_of(network))",
            f'        x = forward(network, inputs, until="{layer.name}")["{layer.name}"]',
            f"        values.append({_peak('x', layer, channel, at)}.cpu())",
            "values = torch.cat(values)",
            f"strongest = values.sort(descending=True, stable=True).indices[:{most}]",
            f"weakest = values.sort(stable=True).indices[:{most}]",
        ]
    )


def pictures_code(dataset: str, layer: Layer, channel: int, at: Place | None, *, most: int) -> str:
    """The same as ``digits_code`` of the visitor's own network of pictures in colour."""
    return "\n".join(
        [
            "import torch",
            "",
            "from explainer.data.digits import load",
            "from explainer.networks import zoo",
            "from explainer.networks.graph import device_of, forward",
            "from explainer.networks.reading import to_input",
            "",
            f'network = zoo.trained(open("{OWN}", "rb").read(), "Yours")',
            "transform = network.description.transform",
            f'pictures = load("{dataset}")',
            "labels, values = torch.tensor(pictures.test_labels), []",
            "with torch.no_grad():",
            "    for start in range(0, len(labels), 500):",
            "        inputs = to_input(transform, pictures.test_images[start : start + 500]).to(device_of(network))",
            f'        x = forward(network, inputs, until="{layer.name}")["{layer.name}"]',
            f"        values.append({_peak('x', layer, channel, at)}.cpu())",
            "values = torch.cat(values)",
            f"strongest = values.sort(descending=True, stable=True).indices[:{most}]",
            f"weakest = values.sort(stable=True).indices[:{most}]",
            "counts = torch.bincount(labels[strongest], minlength=10)",
        ]
    )


def pca_code(weights: str, dataset: str, layer: Layer, count: int) -> str:
    """Code that ends with ``points`` (count, 2), up to the sign of each axis, and ``explained`` (2,)."""
    return "\n".join(
        [
            *_features(weights, dataset, layer, count),
            "centred = features.double() - features.double().mean(0)",
            "_, sizes, axes = torch.linalg.svd(centred, full_matrices=False)",
            "points = centred @ axes[:2].T",
            "explained = (sizes**2 / (sizes**2).sum())[:2]",
        ]
    )


def tsne_code(weights: str, dataset: str, layer: Layer, count: int, perplexity: float, *, rounds: int = ROUNDS) -> str:
    """Code that ends with ``points`` (count, 2), up to the signs and to what rounding makes of a chaotic descent."""
    kept = min(KEPT, layer.channels)
    return "\n".join(
        [
            *_features(weights, dataset, layer, count),
            "from sklearn.decomposition import PCA",
            "from sklearn.manifold import TSNE",
            "",
            f"reduced = PCA({kept}).fit_transform(features.double()).astype(np.float32)",
            "points = reduced[:, :2] / reduced[:, 0].std() * 1e-4",
            f"for number in range({rounds}):",
            "    method = TSNE(",
            f"        perplexity={perplexity:g},",
            "        init=points,",
            f"        max_iter={ITERATIONS},",
            f"        early_exaggeration={EXAGGERATION:g} if number == 0 else 1,",
            f'        learning_rate="auto" if number == 0 else {RATE:g},',
            "        random_state=0,",
            "    )",
            "    points = method.fit_transform(reduced)",
        ]
    )


def peak_formula(layer: Layer, channel: int, at: Place | None, value: float, *, fixed: bool) -> str:
    """LaTeX: the value by which pictures are ranked, with that of the strongest, which stands in cell ``at``."""
    if not layer.is_maps:
        return rf"a = y_{{{channel}}} = {value:.4g}"
    if fixed and at:
        return rf"a = y_{{{channel},\,{at[0]},\,{at[1]}}} = {value:.4g}"
    cell = rf" = y_{{{channel},\,{at[0]},\,{at[1]}}}" if at else ""
    return rf"a = \max_{{i,\,j}} \; y_{{{channel},\,i,\,j}}{cell} = {value:.4g}"


def pca_formula(found: Projection) -> str:
    """LaTeX: the share of the variance that two axes hold."""
    first, second = found.explained
    return (
        r"\frac{\lambda_1 + \lambda_2}{\sum_k \lambda_k} = "
        rf"{100 * first:.1f}\,\% + {100 * second:.1f}\,\% = {100 * (first + second):.1f}\,\%"
    )


def tsne_formula(perplexity: float) -> str:
    """LaTeX: what perplexity sets, and what is made as small as can be."""
    return (
        rf"2^{{H(P_i)}} = {perplexity:g} \;\text{{ for each digit }} i, \qquad "
        r"\min_{\text{points}} \; \sum_{i \ne j} p_{ij} \ln \frac{p_{ij}}{q_{ij}}"
    )


def _network(weights: str, layer: Layer) -> list[str]:
    """Lines that import what is needed and make ``network``."""
    read = f'Path("{weights}").read_bytes()'
    if _is_one_of_a_row(layer):
        return [
            "from explainer.networks.weights import from_bytes",
            "",
            f"_, network, _ = from_bytes({read})  # an nn.Sequential in evaluation mode",
        ]
    return [
        "from explainer.networks import zoo",
        "from explainer.networks.graph import device_of, forward",
        "",
        f'network = zoo.trained({read}, "")',
    ]


def _is_one_of_a_row(layer: Layer) -> bool:
    """Whether the layer is one of those that the network runs one after the other, not one in a block."""
    return bool(layer.path) and "." not in layer.path


def _run_to(layer: Layer, end: str) -> list[str]:
    return [
        "",
        "",
        "@torch.no_grad()",
        "def run(batch):",
        "    x = (batch[:, None].float() / 255 - 0.1307) / 0.3081",
        *_to(layer, end),
        "",
        "",
    ]


def _to(layer: Layer, end: str) -> list[str]:
    if layer.name == INPUT:
        return [f"    {end}"]
    if not _is_one_of_a_row(layer):
        values = f'forward(network, x.to(device_of(network)), until="{layer.name}")["{layer.name}"]'
        return [f"    x = {values}.cpu()", f"    {end}"]
    return [
        "    for name, module in network.named_children():",
        "        x = module(x)",
        f'        if name == "{layer.path}":',
        f"            {end}",
    ]


def _peak(name: str, layer: Layer, channel: int, at: Place | None) -> str:
    if not layer.is_maps:
        return f"{name}[:, {channel}]"
    if at is not None:
        return f"{name}[:, {channel}, {at[0]}, {at[1]}]"
    return f"{name}[:, {channel}].amax((1, 2))"


def _features(weights: str, dataset: str, layer: Layer, count: int) -> list[str]:
    network = [""] if layer.name == INPUT else _network(weights, layer)
    return [
        "from pathlib import Path",
        "",
        "import numpy as np",
        "import torch",
        "",
        "from explainer.data.digits import load, subset_indices",
        *network,
        f'digits = load("{dataset}")',
        f"chosen = subset_indices(digits.test_labels, {count}, seed=0)",
        "images = torch.tensor(digits.test_images)[chosen]",
        *_run_to(layer, "return x.flatten(1)"),
        "features = torch.cat([run(batch) for batch in images.split(500)])",
    ]
