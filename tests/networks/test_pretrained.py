"""torchvision's own loader: weights that are here are used, and what cannot be fetched gets a sentence."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch
from torchvision import models

from explainer.data import watching
from explainer.networks import pretrained, zoo
from explainer.networks.graph import logits
from explainer.networks.pretrained import PRETRAINED, PretrainedError

SMALL = "squeezenet1_1"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """PyTorch's folder, empty."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    zoo._pretrained.cache.clear()
    yield tmp_path / "hub" / "checkpoints"
    zoo._pretrained.cache.clear()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that a server offers, and from which the weights of the small network are to be had."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    _point_to(f"http://127.0.0.1:{server.server_port}", monkeypatch)
    yield folder
    server.shutdown()
    thread.join()
    server.server_close()


def _point_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = pretrained.weights(SMALL)
    monkeypatch.setattr(type(entry), "url", property(lambda each: f"{address}/{Path(each.value.url).name}"))


def _make(folder: Path, name: str = SMALL) -> tuple[Path, torch.nn.Module]:
    """Weights of a network in ``folder``, under the name that torchvision gives them."""
    torch.manual_seed(0)
    options = {"init_weights": False, "transform_input": True} if name == "inception_v3" else {}
    network = models.get_model(name, weights=None, **options)
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / pretrained.file(name).name
    torch.save(network.state_dict(), made)
    return made, network.eval()


@pytest.mark.parametrize("name", PRETRAINED)
def test_the_figures_are_torchvisions(name: str) -> None:
    entry, stated = pretrained.weights(name), PRETRAINED[name]
    assert stated.parameters == entry.meta["num_params"]
    assert stated.megabytes == entry.meta["_file_size"]
    assert stated.quality == entry.meta["_metrics"]["ImageNet-1K"]["acc@1"]


def test_weights_in_the_cache_folder_are_used(home: Path) -> None:
    assert not pretrained.is_fetched(SMALL)
    _, plain = _make(home)
    assert pretrained.is_fetched(SMALL)
    network = zoo.load(SMALL)
    pictures = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(logits(network, pictures), plain(pictures), rtol=0, atol=0)
    assert network.description.classes[285] == "Egyptian cat"
    assert zoo.load(SMALL) is network


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["inception_v3", "swin_t"])
def test_other_families_are_read_as_torchvision_reads_them(home: Path, name: str) -> None:
    _, plain = _make(home, name)
    network = zoo.load(name)
    size = network.description.transform.size
    pictures = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(logits(network, pictures), plain(pictures), rtol=0, atol=0)


def test_what_is_not_here_gets_a_sentence(home: Path) -> None:
    with pytest.raises(PretrainedError, match="ResNet-18 are not on this computer yet: download them"):
        zoo.load("resnet18")


def test_damaged_weights_get_a_sentence(home: Path) -> None:
    made, _ = _make(home)
    made.write_bytes(made.read_bytes()[:5000])
    with pytest.raises(PretrainedError, match=r"are damaged\. Delete squeezenet1_1"):
        zoo.load(SMALL)


def test_a_download_brings_the_whole_file_and_tells_how_far_it_is(
    home: Path, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = _make(mirror)
    monkeypatch.setattr("torch.hub.HASH_REGEX", _Never())  # the file was made here, and has another sum
    shares: list[float] = []
    pretrained.fetch(SMALL, shares.append)
    assert pretrained.file(SMALL).read_bytes() == made.read_bytes()
    assert shares[-1] == 1
    assert shares == sorted(shares)
    pretrained.fetch(SMALL, shares.append)  # it is here already


class _Never:
    def search(self, _text: str) -> None:
        return None


def test_a_file_with_a_wrong_sum_is_thrown_away(home: Path, mirror: Path) -> None:
    _make(mirror)
    with pytest.raises(PretrainedError, match="arrived damaged and were thrown away"):
        pretrained.fetch(SMALL, lambda _share: None)
    assert not pretrained.is_fetched(SMALL)


def test_offline_is_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _point_to("http://127.0.0.1:1", monkeypatch)  # nobody listens there
    with pytest.raises(PretrainedError, match=r"could not be downloaded from 127\.0\.0\.1\. Is this computer"):
        pretrained.fetch(SMALL, lambda _share: None)
    assert not pretrained.is_fetched(SMALL)


def test_a_silent_server_is_given_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()
    monkeypatch.setattr(watching, "LONGEST_SILENCE", 0.2)
    monkeypatch.setattr(
        type(pretrained.weights(SMALL)), "get_state_dict", lambda *_parts, **_options: answered.wait(30)
    )
    with pytest.raises(PretrainedError, match="nothing came for a minute"):
        pretrained.fetch(SMALL, lambda _share: None)
    answered.set()


def test_half_a_download_is_no_download(home: Path, mirror: Path) -> None:
    made, _ = _make(mirror)
    home.mkdir(parents=True)
    shutil.copy(made, home / f"{made.name}.0123.partial")
    assert not pretrained.is_fetched(SMALL)
