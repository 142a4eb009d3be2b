"""What the environment says about a cluster, and the sentences where it cannot be had."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from explainer import device
from explainer.training import cluster_settings, process
from explainer.training.chosen_engine import chosen_engine
from explainer.training.cluster_settings import (
    CPUS_VARIABLE,
    GPUS_VARIABLE,
    VARIABLE,
    ClusterSettings,
    actor_options,
    connect,
    places,
    settings,
)
from explainer.training.pool import Pool

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = dict(os.environ)
    for name in (VARIABLE, CPUS_VARIABLE, GPUS_VARIABLE, process.SIZE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    yield
    for name in set(os.environ) - set(before):
        del os.environ[name]


def test_without_the_variable_runs_train_on_this_computer() -> None:
    assert settings() is None
    assert isinstance(chosen_engine(), Pool)


@pytest.mark.parametrize("address", ["auto", "local", "10.0.0.1:6379", "head.example.org:6379", "[fd00::1]:6379"])
def test_addresses(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f" {address} ")
    assert settings() == ClusterSettings(address)


def test_all_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ((VARIABLE, "auto"), (CPUS_VARIABLE, "2"), (GPUS_VARIABLE, "0.5"), (process.SIZE_VARIABLE, "9")):
        monkeypatch.setenv(name, value)
    assert settings() == ClusterSettings("auto", cpus=2, gpus=0.5, places=9)


@pytest.mark.parametrize(
    "variable, value",
    [
        (VARIABLE, "ray://head:10001"),
        (VARIABLE, "yes"),
        (VARIABLE, "head:"),
        (CPUS_VARIABLE, "0"),
        (CPUS_VARIABLE, "1.5"),
        (CPUS_VARIABLE, "two"),
        (GPUS_VARIABLE, "1.5"),
        (GPUS_VARIABLE, "-1"),
        (process.SIZE_VARIABLE, "0"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "auto")
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValueError, match=f"^{variable} is .*; set it to ") as caught:
        chosen_engine()
    assert "\n" not in str(caught.value)


def test_places_are_what_the_scarcest_resource_allows() -> None:
    plenty = {"CPU": 64.0, "memory": 1e12, "GPU": 4.0}
    assert places(ClusterSettings("auto"), {"CPU": 64.0, "memory": 1e12}) == 64
    assert places(ClusterSettings("auto", cpus=3), {"CPU": 64.0, "memory": 1e12}) == 21
    assert places(ClusterSettings("auto"), {"CPU": 64.0, "memory": 7.5e9}) == 10
    assert places(ClusterSettings("auto"), plenty) == 16  # a quarter of a GPU each
    assert places(ClusterSettings("auto", gpus=1.0), plenty) == 4
    assert places(ClusterSettings("auto", gpus=0.0), plenty) == 64
    assert places(ClusterSettings("auto", places=5), plenty) == 5
    assert places(ClusterSettings("auto"), {}) == 1  # a cluster may start its first node when it is asked


def test_a_run_takes_its_share_and_computes_where_it_has_one() -> None:
    cpu, gpu = actor_options(ClusterSettings("auto"), 0.0), actor_options(ClusterSettings("auto", cpus=4), 8.0)
    assert (cpu["num_cpus"], cpu["num_gpus"], gpu["num_cpus"], gpu["num_gpus"]) == (1, 0.0, 4, 0.25)
    variables = [options["runtime_env"]["env_vars"] for options in (cpu, gpu)]  # type: ignore[index]
    assert [each[device.VARIABLE] for each in variables] == ["cpu", ""]
    assert all(each["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT) for each in variables)
    assert all(process.ENVIRONMENT.items() <= each.items() for each in variables)


def test_ray_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ValueError, match=r'^EXPLAINER_CLUSTER needs Ray, .*: pip install -e "\.\[cluster\]"$'):
        connect(ClusterSettings("auto"))


def test_an_address_where_nothing_listens_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray", reason='needs Ray: pip install -e ".[cluster]"')
    with socket.socket() as bound:  # bound and not listening: refused
        bound.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{bound.getsockname()[1]}"
        with pytest.raises(ValueError, match=f"^EXPLAINER_CLUSTER is '{address}', but no cluster answers there: Conn"):
            connect(ClusterSettings(address))


def test_neither_torch_nor_ray_is_imported_before_it_is_asked_for() -> None:
    code = "import sys, explainer.training.chosen_engine; print({'torch', 'ray'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_cluster_of_this_computer_has_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"RAY_USAGE_STATS_ENABLED": "1"})
    cluster_settings.ray_environment(local=False)
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "1"  # a person's choice stays
    assert "RAY_AUTH_TOKEN" not in os.environ
    cluster_settings.ray_environment(local=True)
    assert os.environ["RAY_AUTH_MODE"] == "token"
    assert len(os.environ["RAY_AUTH_TOKEN"]) == 64
