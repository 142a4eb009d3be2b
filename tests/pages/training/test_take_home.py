"""Weights that are brought back while the visitor presses something else."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from explainer.networks.build import build
from explainer.networks.presets import PRESETS
from explainer.networks.weights import to_bytes
from explainer.ui.controls import networks
from explainer.ui.frame import studio
from explainer.ui.frame.studio import Studio
from explainer.ui.frame.uploads import File
from pages.training.train import take_home


class BreaksOff(dict[str, Any]):
    """A session in which something else was pressed: to touch it ends the script."""

    def __setitem__(self, key: str, value: object) -> None:
        raise KeyboardInterrupt


@pytest.mark.parametrize(("module", "load"), [(take_home, "_load"), (networks, "_receive")])
def test_weights_are_kept_though_the_script_is_broken_off(
    module: ModuleType, load: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, config = Studio("me"), PRESETS["fast"]
    data = to_bytes(build(config), config)
    monkeypatch.setattr(module, "st", SimpleNamespace(session_state=BreaksOff()))
    monkeypatch.setattr(module, "take", lambda _key: File("mine.safetensors", data))
    monkeypatch.setattr(module, "studio", lambda: mine)
    monkeypatch.setattr(studio, "_studios", {"me": mine})
    with pytest.raises(KeyboardInterrupt):
        getattr(module, load)()
    assert [run.name for run in mine.runs] == ["mine"]
