"""Sizes, parameters and multiply-accumulates (MACs) of layers, in plain integers.

Sources: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning" (arXiv:1603.07285),
section 2; for "same" padding, TensorFlow's definition, which for stride 1 is PyTorch's too.
"""

from __future__ import annotations


def output_size(size: int, kernel: int, stride: int = 1, padding: tuple[int, int] = (0, 0)) -> int:
    """Positions that a window takes along one axis, at least 0.

    They are floor((size + padding - kernel) / stride) + 1. ``padding`` is (before, after) in pixels.
    """
    room = size + sum(padding) - kernel
    return room // stride + 1 if room >= 0 else 0


def same_padding(size: int, kernel: int, stride: int = 1) -> tuple[int, int]:
    """Padding (before, after) that gives ceil(size / stride) positions.

    Where the total is odd, the extra pixel comes after.
    """
    positions = -(-size // stride)
    total = max((positions - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def convolution_parameters(inputs: int, outputs: int, kernel: int, bias: bool = True) -> int:
    """Weights of a square 2-D convolution: one kernel x kernel x inputs filter an output, plus its bias."""
    return outputs * (inputs * kernel * kernel + bias)


def linear_parameters(inputs: int, outputs: int, bias: bool = True) -> int:
    """Weights of a fully connected layer: one an input and output, plus a bias an output."""
    return outputs * (inputs + bias)


def batch_norm_parameters(channels: int) -> int:
    """Trainable numbers of batch normalization: gamma and beta a channel; running statistics do not count."""
    return 2 * channels


def convolution_macs(inputs: int, outputs: int, kernel: int, out_height: int, out_width: int) -> int:
    """Multiply-accumulates of a square 2-D convolution for one image, biases not counted."""
    return out_height * out_width * outputs * inputs * kernel * kernel
