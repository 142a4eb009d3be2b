from __future__ import annotations

import numpy as np

from explainer.data import forward_pass
from explainer.networks.sums import convolution_sums


def test_with_relu_they_are_the_recorded_maps() -> None:
    parts = {part.name: part.values for part in forward_pass.load().parts}
    for number, sums in enumerate(convolution_sums(), 1):
        recorded = parts[f"convolution_{number}"]  # in half precision
        assert sums.shape == recorded.shape
        np.testing.assert_allclose(np.maximum(sums, 0), recorded, rtol=1e-3, atol=1e-4)
        assert (sums < 0).any() and not sums.flags.writeable
