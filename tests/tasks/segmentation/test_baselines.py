"""What is known of the slices without a network: the same as from the parts it is made of."""

from __future__ import annotations

import pytest

from explainer.tasks.segmentation.baselines import baselines
from explainer.tasks.segmentation.config import UNetConfig


def test_clean_slices_in_blocks() -> None:
    known = baselines(UNetConfig(data="brain", seed=7))
    assert known is not None
    assert known.neighbour == pytest.approx(0.451, abs=5e-4) and known.table == pytest.approx(0.945, abs=5e-4)


def test_a_poor_scanner_breaks_the_table_and_scattered_slices_flatter() -> None:
    poor = baselines(UNetConfig(data="brain", scanner="poor"))
    scattered = baselines(UNetConfig(data="brain", scanner="poor", split="random"))
    assert poor is not None and scattered is not None
    assert poor.table == pytest.approx(0.494, abs=0.02) and poor.neighbour == pytest.approx(0.451, abs=5e-4)
    assert scattered.neighbour > poor.neighbour + 0.2 and scattered.table > poor.table


@pytest.mark.parametrize("config", [UNetConfig(), UNetConfig(data="brain", task="denoise")])
def test_others_have_none(config: UNetConfig) -> None:
    assert baselines(config) is None
