"""LeNet-5 as courses teach it.

LeCun et al. 1998, "Gradient-based learning applied to document recognition", section II.B, with three simplifications
that are usual today: C3 reads all maps of S2 (2,416 parameters; in the paper each map reads 3 to 6 of them, 1,516),
S2 and S4 are plain means without a coefficient and a bias a map (0 parameters; 12 and 32 in the paper), and the output
is a fully connected layer (850; in the paper distances to 840 fixed numbers).
"""

from __future__ import annotations

from collections import OrderedDict

from torch import nn


def lenet_5() -> nn.Sequential:
    """In: (n, 1, 32, 32); out: (n, 10)."""
    return nn.Sequential(
        OrderedDict(
            C1=nn.Conv2d(1, 6, 5),
            tanh_C1=nn.Tanh(),
            S2=nn.AvgPool2d(2),
            C3=nn.Conv2d(6, 16, 5),
            tanh_C3=nn.Tanh(),
            S4=nn.AvgPool2d(2),
            C5=nn.Conv2d(16, 120, 5),
            tanh_C5=nn.Tanh(),
            flatten=nn.Flatten(),
            F6=nn.Linear(120, 84),
            tanh_F6=nn.Tanh(),
            Output=nn.Linear(84, 10),
        )
    )
