"""The U-Net and the fully convolutional network: an encoder, and two ways back to the size of the picture.

O. Ronneberger, P. Fischer, T. Brox 2015, arXiv:1505.04597; J. Long, E. Shelhamer, T. Darrell 2015, arXiv:1411.4038;
unpooling: V. Badrinarayanan, A. Kendall, R. Cipolla 2017, arXiv:1511.00561.
"""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional

STAGES = ("down1", "down2", "down3", "down4")  # of an encoder
COARSEST = 16  # pixels of the picture, along a side, for one of the coarsest map


def block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """A convolution of 3 x 3, batch normalization, ReLU."""
    layers = OrderedDict[str, nn.Module]()
    layers["convolution"] = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
    layers["norm"] = nn.BatchNorm2d(outputs)
    layers["activation"] = nn.ReLU()
    return nn.Sequential(layers)


def padded(pictures: Tensor) -> Tensor:
    """Pictures (n, channels, h, w), their last rows and columns repeated until both sides can be halved four times."""
    height, width = pictures.shape[2:]
    if height % COARSEST == 0 and width % COARSEST == 0:
        return pictures
    return functional.pad(pictures, (0, -width % COARSEST, 0, -height % COARSEST), mode="replicate")


def enlarged(maps: Tensor, times: int) -> Tensor:
    """Maps (n, channels, h, w), ``times`` times as large on both sides, bilinearly."""
    return functional.interpolate(maps, scale_factor=float(times), mode="bilinear", align_corners=False)


class Encoder(nn.Module):
    """Four levels of maps, each half as large as the last; the first of half the picture's size.

    ``width`` sets the number of maps. The third level, of which a digit covers a few pixels, has three convolutions:
    that is where its class is found. Where it ``pools``, a level is halved by maximum and remembers where each was,
    else by a stride of 2.
    """

    def __init__(self, inputs: int, width: int, pools: bool) -> None:
        super().__init__()
        stride, self.pools = 1 if pools else 2, pools
        self.down1 = block(4 * inputs, 3 * width)  # four neighbours are four channels
        self.down2 = block(3 * width, 5 * width, stride)
        first = block(5 * width, 6 * width, stride)
        self.down3 = nn.Sequential(first, block(6 * width, 6 * width), block(6 * width, 6 * width))
        self.down4 = block(6 * width, 7 * width, stride)

    def encoded(self, pictures: Tensor) -> tuple[list[Tensor], list[Tensor | None]]:
        """The maps of the ``STAGES``, and of the first three where their maxima were (None without pooling)."""
        maps = [self.down1(functional.pixel_unshuffle(pictures, 2))]
        places: list[Tensor | None] = []
        for down in (self.down2, self.down3, self.down4):
            values, place = maps[-1], None
            if self.pools:
                values, place = functional.max_pool2d(values, 2, return_indices=True)
            maps.append(down(values))
            places.append(place)
        return maps, places

    def named(self, pictures: Tensor) -> dict[str, Tensor]:
        """Every stage's maps in the order of their making, the last of them "scores", as large as the pictures."""
        raise NotImplementedError

    def forward(self, pictures: Tensor) -> Tensor:
        """Scores (n, outputs, h, w) of pictures (n, inputs, h, w), of any size."""
        return self.named(pictures)["scores"]


class Up(nn.Module):
    """Deep maps twice as large, added to a skip's, and a convolution on both together.

    Two convolutions of 1 x 1 added are one on the concatenated maps; the deep one comes before enlarging, where it has
    a quarter of the work and gives the same. ``level`` is the number of maps that were pooled here.
    """

    def __init__(self, inputs: int, level: int, outputs: int, decoder: str) -> None:
        super().__init__()
        self.decoder = decoder
        if decoder == "transposed":
            self.deep: nn.Module = nn.ConvTranspose2d(inputs, outputs, 2, 2, bias=False)
        else:
            self.deep = nn.Conv2d(inputs, level if decoder == "unpooling" else outputs, 1, bias=False)
        self.unpooled = nn.Conv2d(level, outputs, 1, bias=False) if decoder == "unpooling" else nn.Identity()
        self.norm = nn.BatchNorm2d(outputs)
        self.mix = block(outputs, outputs)

    def forward(self, deep: Tensor, skip: Tensor | None, place: Tensor | None) -> Tensor:
        """Maps (n, outputs, 2 h, 2 w) of ``deep`` (n, inputs, h, w)."""
        values = self.deep(deep)
        if self.decoder == "bilinear":
            values = enlarged(values, 2)
        elif place is not None:
            values = self.unpooled(functional.max_unpool2d(values, place, [2, 2]))
        values = values if skip is None else values + skip
        made: Tensor = self.mix(functional.relu(self.norm(values)))
        return made


class UNet(Encoder):
    """An encoder, and a decoder that meets its levels again through those of the ``skips`` that are there.

    With ``votes`` coarser levels give scores too, enlarged and added, as those of the FCN's streams.
    """

    def __init__(
        self, inputs: int, outputs: int, *, width: int, skips: tuple[bool, bool, bool], decoder: str, votes: bool
    ) -> None:
        super().__init__(inputs, width, pools=decoder == "unpooling")
        self.skip1 = nn.Conv2d(3 * width, 2 * width, 1, bias=False) if skips[0] else None
        self.skip2 = nn.Conv2d(5 * width, 3 * width, 1, bias=False) if skips[1] else None
        self.skip3 = nn.Conv2d(6 * width, 4 * width, 1, bias=False) if skips[2] else None
        self.up3 = Up(7 * width, 6 * width, 4 * width, decoder)
        self.up2 = Up(4 * width, 5 * width, 3 * width, decoder)
        self.up1 = Up(3 * width, 3 * width, 2 * width, decoder)
        self.vote3 = nn.Conv2d(4 * width, outputs, 1) if votes else None
        self.vote2 = nn.Conv2d(3 * width, outputs, 1) if votes else None
        self.head = nn.Conv2d(2 * width, 4 * outputs, 1)  # four channels are four neighbours

    def named(self, pictures: Tensor) -> dict[str, Tensor]:
        """Every stage's maps in the order of their making, the last of them "scores", as large as the pictures."""
        maps, places = self.encoded(padded(pictures))
        made = dict(zip(STAGES, maps, strict=True))
        values, votes = maps[-1], None
        for level, skip, up, vote in (
            (3, self.skip3, self.up3, self.vote3),
            (2, self.skip2, self.up2, self.vote2),
            (1, self.skip1, self.up1, None),
        ):
            if skip is not None:
                made[f"skip{level}"] = skip(maps[level - 1])
            values = made[f"up{level}"] = up(values, made.get(f"skip{level}"), places[level - 1])
            if vote is not None:
                made[f"vote{level}"] = vote(values)
                votes = made[f"vote{level}"] if votes is None else enlarged(votes, 2) + made[f"vote{level}"]
        scores = made["head"] = functional.pixel_shuffle(self.head(values), 2)
        scores = scores if votes is None else scores + enlarged(votes, 4)
        made["scores"] = scores[:, :, : pictures.shape[2], : pictures.shape[3]]
        return made


class FCN(Encoder):
    """An encoder, scores at its coarsest level, and one enlargement by 16: no skips.

    "transposed": by a kernel of 32 x 32 for each output, which begins as the bilinear one and is learned.
    """

    def __init__(self, inputs: int, outputs: int, *, width: int, decoder: str) -> None:
        super().__init__(inputs, width, pools=False)
        self.head = nn.Conv2d(7 * width, outputs, 1)
        self.up = None
        if decoder == "transposed":
            self.up = nn.ConvTranspose2d(outputs, outputs, 32, 16, padding=8, groups=outputs, bias=False)
        self.begin()

    @torch.no_grad()
    def begin(self) -> None:
        """The enlargement's kernels become bilinear."""
        if self.up is not None:
            line = 1 - (torch.arange(32) - 15.5).abs() / 16
            self.up.weight.copy_((line[:, None] * line).expand_as(self.up.weight))

    def named(self, pictures: Tensor) -> dict[str, Tensor]:
        """Every stage's maps in the order of their making, the last of them "scores", as large as the pictures."""
        maps, _ = self.encoded(padded(pictures))
        made = dict(zip(STAGES, maps, strict=True))
        coarse = made["head"] = self.head(maps[-1])
        scores = enlarged(coarse, COARSEST) if self.up is None else self.up(coarse)
        made["scores"] = scores[:, :, : pictures.shape[2], : pictures.shape[3]]
        return made
