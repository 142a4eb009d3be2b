"""Parts of pictures drawn larger or smaller into other pictures, many at once."""

from __future__ import annotations

import torch
from torch import Tensor


def weights(first: Tensor, extent: Tensor, part: tuple[Tensor, Tensor], side: int, source: int) -> Tensor:
    """What each of ``source`` pixels gives to each of ``side``, along one direction: (n, side, source).

    ``part`` is where a picture is cut from, its first pixel (n,) and how many (n,); it fills ``extent`` (n,) whole
    pixels from ``first`` (n,) on, and weighs nothing outside of them. Bilinear, with a wider triangle where the part is
    made smaller, as ``torch.nn.functional.interpolate`` does with ``antialias=True``.
    """
    start, length = (each[:, None, None].float() for each in part)
    first, extent = first[:, None, None].float(), extent[:, None, None].float()
    place, pixel = torch.arange(side)[None, :, None], torch.arange(source)[None, None, :]
    step = length / extent.clamp(min=1)  # source pixels for one pixel drawn
    centre = start + (place + 0.5 - first) * step - 0.5
    # In place: most of the time goes into these (n, side, source)
    triangle = (centre - pixel).abs_().div_(step.clamp(min=1)).neg_().add_(1).clamp_(min=0)
    made = triangle.mul_(((pixel >= start) & (pixel < start + length)).float())
    is_inside = ((place >= first) & (place < first + extent)).float()
    return made.mul_(is_inside / made.sum(dim=2, keepdim=True).clamp(min=1e-9))


def drawn(pictures: Tensor, boxes: Tensor, parts: Tensor, side: int) -> Tensor:
    """``parts`` (n, 4) of ``pictures`` (n, channels, rows, columns) in ``boxes`` (n, 4), and zeros outside of them.

    Both are left, top, right, bottom in whole pixels. The result is (n, channels, side, side). Fastest for pictures
    that lie in memory row by row, in each row channel by channel: then nothing is copied.
    """
    (left, top, right, bottom), (x, y, end_x, end_y) = boxes.unbind(1), parts.unbind(1)
    channels, rows, columns = pictures.shape[1:]
    down = weights(top, bottom - top, (y, end_y - y), side, rows)
    across = weights(left, right - left, (x, end_x - x), side, columns)
    made = (down @ pictures.transpose(1, 2).flatten(2)).view(len(pictures), side * channels, columns)
    return (made @ across.transpose(1, 2)).view(len(pictures), side, channels, side).transpose(1, 2)
