"""The code of the page, executed: gradients and shares before training, and what is right without a block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from shipped_mnist import Shipped

from explainer.networks.build import MEAN, STD
from explainer.networks.config import Skips
from explainer.training import residual_code as code
from explainer.training.residual import measure, run_config, take_out, untrained


@pytest.mark.parametrize("batch_norm", [True, False])
@pytest.mark.parametrize("skips", ["plain", "residual", "pre-activation"])
def test_it_gives_what_the_page_shows(skips: Skips, batch_norm: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torchvision.datasets.MNIST", Shipped)
    config = run_config(8, skips, batch_norm=batch_norm, rate=0.1, seed=2)
    names: dict[str, Any] = {}
    exec(code.residual_code(config), names)
    measured = measure(untrained(config))
    np.testing.assert_allclose(names["gradients"], measured.gradients, rtol=1e-4)
    np.testing.assert_allclose(names["shares"], [block.share for block in measured.blocks], rtol=1e-5)
    ours = untrained(config)
    state = names["network"].state_dict().values()
    ours.load_state_dict(dict(zip(ours.state_dict(), state, strict=True)))
    counted = [each for each in take_out(ours) if each is not None][-1]
    assert [names["right_without"](number) for number in (1, 2, 3)] == list(counted.without)


def test_its_lines_fit_and_its_pixels_are_normalized_as_ours() -> None:
    for skips in ("plain", "pre-activation"):
        text = code.residual_code(run_config(32, skips, batch_norm=True, rate=0.1, seed=0))  # type: ignore[arg-type]
        assert max(map(len, text.splitlines())) <= 100
    assert (code.MEAN, code.STD) == (MEAN, STD)
