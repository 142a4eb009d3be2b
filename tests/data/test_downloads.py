"""Fashion-MNIST and KMNIST through torchvision's real loaders, from a local server with small files."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from torchvision import datasets

from explainer.data import catalogue, downloads, watching
from explainer.data.catalogue import DatasetName, is_available
from explainer.data.digits import DatasetError, download, load
from explainer.data.idx import read_idx

RELATIVES: list[DatasetName] = ["fashion-mnist", "kmnist"]
FILES = [
    *("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    *("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLAINER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "cache"


@dataclass
class Mirror:
    """A folder served over HTTP: what was made in it, and what was asked of it."""

    folder: Path
    address: str
    arrays: list[np.ndarray]
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    folder = tmp_path / "mirror"
    folder.mkdir()
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, _format: str, *args: object) -> None:
            asked.append(str(args[0]))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    arrays = make_files(folder)
    made = Mirror(folder, f"http://127.0.0.1:{server.server_port}/", arrays, asked)
    for loader in (datasets.FashionMNIST, datasets.KMNIST):
        monkeypatch.setattr(loader, "mirrors", [made.address])
        monkeypatch.setattr(loader, "resources", [(name, md5(folder / name)) for name in FILES])
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def make_files(folder: Path) -> list[np.ndarray]:
    rng = np.random.default_rng(7)
    arrays = []
    for name, count in zip(FILES, (30, 30, 20, 20), strict=True):
        shape = (count, 28, 28) if "images" in name else (count,)
        array = rng.integers(0, 256 if "images" in name else 10, shape, dtype=np.uint8)
        header = bytes((0, 0, 8, array.ndim)) + b"".join(size.to_bytes(4, "big") for size in shape)
        (folder / name).write_bytes(gzip.compress(header + array.tobytes()))
        arrays.append(array)
    return arrays


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def left_over(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "datasets").iterdir())


@pytest.mark.parametrize("name", RELATIVES)
def test_what_is_downloaded_is_what_is_loaded(name: DatasetName, mirror: Mirror, cache: Path) -> None:
    assert not is_available(name)
    with pytest.raises(DatasetError, match="is not on this computer yet: download it first"):
        load(name)

    progress: list[float] = []
    download(name, progress.append)

    assert is_available(name)
    assert progress[-1] == 1.0
    assert progress == sorted(progress)
    loaded = load(name)
    found = [loaded.train_images, loaded.train_labels, loaded.test_images, loaded.test_labels]
    for array, expected in zip(found, mirror.arrays, strict=True):
        np.testing.assert_array_equal(array, expected)
    oracle = getattr(datasets, catalogue.TORCHVISION_CLASSES[name])(cache / "datasets", train=False)
    np.testing.assert_array_equal(loaded.test_images, oracle.data.numpy())
    np.testing.assert_array_equal(loaded.test_labels, oracle.targets.numpy())
    assert loaded.class_names == tuple(oracle.classes)
    assert left_over(cache) == [catalogue.TORCHVISION_CLASSES[name]]


def test_what_is_there_is_not_fetched_again(mirror: Mirror) -> None:
    download("kmnist", lambda _share: None)
    before = len(mirror.requests)
    progress: list[float] = []
    download("kmnist", progress.append)
    assert progress == [1.0]
    assert len(mirror.requests) == before > 0


def test_progress_counts_the_bytes_of_the_real_files(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    zipped = sum((mirror.folder / name).stat().st_size for name in FILES)
    monkeypatch.setattr(downloads, "ZIPPED_BYTES", {"kmnist": zipped})
    monkeypatch.setattr(downloads, "UNZIPPED_BYTES", 50 * 28 * 28 + 50 + 2 * 16 + 2 * 8)
    progress: list[float] = []
    download("kmnist", progress.append)
    assert progress[-2:] == [0.99, 1.0]  # everything is there, and then it is in its place


def test_offline_is_a_sentence(mirror: Mirror, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    monkeypatch.setattr(datasets.FashionMNIST, "mirrors", ["http://127.0.0.1:1/"])  # nobody listens there
    with pytest.raises(DatasetError) as caught:
        download("fashion-mnist", lambda _share: None)
    assert str(caught.value) == (
        "Fashion-MNIST could not be downloaded from 127.0.0.1. Is this computer connected to the network? "
        "MNIST needs no download."
    )
    assert not is_available("fashion-mnist")
    assert left_over(cache) == []

    monkeypatch.setattr(datasets.FashionMNIST, "mirrors", [mirror.address])
    download("fashion-mnist", lambda _share: None)  # the failure is not remembered
    assert len(load("fashion-mnist").train_labels) == 30


def test_a_file_with_the_wrong_md5_is_thrown_away(mirror: Mirror, cache: Path) -> None:
    (mirror.folder / FILES[2]).write_bytes(gzip.compress(b"something else"))
    with pytest.raises(DatasetError, match=r"^KMNIST arrived damaged and was thrown away"):
        download("kmnist", lambda _share: None)
    assert not is_available("kmnist")
    assert left_over(cache) == []


def test_a_silent_server_is_given_up(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    answered = threading.Event()
    monkeypatch.setattr(watching, "LONGEST_SILENCE", 0.2)
    monkeypatch.setattr(downloads, "_loader", lambda _name: lambda **_arguments: answered.wait(30))
    with pytest.raises(DatasetError, match=r"^The download of KMNIST has stopped"):
        download("kmnist", lambda _share: None)
    answered.set()
    assert left_over(cache) == []


def test_the_caller_can_give_up(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    answered = threading.Event()
    monkeypatch.setattr(downloads, "_loader", lambda _name: lambda **_arguments: answered.wait(30))

    def leave(_share: float) -> None:
        raise InterruptedError("the visitor left")

    with pytest.raises(InterruptedError, match="the visitor left"):
        download("kmnist", leave)
    answered.set()
    assert left_over(cache) == []


def test_a_cache_that_cannot_be_written_is_a_sentence(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    assert not is_available("kmnist")
    with pytest.raises(DatasetError) as caught:
        download("kmnist", lambda _share: None)
    assert str(caught.value) == (
        f"KMNIST cannot be stored in {cache}: not a directory. Allow the app to write there, or start the app with "
        "EXPLAINER_CACHE set to another folder; on a server, ask whoever runs it."
    )


def test_a_file_of_digits_that_may_not_be_read_is_a_sentence(mirror: Mirror) -> None:
    download("kmnist", lambda _share: None)
    labels = catalogue.files("kmnist")[1]
    labels.unlink()
    labels.mkdir()
    with pytest.raises(DatasetError, match=r"train-labels-idx1-ubyte in .* cannot be read: is a directory\. On a"):
        read_idx(labels, 1)


def test_a_user_without_a_home_has_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXPLAINER_CACHE")
    monkeypatch.setattr(catalogue.os.path, "expanduser", lambda path: path)  # what it does where there is none
    assert catalogue.cache_path() == Path(tempfile.gettempdir()) / "inside-a-cnn"
    assert not is_available("kmnist")


def test_three_at_once_fetch_once(mirror: Mirror) -> None:
    download("fashion-mnist", lambda _share: None)
    asked_by_one = len(mirror.requests)
    threads = [threading.Thread(target=download, args=("kmnist", lambda _share: None)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(load("kmnist").test_labels) == 20
    assert len(mirror.requests) == 2 * asked_by_one


def test_asking_what_is_there_imports_no_torch() -> None:
    program = "import sys; from explainer.data import downloads; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=300).returncode == 0
