"""Attribution: occlusion of a digit in batches over one patch at a time, at least 8; Captum's time over ours.

Saliency and Grad-CAM of the same network and picture take no longer than Captum's, and agree within 1e-5. Each ratio
is the median of pairs that are measured in turn.
"""

import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import torch
from captum import attr
from torchvision import models

from benchmarks.common import median, note, report
from explainer.data.digits import load
from explainer.data.samples import photograph
from explainer.inspection.baselines import filled
from explainer.inspection.grad_cam import grad_cam
from explainer.inspection.gradients import gradient
from explainer.inspection.occlusion import occlusion
from explainer.inspection.target import Target
from explainer.networks import zoo
from explainer.networks.reading import shown, to_input

TIMES, CAT = 9, 285
SLOWER = 1.05  # what two runs of one computation differ by here: no slower means at most this share


def seconds(work: Callable[[], Any]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def ratio(one: Callable[[], Any], other: Callable[[], Any], times: int) -> float:
    """How many times as long ``one`` takes as ``other``, the median of pairs, after one that warms up.

    Each of them comes first in every second pair.
    """
    one(), other()
    found = []
    for number in range(times):
        first, second = (one, other) if number % 2 else (other, one)
        taken = {first: seconds(first), second: seconds(second)}
        found.append(taken[one] / taken[other])
    return median(found)


def digit(times: int) -> None:
    network = zoo.load("digits")
    inputs = to_input(zoo.DIGITS, load("mnist").test_images[0].copy()).numpy()
    fill = filled(zoo.DIGITS, inputs, "mean")

    def run(batch: int) -> Any:
        *_, last = occlusion(network, inputs, fill, patch=7, stride=1, batch=batch)
        return last

    np.testing.assert_allclose(run(0).logits, run(1).logits, rtol=0, atol=1e-4)
    note(f"occlusion of a digit, {run(0).positions} positions: {1000 * seconds(lambda: run(0)):.0f} ms in batches")
    report("occlusion: one patch at a time / in batches", ratio(lambda: run(1), lambda: run(0), times), 8)


def photo(times: int) -> None:
    network = zoo.load("squeezenet")
    module = models.squeezenet1_0()
    module.load_state_dict(network.graph.state_dict())
    module.to(next(network.graph.parameters()).device).eval()
    for part in module.modules():
        if isinstance(part, torch.nn.ReLU):
            part.inplace = False
    transform = network.description.transform
    inputs = to_input(transform, shown(transform, photograph("cat")).copy()).numpy()
    leaf = torch.tensor(inputs, requires_grad=True, device=next(module.parameters()).device)
    saliency, camera = attr.Saliency(module), attr.LayerGradCam(module, module.features[12])
    pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "saliency": (
            lambda: saliency.attribute(leaf, target=CAT)[0].cpu().numpy(),
            lambda: np.abs(gradient(network, inputs, Target(CAT))),
        ),
        "Grad-CAM": (
            lambda: camera.attribute(leaf, target=CAT, relu_attributions=True)[0, 0].detach().cpu().numpy(),
            lambda: grad_cam(network, inputs, Target(CAT), "cat_7").positive,
        ),
    }
    for name, (captums, ours) in pairs.items():
        report(f"{name}: largest difference to Captum's", float(np.abs(captums() - ours()).max()), 1e-5, at_most=True)
        note(f"{name}: {1000 * seconds(ours):.0f} ms")
        report(f"{name}: Captum's time / ours", ratio(captums, ours, times), 1 / SLOWER)


def main(times: int) -> None:
    digit(times)
    photo(times)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES)
