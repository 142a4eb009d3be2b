"""Folders that may not be entered, and disks that are full: a sentence that names the folder, and nothing left over."""

from __future__ import annotations

import errno
import gzip
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from explainer.data.storage import is_of_storage, is_there, not_stored, size

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="users and limits are those of POSIX")
NETWORK = "squeezenet1_1"

# What a server without the right to enter ``folder`` finds there.
CLOSED = """
import json, os, sys
from pathlib import Path
import torch.hub
from explainer.data.digits import DatasetError, download, is_available, load
from explainer.networks import pretrained, zoo
folder = Path(sys.argv[1])
os.environ.update(EXPLAINER_CACHE=str(folder / "digits"), TORCH_HOME=str(folder / "torch"))
pretrained.weights("squeezenet1_1")
folder.chmod(0)
def said(work):
    try:
        return work()
    except (DatasetError, pretrained.PretrainedError) as error:
        return str(error)
told = lambda share: None
print(json.dumps([
    is_available("fashion-mnist"), said(lambda: load("fashion-mnist")), said(lambda: download("fashion-mnist", told)),
    pretrained.is_fetched("squeezenet1_1"), said(lambda: zoo.load("squeezenet1_1")),
    said(lambda: pretrained.fetch("squeezenet1_1", told)),
]))
"""

# What it finds on a disk where a file may have but 100,000 bytes.
FULL = """
import json, os, resource, sys
from pathlib import Path
import torch.hub
from torchvision import datasets
from explainer.data.digits import DatasetError, download
from explainer.networks import pretrained
folder, address = Path(sys.argv[1]), sys.argv[2]
os.environ.update(EXPLAINER_CACHE=str(folder / "digits"), TORCH_HOME=str(folder / "torch"), no_proxy="127.0.0.1")
datasets.KMNIST.mirrors = [address]
entry = pretrained.weights("squeezenet1_1")
type(entry).url = property(lambda each: address + "squeezenet1_1-b8a52dc0.pth")
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
def said(work):
    try:
        return work()
    except (DatasetError, pretrained.PretrainedError) as error:
        return str(error)
told = lambda share: None
print(json.dumps([said(lambda: download("kmnist", told)), said(lambda: pretrained.fetch("squeezenet1_1", told))]))
"""


def _child(program: str, *arguments: str) -> list[Any]:
    """What the program prints last."""
    command = [*_as_plain_user(), sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=250)
    found: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _as_plain_user() -> list[str]:
    """Root may enter every folder: without two of its rights it is a user like others."""
    if os.getuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("setpriv of util-linux takes rights from root")
    rights = "-dac_override,-dac_read_search"
    return [setpriv, f"--inh-caps={rights}", f"--bounding-set={rights}"]


def test_a_folder_that_may_not_be_entered_holds_nothing_and_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    tmp_path.chmod(0o755)
    try:
        found = _child(CLOSED, str(folder))
    finally:
        folder.chmod(0o755)
    has_digits, loading, downloading, has_network, building, fetching = found
    assert (has_digits, has_network) == (False, False)
    assert loading == "Fashion-MNIST is not on this computer yet: download it first."
    assert building == "The weights of SqueezeNet 1.1 are not on this computer yet: download them first."
    remedy = "permission denied. Allow the app to write there, or start the app with {} set to another folder; on a "
    assert downloading.startswith(
        f"Fashion-MNIST cannot be stored in {folder / 'digits'}: {remedy.format('EXPLAINER_CACHE')}"
    )
    checkpoints = folder / "torch" / "hub" / "checkpoints"
    assert fetching.startswith(
        f"The network SqueezeNet 1.1 cannot be stored in {checkpoints}: {remedy.format('TORCH_HOME')}"
    )


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server of files that are larger than what may be stored."""
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(bytes(100), 0) + bytes(300_000))
    (mirror / "squeezenet1_1-b8a52dc0.pth").write_bytes(bytes(300_000))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(mirror)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_disk_that_is_full_in_mid_download_is_no_fault_of_the_network(tmp_path: Path, address: str) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    digits, network = _child(FULL, str(folder), address)
    assert digits.startswith(
        f"KMNIST cannot be stored in {folder / 'digits'}: file too large. Make room there, or start"
    )
    checkpoints = folder / "torch" / "hub" / "checkpoints"
    assert network.startswith(
        f"The network SqueezeNet 1.1 cannot be stored in {checkpoints}: file too large. Make room"
    )
    assert not [file for file in folder.rglob("*") if file.is_file()]  # no part of them either


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), True),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EROFS, "Read-only file system"), True),
        (URLError(PermissionError(errno.EACCES, "a firewall")), False),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), False),
        (ssl.SSLError(1, "certificate verify failed"), False),
        (socket.gaierror(-3, "Temporary failure in name resolution"), False),
        (RuntimeError("Error downloading"), False),
    ],
)
def test_storage_and_network_are_told_apart(error: Exception, expected: bool) -> None:
    assert is_of_storage(error) is expected


def test_below_a_file_there_is_nothing(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(3))
    assert is_there(file) and not is_there(file / "below") and not is_there(tmp_path / ("x" * 300))
    assert size([file, file / "below", tmp_path]) == 3


def test_the_sentence_says_what_to_change() -> None:
    full = not_stored("X", Path("/there"), "V", OSError(errno.ENOSPC, "No space left on device"))
    assert full == (
        "X cannot be stored in /there: no space left on device. Make room there, or start the app with V set to "
        "another folder; on a server, ask whoever runs it."
    )
