"""PyTorch code of the network by hand, from the numbers that a page shows, and its formulas."""

from __future__ import annotations

import numpy as np

from explainer.layers.code import literal
from explainer.networks.by_hand import KERNEL, Floats, Forward, Step, Weights, cut
from explainer.networks.hill_climbing import STEP_COST

_IMPORTS = ["import torch", "import torch.nn.functional as F", ""]
_NETWORK = [
    "def network(pictures, features, votes):",
    "    maps = F.relu(F.conv2d(pictures, features[:, None] / 9))  # the mean of 9 products",
    "    pooled = F.max_pool2d(F.max_pool2d(maps, 2, ceil_mode=True), 2)",
    "    return pooled.flatten(1) @ votes.T",
    "",
    "",
]


def network_code(picture: Floats, weights: Weights) -> str:
    """Code that ends with ``result`` (2,): the votes; ``maps``, ``pooled`` and ``listed`` are there, too."""
    return "\n".join(
        [
            *_IMPORTS,
            literal("picture", picture),
            literal("features", weights.features),
            literal("votes", weights.votes),
            "convolution = torch.nn.Conv2d(1, 3, 3, bias=False, dtype=torch.float64)",
            "counting = torch.nn.Linear(12, 2, bias=False, dtype=torch.float64)",
            "with torch.no_grad():",
            "    convolution.weight.copy_(features[:, None] / 9)  # so that a value is the mean of 9 products",
            "    counting.weight.copy_(votes)",
            "",
            "    maps = convolution(picture[None, None])",
            "    pooled = F.max_pool2d(F.relu(maps), 2, ceil_mode=True)  # 7 x 7 to 4 x 4",
            "    listed = F.max_pool2d(pooled, 2).flatten(1)",
            "    result = counting(listed)[0]",
        ]
    )


def steps_code(picture: Floats, label: int, weights: Weights, rate: float, count: int) -> str:
    """Code that ends with ``features`` and ``votes`` after so many steps, and the ``errors`` before each of them."""
    return "\n".join(
        [
            *_IMPORTS,
            literal("picture", picture),
            literal("features", weights.features),
            literal("votes", weights.votes),
            f"label = torch.tensor([{label}])  # 0 is X, 1 is O",
            "",
            "",
            *_NETWORK,
            "errors = []",
            f"for step in range({count}):",
            "    features.requires_grad_(), votes.requires_grad_()",
            "    error = F.cross_entropy(network(picture[None, None], features, votes), label)",
            "    errors.append(error.item())",
            "    error.backward()",
            f"    features = (features - {rate!r} * features.grad).detach()",
            f"    votes = (votes - {rate!r} * votes.grad).detach()",
        ]
    )


def descent_code(texts: list[str], labels: list[int], seed: int, rate: float, budget: int) -> str:
    """Code that ends with the ``errors`` of gradient descent on all pictures, which ``texts`` hold."""
    return "\n".join(
        [
            "import numpy as np",
            *_IMPORTS,
            f"texts = {texts!r}",
            'pixels = [[2.0 * int(bit) - 1 for bit in f"{int(text, 16):081b}"] for text in texts]',
            "pictures = torch.tensor(pixels, dtype=torch.float64).view(-1, 1, 9, 9)",
            f"labels = torch.tensor({labels!r})  # 0 is X, 1 is O",
            f"flat = torch.from_numpy(np.random.default_rng({seed}).normal(0, 0.3, 51))",
            "features, votes = flat[:27].view(3, 3, 3).clone(), flat[27:].view(2, 12).clone()",
            "",
            "",
            *_NETWORK,
            "optimizer = torch.optim.SGD([features.requires_grad_(), votes.requires_grad_()], " + f"lr={rate!r})",
            "errors = []",
            f"for step in range({len(range(1, budget + 1, STEP_COST))}):",
            "    error = F.cross_entropy(network(pictures, features, votes), labels)",
            "    errors.append(error.item())",
            "    optimizer.zero_grad()",
            "    error.backward()",
            "    optimizer.step()",
        ]
    )


def network_formula(computed: Forward) -> tuple[str, str]:
    """The first value of the first map, and the vote for X, of the first picture."""
    value, vote = _cut(computed.maps[0, 0, 0, 0]), _cut(computed.votes[0, 0])
    total = f"{KERNEL**2 * computed.maps[0, 0, 0, 0] + 0.0:.4g}"
    return (
        rf"\frac{{1}}{{9}}\sum_{{i=1}}^{{9}} w_i\,p_i = \frac{{{total}}}{{9}} = {value}",
        rf"v_X = \sum_{{i=1}}^{{12}} w_i\,x_i = {vote}",
    )


def steps_formula(step: Step, rate: float) -> tuple[str, str]:
    """p - y of the first step, and the weight of the vote for X that it moves most."""
    p_minus_y = step.gradient.votes[0]
    place = int(np.abs(step.gradient.weights.votes[0]).argmax())
    before, gradient = step.before.votes[0, place], step.gradient.weights.votes[0, place]
    return (
        rf"p - y = ({_four(p_minus_y[0])},\ {_four(p_minus_y[1])})",
        rf"w - \eta\,\frac{{\partial L}}{{\partial w}} = {_four(before)} - {rate:g} \cdot ({_four(gradient)})"
        rf" = {_four(step.after.votes[0, place])}",
    )


def descent_formula(rate: float) -> tuple[str, str]:
    """The update of gradient descent, and what hill climbing keeps."""
    return (
        rf"w \leftarrow w - {rate:g}\,\nabla L(w)",
        r"w \leftarrow w + \delta e_i\ \ (L(w + \delta e_i) < L(w))",
    )


def _cut(value: float) -> str:
    return cut(value).replace("−", "-")


def _four(value: float) -> str:
    return f"{value + 0.0:.4g}"
