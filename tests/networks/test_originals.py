"""What a network reads of the sample photographs: as torchvision's transform makes it of the original file."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from torchvision import transforms

from explainer.data.assets import assets_path
from explainer.data.samples import COMPOSED, PHOTOGRAPHS, Photograph, original, original_size
from explainer.networks import zoo
from explainer.networks.graph import logits
from explainer.networks.reading import shown, to_input


@pytest.mark.parametrize("photo", (*PHOTOGRAPHS, *COMPOSED), ids=lambda photo: photo.name)
def test_a_photograph_is_read_as_torchvision_reads_its_file(photo: Photograph) -> None:
    transform = zoo.load("squeezenet").description.transform
    made = transforms.Compose([transforms.Resize(transform.resize), transforms.CenterCrop(transform.size)])
    with Image.open(assets_path() / "images" / photo.file) as image:
        want = np.asarray(made(image.convert("RGB")))
    np.testing.assert_array_equal(shown(transform, original(photo.name)), want)
    assert original(photo.name).size == original_size(photo.name)


def test_the_cup_is_read_as_torchvision_says() -> None:
    network = zoo.load("squeezenet")
    transform = network.description.transform
    found = logits(network, to_input(transform, shown(transform, original("coffee")))).softmax(1)[0]
    assert network.description.classes[int(found.argmax())] == "espresso"
    assert float(found.max()) == pytest.approx(0.812, abs=5e-4)
