"""Attribution on SqueezeNet: what it reads the sample photographs as, where the cat is, and Captum's maps."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from captum import attr
from PIL import Image
from torchvision import models

from explainer.data.samples import photograph
from explainer.inspection.baselines import filled
from explainer.inspection.grad_cam import grad_cam, usual_layer
from explainer.inspection.gradients import gradient, predict, transposed_network
from explainer.inspection.methods import METHODS, Settings
from explainer.inspection.occlusion import occlusion
from explainer.inspection.reach import Box
from explainer.inspection.target import Floats, Target
from explainer.inspection.zero_maps import why_zero
from explainer.networks import zoo
from explainer.networks.graph import Network
from explainer.networks.reading import shown, to_input

CAT = 285
FACE = Box(20, 20, 215, 224)  # drawn by hand around the face in the part of chelsea.png that the network is shown


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("squeezenet")


def read(network: Network, name: str) -> Floats:
    transform = network.description.transform
    return to_input(transform, shown(transform, photograph(name)).copy()).numpy()


def corner(network: Network, top: int, left: int) -> Floats:
    """The cat at half its size in a corner of a picture of the mean colour."""
    transform = network.description.transform
    cat = np.asarray(Image.fromarray(shown(transform, photograph("cat"))).resize((112, 112)))
    inputs = np.zeros((1, 3, 224, 224), np.float32)
    inputs[..., top : top + 112, left : left + 112] = to_input(transform, cat.copy()).numpy()
    return inputs


def assert_peaks_within(heat: Floats, box: Box) -> None:
    row, column = np.unravel_index(int(np.nanargmax(heat)), heat.shape)
    assert box.top <= row < box.bottom and box.left <= column < box.right, (row, column)


def covered(network: Network, inputs: Floats, stride: int) -> Floats:
    fill = filled(network.description.transform, inputs, "mean")
    *_, found = occlusion(network, inputs, fill, patch=56, stride=stride)
    return found.heat(Target(CAT))


@pytest.mark.parametrize(
    ("name", "said"), [("cat", "Egyptian cat"), ("coffee", "espresso"), ("photographer", "tripod")]
)
def test_what_it_reads(network: Network, name: str, said: str) -> None:
    best = int(predict(network, read(network, name)).argmax())
    assert network.description.classes[best] == said


def test_the_maps_of_the_cat_peak_on_the_cat(network: Network) -> None:
    inputs = read(network, "cat")
    assert_peaks_within(grad_cam(network, inputs, Target(CAT), usual_layer(network)).enlarged(224), FACE)
    assert_peaks_within(covered(network, inputs, 28), FACE)


@pytest.mark.parametrize(("top", "left"), [(0, 112), (112, 0)])
def test_the_maps_find_a_cat_in_a_corner(network: Network, top: int, left: int) -> None:
    inputs, box = corner(network, top, left), Box(top, left, top + 112, left + 112)
    heat = grad_cam(network, inputs, Target(CAT), usual_layer(network)).enlarged(224)
    assert_peaks_within(heat, box)
    assert heat[box.top : box.bottom, box.left : box.right].sum() > 0.6 * heat.sum()
    assert_peaks_within(covered(network, inputs, 42), box)


def captums_module(network: Network) -> torch.nn.Module:
    """The network afresh, with ReLUs that leave what they read, as Captum's hooks need."""
    module = models.squeezenet1_0()
    module.load_state_dict(network.graph.state_dict())
    for part in module.modules():
        if isinstance(part, torch.nn.ReLU):
            part.inplace = False
    return module.eval()


@pytest.mark.filterwarnings("ignore:Setting backward hooks")
def test_saliency_and_grad_cam_are_captums(network: Network) -> None:
    module, inputs = captums_module(network), read(network, "cat")
    leaf = torch.tensor(inputs, requires_grad=True)
    want = attr.Saliency(module).attribute(leaf, target=CAT)[0].numpy()
    np.testing.assert_allclose(np.abs(gradient(network, inputs, Target(CAT))), want, rtol=0, atol=1e-5)
    camera = attr.LayerGradCam(module, module.features[12])  # the last Fire module
    want = camera.attribute(leaf, target=CAT, relu_attributions=True)[0, 0].detach().numpy()
    np.testing.assert_allclose(grad_cam(network, inputs, Target(CAT), "cat_7").positive, want, rtol=0, atol=1e-5)


@pytest.mark.filterwarnings("ignore:Setting backward hooks")
def test_transposed_convolutions_die_on_the_way_and_say_where(network: Network) -> None:
    """A Fire module squeezes: here all that comes back to its few maps is negative."""
    inputs = read(network, "cat")
    assert not transposed_network(network, inputs, Target(CAT)).any()
    leaf = torch.tensor(inputs, requires_grad=True)
    assert not attr.Deconvolution(captums_module(network)).attribute(leaf, target=CAT).any()
    method = METHODS["transposed-convolutions"]
    told = str(why_zero(network, inputs, Target(CAT), method, Settings()))
    assert told.startswith("There is a gradient") and "(Fire 7 · squeeze)" in told


def test_grad_cam_begins_at_the_last_features_and_not_at_the_maps_of_the_classes(network: Network) -> None:
    layer = network.description.layer(usual_layer(network))
    assert (layer.name, layer.kind, layer.block, layer.shape) == ("cat_7", "concatenation", "Fire 9", (512, 13, 13))
    found = grad_cam(network, read(network, "cat"), Target(CAT), layer.name)
    assert np.count_nonzero(found.weights) > 50


def test_two_objects_are_found_at_different_places(network: Network) -> None:
    """The fire engine is laid on the upper right of the picture, the cup is below and left of it."""
    inputs = read(network, "engine")
    espresso, engine = (network.description.classes.index(name) for name in ("espresso", "fire engine"))
    order = np.argsort(-predict(network, inputs))[:2]
    assert order.tolist() == [espresso, engine]
    laid, cup = Box(0, 80, 62, 220), Box(40, 0, 224, 190)  # drawn by hand, up to the edge above
    fill = filled(network.description.transform, inputs, "mean")
    *_, found = occlusion(network, inputs, fill, patch=56, stride=28)
    for label, box in ((espresso, cup), (engine, laid)):
        camera = grad_cam(network, inputs, Target(label), usual_layer(network)).enlarged(224)
        assert_peaks_within(camera, box)
        assert_peaks_within(found.heat(Target(label)), box)
    heats = [found.heat(Target(label)) for label in (espresso, engine)]
    inside = [heat[laid.top : laid.bottom, laid.left : laid.right].mean() - heat.mean() for heat in heats]
    assert inside[0] < 0 < inside[1]
