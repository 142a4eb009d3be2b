"""Random network configurations for hypothesis: all choices of the builder, possible or not."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from explainer.networks.config import ActivationName, Block, NetworkConfig, Pool, PoolKind, Skips

pools = st.builds(Pool, st.sampled_from(get_args(PoolKind)), st.integers(1, 4), st.integers(1, 3))

blocks = st.builds(
    Block,
    channels=st.integers(1, 6),
    kernel=st.integers(1, 7),
    stride=st.integers(1, 3),
    padding=st.sampled_from(("same", "valid")),
    pool=st.none() | pools,
    pairs=st.sampled_from((0, 0, 1, 2)),
)

configs = st.builds(
    NetworkConfig,
    blocks=st.lists(blocks, max_size=4).map(tuple),
    hidden=st.lists(st.integers(1, 20), max_size=2).map(tuple),
    activation=st.sampled_from(get_args(ActivationName)),
    batch_norm=st.booleans(),
    dropout=st.sampled_from((0.0, 0.25, 0.95)),
    spatial_dropout=st.sampled_from((0.0, 0.5)),
    input_size=st.sampled_from((28, 29, 32)),
    skips=st.sampled_from(get_args(Skips)),
    global_pool=st.booleans(),
)
