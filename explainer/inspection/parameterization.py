"""What a gradient ascent moves: the pixels of a picture, or the waves that it is a sum of, and how they become one.

Fourier coefficients scaled by 1 / frequency and decorrelated colours: C. Olah, A. Mordvintsev, L. Schubert 2017,
"Feature Visualization", Distill, section "Preconditioning and Parameterization".
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explainer.networks.description import Transform

# A square root of the covariance of the colours of ImageNet's photographs: red, green and blue (rows) of the three
# decorrelated directions (columns): about brightness, blue against yellow, green against purple. From Olah et al.
# 2017, as in the code of Lucid that belongs to it, divided by the largest length of a column.
_COVARIANCE_ROOT = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]])
COLORS = _COVARIANCE_ROOT / _COVARIANCE_ROOT.norm(dim=0).max()

WAVE = 1.0  # an amplitude of 1 of the longest wave, in the units of a pixel before it is bounded
_DARKEST = 0.01  # that a mean colour counts as where pixels are bounded: pure black has no way up
NOISE = 0.1  # standard deviation of the pixels of the picture that an ascent starts from, about


@dataclass(frozen=True)
class Parameterization:
    """``fourier``: waves, not pixels. ``decorrelated``: the directions in which colours of photographs vary apart.

    ``bounded``: every pixel stays between black and white, by a sigmoid. Decorrelated colours are those of pictures
    with 3 channels only.
    """

    fourier: bool = True
    decorrelated: bool = True
    bounded: bool = True


class Canvas:
    """Makes pictures of parameters. Pictures are (n, channels, side, side), 0 black and 1 white; 0 parameters are a
    picture of the mean colour, on which a network was trained.
    """

    def __init__(self, how: Parameterization, transform: Transform, side: int, device: torch.device) -> None:
        self.how, self.side, self.channels, self.device = how, side, transform.channels, device
        self.mean, self.std = (
            torch.tensor(numbers, device=device)[:, None, None] for numbers in (transform.mean, transform.std)
        )
        self._colors = COLORS.to(device) if how.decorrelated and self.channels == 3 else None
        self._gains = wave_gains(side).to(device)[..., None]
        self._center = torch.logit(self.mean, eps=_DARKEST) if how.bounded else self.mean

    def start(self, seed: int, count: int) -> Tensor:
        """Parameters of ``count`` pictures that are all alike: the mean colour, and noise drawn with ``seed``."""
        generator = torch.Generator().manual_seed(seed)
        if self.how.fourier:
            noise = torch.randn((1, self.channels, self.side, self.side // 2 + 1, 2), generator=generator)
        else:
            noise = torch.randn((1, self.channels, self.side, self.side), generator=generator)
        noise = noise.to(self.device)
        spread = (self.paint(NOISE * noise) - self.mean).std()
        return (noise * (NOISE * NOISE / spread)).repeat(count, *[1] * (noise.dim() - 1))

    def paint(self, parameters: Tensor) -> Tensor:
        """The pictures (n, channels, side, side)."""
        values = from_waves(parameters * self._gains, self.side) if self.how.fourier else parameters
        if self._colors is not None:
            values = torch.einsum("ij,njhw->nihw", self._colors, values)
        values = values + self._center
        return torch.sigmoid(values) if self.how.bounded else values

    def read(self, pictures: Tensor) -> Tensor:
        """What the network reads of pictures."""
        return (pictures - self.mean) / self.std

    def blurred(self, parameters: Tensor, sigma: float) -> Tensor:
        """Parameters whose pictures are blurred before they are bounded: by a Gaussian of ``sigma`` pixels.

        The picture goes on beyond each edge at the opposite one.
        """
        response = gaussian_response(self.side, sigma).to(self.device)
        if self.how.fourier:
            return parameters * response[..., None]
        blurred: Tensor = torch.fft.irfft2(torch.fft.rfft2(parameters) * response, s=(self.side, self.side))
        return blurred


def frequencies(side: int) -> Tensor:
    """Waves per picture of the coefficients (side, side // 2 + 1) of a real picture's Fourier transform."""
    down, across = torch.fft.fftfreq(side), torch.fft.rfftfreq(side)
    return side * torch.hypot(down[:, None], across[None, :])


def wave_gains(side: int) -> Tensor:
    """What coefficients (side, side // 2 + 1) are multiplied by: ``WAVE`` / frequency; the constant as one wave."""
    return WAVE / frequencies(side).clamp(min=1.0)


def from_waves(coefficients: Tensor, side: int) -> Tensor:
    """Pictures (..., side, side) of coefficients (..., side, side // 2 + 1, 2): amplitudes, not divided by anything."""
    pictures: Tensor = torch.fft.irfft2(torch.view_as_complex(coefficients), s=(side, side), norm="forward")
    return pictures


def to_waves(pictures: Tensor) -> Tensor:
    """The way back from ``from_waves``."""
    return torch.view_as_real(torch.fft.rfft2(pictures, norm="forward"))


def gaussian_response(side: int, sigma: float) -> Tensor:
    """What a blur by a Gaussian of ``sigma`` pixels leaves of each wave (side, side // 2 + 1), 0 to 1."""
    return torch.exp(-2 * (torch.pi * sigma * frequencies(side) / side) ** 2)
