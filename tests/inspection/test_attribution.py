"""Maps of attributions: literal numbers, closed forms, plain autograd at float64, and Captum."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from captum import attr
from torch import nn

from explainer.data.assets import assets_path
from explainer.data.digits import load
from explainer.inspection import gradients
from explainer.inspection.baselines import filled
from explainer.inspection.grad_cam import grad_cam, guided_grad_cam, usual_layer
from explainer.inspection.gradients import integrated_gradients, predict
from explainer.inspection.methods import METHODS, Settings
from explainer.inspection.target import Floats, Target
from explainer.networks import zoo
from explainer.networks.description import Transform
from explainer.networks.graph import Network, trace
from explainer.networks.reading import to_input
from explainer.networks.weights import from_bytes

TINY, SMALL = Transform(2, 2, (0.0,), (1.0,)), Transform(12, 12, (0.2, 0.3, 0.4), (0.5, 0.6, 0.7))
DIGITS = to_input(zoo.DIGITS, load("mnist").test_images[:8].copy()).numpy()
PLAIN = (assets_path() / "readers" / "plain.safetensors").read_bytes()
captums_warning = pytest.mark.filterwarnings("ignore:Setting backward hooks")


def hand_set() -> Network:
    """Two hidden units of four pixels; the first is off for the picture below."""
    first, second = nn.Linear(4, 2), nn.Linear(2, 2)
    with torch.no_grad():
        first.weight.copy_(torch.tensor([[1.0, -1, 0, 0], [0, 0, 1, 1]]))
        second.weight.copy_(torch.tensor([[2.0, -3], [1, 1]]))
        first.bias.zero_()
        second.bias.zero_()
    return trace(nn.Sequential(nn.Flatten(), first, nn.ReLU(), second), "hand", "By hand", ("a", "b"), TINY)


PICTURE = np.array([[[[1.0, 2], [3, 4]]]], np.float32)  # hidden: -1 and 7, so the logits are -21 and 7


def small(head: nn.Module | None = None, activation: type[nn.Module] = nn.ReLU) -> nn.Sequential:
    torch.manual_seed(0)
    body = [nn.Conv2d(3, 6, 3, padding=1), activation(), nn.MaxPool2d(2), nn.Conv2d(6, 8, 3), activation()]
    return nn.Sequential(*body, *(head or nn.Sequential(nn.Flatten(), nn.Linear(8 * 16, 5))))


def traced(module: nn.Module) -> Network:
    """At float64, like its oracle."""
    network = trace(copy.deepcopy(module), "small", "Small", tuple("abcde"), SMALL)
    return Network(network.description, copy.deepcopy(network.graph).double())


def picture(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(1, 3, 12, 12))


def test_by_hand() -> None:
    network = hand_set()
    a, b = Target(0), Target(1)
    assert gradients.gradient(network, PICTURE, a).tolist() == [[[0, 0], [-3, -3]]]
    assert gradients.gradient_times_input(network, PICTURE, b).tolist() == [[[0, 0], [3, 4]]]
    assert gradients.guided_backpropagation(network, PICTURE, a).tolist() == [[[0, 0], [0, 0]]]
    assert gradients.guided_backpropagation(network, PICTURE, b).tolist() == [[[0, 0], [1, 1]]]
    assert gradients.transposed_network(network, PICTURE, a).tolist() == [[[2, -2], [0, 0]]]
    ways = integrated_gradients(network, PICTURE, b, np.zeros_like(PICTURE), steps=4)
    assert ways.values.tolist() == [[[0, 0], [3, 4]]]
    assert (ways.at_baseline, ways.at_picture, ways.total, ways.rise) == (0, 7, 7, 7)


def test_the_gradient_of_a_probability_is_the_chain_rule() -> None:
    network, image = traced(small()), picture()
    logits = predict(network, image)
    shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    by_logit = [gradients.gradient(network, image, Target(label)) for label in range(5)]
    want = sum(shares[2] * ((label == 2) - shares[label]) * each for label, each in enumerate(by_logit))
    found = gradients.gradient(network, image, Target(2, "probability"))
    np.testing.assert_allclose(found, want, rtol=0, atol=1e-14)


def test_gradients_against_autograd_at_float64() -> None:
    module = small().double()
    network, image = traced(small()), picture()
    for label in range(5):
        leaf = torch.tensor(image, requires_grad=True)
        module(leaf)[0, label].backward()
        assert leaf.grad is not None
        want = leaf.grad[0].numpy()
        np.testing.assert_allclose(gradients.gradient(network, image, Target(label)), want, rtol=0, atol=1e-13)
        times = gradients.gradient_times_input(network, image, Target(label))
        np.testing.assert_allclose(times, want * image[0], rtol=0, atol=1e-13)


def test_smooth_grad_is_the_mean_over_its_own_noise() -> None:
    network, image = traced(small()), picture()
    found = gradients.smooth_grad(network, image, Target(1), samples=5, noise=0.2, seed=7)
    noise = torch.randn((5, 3, 12, 12), generator=torch.Generator().manual_seed(7), dtype=torch.float64).numpy()
    noisy = [image + 0.2 * (image.max() - image.min()) * each for each in noise]
    want = np.mean([gradients.gradient(network, each, Target(1)) for each in noisy], axis=0)
    np.testing.assert_allclose(found, want, rtol=0, atol=1e-13)
    torch.manual_seed(3)
    again = gradients.smooth_grad(network, image, Target(1), samples=5, noise=0.2, seed=7)
    np.testing.assert_array_equal(found, again)
    other = gradients.smooth_grad(network, image, Target(1), samples=5, noise=0.2, seed=8)
    assert np.abs(other - found).max() > 1e-3


@pytest.mark.parametrize(("activation", "steps"), [(nn.Tanh, 2048), (nn.ReLU, 8192)])
def test_integrated_gradients_are_complete(activation: type[nn.Module], steps: int) -> None:
    network, image = traced(small(activation=activation)), picture()
    for kind in ("black", "mean", "blurred"):
        baseline = filled(SMALL, image, kind)
        found = integrated_gradients(network, image, Target(3), baseline, steps)
        assert found.total == pytest.approx(found.rise, abs=1e-4)
        assert found.rise == pytest.approx(predict(network, image)[3] - predict(network, baseline)[3], abs=1e-12)


def test_fills_in_the_networks_numbers() -> None:
    image = picture().astype(np.float32)
    np.testing.assert_allclose(filled(SMALL, image, "black")[0, :, 3, 4], [-0.4, -0.5, -4 / 7], rtol=1e-6)
    assert not filled(SMALL, image, "mean").any()
    flat = np.ones((1, 1, 8, 8))
    np.testing.assert_allclose(filled(TINY, flat, "blurred"), flat, rtol=0, atol=1e-12)
    blurred = filled(SMALL, image, "blurred")
    assert blurred.dtype == np.float32 and blurred.std() < image.std()


def test_grad_cam_is_cam_where_the_head_is_a_mean_and_one_layer() -> None:
    head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5))
    module = small(head)
    network, image = traced(module), picture()
    with torch.no_grad():
        maps = module[:5].double()(torch.tensor(image))[0].numpy()
    weights = module[-1].weight.detach().double().numpy()
    layer = network.description.layers[4].name
    assert usual_layer(network) == layer
    for label in range(5):
        found = grad_cam(network, image, Target(label), layer)
        np.testing.assert_allclose(found.weights, weights[label] / 16, rtol=0, atol=1e-15)
        cam = np.tensordot(weights[label], maps, 1) / 16
        np.testing.assert_allclose(found.sums, cam, rtol=0, atol=1e-14)
        np.testing.assert_allclose(found.positive, np.maximum(cam, 0), rtol=0, atol=1e-14)
    with pytest.raises(ValueError, match="maps"):
        grad_cam(network, image, Target(0), network.description.layers[-1].name)
    with pytest.raises(KeyError):
        grad_cam(network, image, Target(0), "nothing")


@captums_warning
@pytest.mark.parametrize("number", [0, 4])
def test_against_captum(number: int) -> None:
    """On the digit reader, whose modules are built afresh for Captum, which hangs hooks on them."""
    network, module = zoo.load("digits"), from_bytes(PLAIN)[1]
    image = DIGITS[number : number + 1]
    label = int(predict(network, image).argmax())
    layer = usual_layer(network)
    settings = Settings(layer=layer, steps=32, patch=7, stride=3)
    part = module.get_submodule(network.description.layer(layer).path)
    baseline = torch.tensor(filled(zoo.DIGITS, image, "black"))
    camera = attr.LayerGradCam(module, part)

    def enlarged(inputs: torch.Tensor) -> torch.Tensor:
        found = camera.attribute(inputs, target=label, relu_attributions=True)
        return attr.LayerAttribution.interpolate(found, (28, 28), "bilinear")

    oracles: dict[str, Any] = {
        "gradient": lambda x: attr.Saliency(module).attribute(x, target=label, abs=False),
        "gradient-times-input": lambda x: attr.InputXGradient(module).attribute(x, target=label),
        "integrated-gradients": lambda x: attr.IntegratedGradients(module).attribute(
            x, baseline, target=label, n_steps=32, method="riemann_middle"
        ),
        "guided-backpropagation": lambda x: attr.GuidedBackprop(module).attribute(x, target=label),
        "transposed-convolutions": lambda x: attr.Deconvolution(module).attribute(x, target=label),
        "grad-cam": enlarged,
        "guided-grad-cam": lambda x: attr.GuidedGradCam(module, part).attribute(
            x, target=label, interpolate_mode="bilinear"
        ),
    }
    for name, oracle in oracles.items():
        found = METHODS[name].attribute(network, image, Target(label), settings)
        want = oracle(torch.tensor(image, requires_grad=True))[0].detach().numpy()
        np.testing.assert_allclose(found, want, rtol=0, atol=1e-5, err_msg=name)


def state(network: Network) -> list[object]:
    """All that a computation could leave behind in a shared network."""
    kept: list[object] = []
    for module in network.graph.modules():
        hooks = [key for key, value in vars(module).items() if "hooks" in key and value]
        kept.append((module.training, hooks))
    for name, value in (*network.graph.named_parameters(), *network.graph.named_buffers()):
        kept.append((name, value.detach().numpy().tobytes(), value.requires_grad, value.grad is None, value.data_ptr()))
    return kept


@pytest.mark.parametrize("name", ["digits", "digits-bn"])
def test_the_network_is_left_as_it_was_also_after_an_exception(name: str) -> None:
    network, image = zoo.load(name), DIGITS[:1]
    before = state(network)
    for method in METHODS.values():
        settings = Settings(layer=usual_layer(network), samples=3, steps=3)
        method.attribute(network, image, Target(3), settings)
        with pytest.raises((IndexError, ValueError, RuntimeError)):
            method.attribute(network, image[:, :, :20], Target(3), settings)
        with pytest.raises(IndexError):
            method.attribute(network, image, Target(10), settings)
    assert state(network) == before


def test_two_threads_get_their_own_results() -> None:
    network = zoo.load("digits")
    settings = Settings(layer=usual_layer(network), samples=4, steps=8, stride=5)
    jobs = [(method, DIGITS[i : i + 1], Target(i)) for i in range(6) for method in METHODS.values()]

    def run(job: Any) -> Floats:
        method, image, target = job
        return method.attribute(network, image, target, settings)

    alone = [run(job) for job in jobs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(run, jobs))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(other, one, rtol=0, atol=1e-6)
    assert guided_grad_cam(network, DIGITS[:1], Target(0), settings.layer).shape == (1, 28, 28)


def test_the_maps_of_signed_and_unsigned_methods() -> None:
    values = np.array([[[1.0, -4]], [[-3.0, 2]]])
    assert METHODS["gradient"].heat(values).tolist() == [[3, 4]]
    assert METHODS["gradient-times-input"].heat(values).tolist() == [[-2, -2]]
    settings = Settings(layer="x", samples=3, patch=9)
    assert METHODS["gradient"].used(settings) == Settings()
    assert METHODS["grad-cam"].used(settings) == Settings(layer="x")
    assert METHODS["occlusion"].used(settings) == Settings(patch=9)
