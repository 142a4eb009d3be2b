"""An autoencoder of MNIST's digits: dense, convolutional, or linear.

Sources: G. Hinton, R. Salakhutdinov, "Reducing the dimensionality of data with neural networks", Science 313, 2006;
P. Vincent et al., "Extracting and composing robust features with denoising autoencoders", ICML 2008.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import pairwise

from torch import Tensor, nn

WIDTHS = (256, 128, 64)  # of the dense encoder; the decoder has them in the other order
MAPS, HIDDEN = (8, 16), 128  # of the convolutional encoder: its maps, and the layer beside the code


class Autoencoder(nn.Module):
    """Pictures (n, 1, 28, 28), 0..1, to codes (n, code) by ``encoder``, and back by ``decoder``."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(self, pictures: Tensor) -> Tensor:
        """The reconstructions."""
        made: Tensor = self.decoder(self.encoder(pictures))
        return made


def dense_block(inputs: int, outputs: int) -> list[nn.Module]:
    """A fully connected layer, batch normalization and ReLU."""
    return [nn.Linear(inputs, outputs, bias=False), nn.BatchNorm1d(outputs), nn.ReLU()]


def dense(code: int) -> Autoencoder:
    """784, 256, 128 and 64 units, the code, and as many back; a sigmoid keeps the pixels between 0 and 1."""
    sizes, back = (784, *WIDTHS), (code, *reversed(WIDTHS))
    down = [each for pair in pairwise(sizes) for each in dense_block(*pair)]
    encoder = nn.Sequential(nn.Flatten(), *down, nn.Linear(sizes[-1], code))
    up = [each for pair in pairwise(back) for each in dense_block(*pair)]
    decoder = nn.Sequential(*up, nn.Linear(back[-1], 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28)))
    return Autoencoder(encoder, decoder)


def convolution(inputs: int, outputs: int) -> list[nn.Module]:
    """A convolution that halves the maps, batch normalization and ReLU."""
    return [nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


def convolutional(code: int) -> Autoencoder:
    """Maps of 14 x 14 and 7 x 7, a hidden layer, the code, and back by transposed convolutions."""
    first, second = MAPS
    flat = second * 7 * 7
    encoder = nn.Sequential(
        *convolution(1, first),
        *convolution(first, second),
        nn.Flatten(),
        *dense_block(flat, HIDDEN),
        nn.Linear(HIDDEN, code),
    )
    decoder = nn.Sequential(
        *dense_block(code, HIDDEN),
        *dense_block(HIDDEN, flat),
        nn.Unflatten(1, (second, 7, 7)),
        nn.ConvTranspose2d(second, first, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(first),
        nn.ReLU(),
        nn.ConvTranspose2d(first, 1, 4, stride=2, padding=1),
        nn.Sigmoid(),
    )
    return Autoencoder(encoder, decoder)


def linear(code: int) -> Autoencoder:
    """One matrix to the code and one back, with biases and nothing else: at its best it is PCA."""
    down = OrderedDict(flat=nn.Flatten(), code=nn.Linear(784, code))
    up = OrderedDict(pixels=nn.Linear(code, 784), picture=nn.Unflatten(1, (1, 28, 28)))
    return Autoencoder(nn.Sequential(down), nn.Sequential(up))
