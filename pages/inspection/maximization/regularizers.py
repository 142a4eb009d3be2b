"""What can help an ascent to a picture that people can read, each to be switched on and off."""

from __future__ import annotations

from dataclasses import dataclass

FOURIER, COLOR, BOUNDED, JITTER, SCALE, ROTATION, BLUR, L2, VARIATION = (
    *("waves", "colours", "bounded", "jitter", "scale", "rotation"),
    *("blur", "l2", "total-variation"),
)


@dataclass(frozen=True)
class Regularizer:
    """Something that can be switched on by the control ``key``: what it is for, and the control of its strength."""

    title: str
    key: str
    help: str
    strength: str = ""
    is_on: bool = True


REGULARIZERS = {
    FOURIER: Regularizer(
        "Fourier basis",
        "am_waves",
        "Climbs in the waves that the picture is a sum of, its Fourier basis, long ones first, not in its pixels.",
    ),
    COLOR: Regularizer(
        "Colours",
        "am_colours",
        "Climbs along directions in which the colours of photographs vary independently.",
    ),
    BOUNDED: Regularizer(
        "0 to 1",
        "am_bounded",
        "Pixels stay between black and white. Off: they take values that no picture has.",
    ),
    JITTER: Regularizer(
        "Jitter",
        "am_jitters",
        "The picture is shifted at random in each step: it must excite a little aside too.",
        "am_jitter",
    ),
    SCALE: Regularizer(
        "Scale",
        "am_scales",
        "The picture is made larger or smaller at random in each step.",
        "am_scale",
    ),
    ROTATION: Regularizer(
        "Rotation",
        "am_rotates",
        "The picture is turned at random in each step.",
        "am_rotation",
    ),
    BLUR: Regularizer(
        "Blur",
        "am_blurs",
        "Fine patterns are wiped away after every fourth step.",
        "am_blur",
        is_on=False,
    ),
    L2: Regularizer(
        "L2",
        "am_l2s",
        "What does not help returns to the mean colour.",
        "am_l2",
    ),
    VARIATION: Regularizer(
        "Total variation",
        "am_tvs",
        "Neighbouring pixels become alike.",
        "am_tv",
        is_on=False,
    ),
}
