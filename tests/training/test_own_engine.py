"""What the process that trains for all servers of a computer trains with."""

from __future__ import annotations

import pytest

from explainer.training import chosen_engine
from explainer.training.cluster_settings import VARIABLE, ClusterSettings, settings
from explainer.training.pool import Pool
from explainer.training.shared_engine import SharedEngine
from explainer.training.shared_messages import ADDRESS_VARIABLE, KEY_VARIABLE


def test_it_does_not_call_itself_and_may_use_the_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    joined: list[ClusterSettings] = []
    monkeypatch.setattr(chosen_engine, "Cluster", lambda wanted: joined.append(wanted) or "the cluster")
    monkeypatch.setenv(ADDRESS_VARIABLE, "127.0.0.1:1")
    monkeypatch.setenv(KEY_VARIABLE, "00")
    monkeypatch.delenv(VARIABLE, raising=False)
    assert isinstance(chosen_engine.own_engine(), Pool)
    monkeypatch.setenv(VARIABLE, "auto")
    assert chosen_engine.own_engine() == "the cluster"
    assert joined == [settings()]
    server = chosen_engine.chosen_engine()  # a server goes to that process all the same
    assert isinstance(server, SharedEngine)
    server.close()
