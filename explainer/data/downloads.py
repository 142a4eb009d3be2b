"""Downloads of data sets through torchvision's loaders (addresses, MD5 sums, unpacking)."""

from __future__ import annotations

import http.client
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from explainer.data.arrays import write_arrays
from explainer.data.catalogue import (
    CACHE,
    COLOUR,
    TITLES,
    TORCHVISION_CLASSES,
    DatasetName,
    cache_path,
    files,
    is_available,
    raw_path,
)
from explainer.data.idx import DatasetError
from explainer.data.storage import is_of_storage, is_there, not_stored, size
from explainer.data.torchvision_parts import torchvision_part
from explainer.data.watching import SilenceError, WorkError, run_watched
from explainer.words.book import Said

# Bytes of the files that come, and of those that are made of them: unzipped ones, and arrays.
ZIPPED_BYTES: dict[DatasetName, int] = {"fashion-mnist": 30_878_645, "kmnist": 21_240_902, "cifar-10": 170_498_071}
UNZIPPED_BYTES = 54_950_048
UNPACKED_BYTES = 186_214_114 + 184_380_512  # of CIFAR-10
ARCHIVE = "cifar-10-python.tar.gz"
_FAILURES = (RuntimeError, OSError, EOFError, ValueError, http.client.HTTPException)
_DOWNLOADING = threading.Lock()


def download(name: DatasetName, progress: Callable[[float], None]) -> None:
    """Brings ``name`` to this user's cache folder, whole or not at all; does nothing where it already is.

    ``progress`` is called in the calling thread, several times a second, with the share that is done, 0 to 1,
    never falling; an exception from it gives the download up. Raises DatasetError with a sentence for the
    visitor where the data cannot be reached or stored, arrive damaged or stop coming.
    """
    with _DOWNLOADING:
        if not is_available(name):
            _download(name, progress)
    progress(1.0)


def _download(name: DatasetName, progress: Callable[[float], None]) -> None:
    target = raw_path(name).parent
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=target.parent))
    except OSError as error:
        raise DatasetError(not_stored(TITLES[name], cache_path(), CACHE, error)) from error
    try:
        _fetch(name, folder, progress)
        _move(folder / target.name, target, name)
    except OSError as error:
        if not is_of_storage(error):
            raise
        raise DatasetError(not_stored(TITLES[name], cache_path(), CACHE, error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fetch(name: DatasetName, folder: Path, progress: Callable[[float], None]) -> None:
    """Runs torchvision's loader beside this thread, which watches its folder grow: it reports no progress."""

    def work() -> None:
        if name in COLOUR:
            _unpack(name, folder)
        else:
            _loader(name)(root=folder, train=True, download=True)

    made = UNPACKED_BYTES if name in COLOUR else UNZIPPED_BYTES
    try:
        run_watched(work, lambda: size(folder.rglob("*")), ZIPPED_BYTES[name] + made, progress)
    except SilenceError as error:
        raise DatasetError(Said("datasets.download.stopped", dataset=TITLES[name])) from error
    except WorkError as error:
        if is_of_storage(error.cause):
            raise error.cause from error
        if not isinstance(error.cause, _FAILURES):
            raise
        raise DatasetError(_said(name, error.cause)) from error


def _unpack(name: DatasetName, folder: Path) -> None:
    """Writes the arrays of a data set in colour into ``folder``.

    Its archive is downloaded, unless it was put beside the data sets by hand; torchvision checks the MD5 sums of both
    the archive and what is in it before it reads them.
    """
    given = _archives(name) / ARCHIVE
    if is_there(given):
        shutil.copyfile(given, folder / ARCHIVE)  # a damaged one is downloaded over
    load = _loader(name)
    target = folder / TORCHVISION_CLASSES[name] / "raw"
    target.mkdir(parents=True)
    train, test = load(root=folder, train=True, download=True), load(root=folder, train=False)
    for part, stems in ((train, files(name)[:2]), (test, files(name)[2:])):
        write_arrays(part, *(target / file.name for file in stems))


def _archives(name: DatasetName) -> Path:
    """The folder into which an archive can be put by hand."""
    return raw_path(name).parent.parent


def _loader(name: DatasetName) -> Callable[..., object]:
    """torchvision's class for ``name``; imported here, because torch takes seconds to import."""
    datasets = torchvision_part("datasets")
    loader: Callable[..., object] = getattr(datasets, TORCHVISION_CLASSES[name])
    return loader


def _said(name: DatasetName, error: Exception) -> Said:
    if "corrupted" in str(error) or isinstance(error, EOFError | ValueError):
        return Said("datasets.download.damaged", dataset=TITLES[name])
    loader = _loader(name)
    address = loader.url if name in COLOUR else loader.mirrors[0]  # type: ignore[attr-defined]
    source = {"dataset": TITLES[name], "host": str(urlsplit(address).hostname)}
    if name not in COLOUR:
        return Said("datasets.download.failed", **source)
    return Said("datasets.download.failed_but_by_hand", **source, file=ARCHIVE, folder=str(_archives(name)))


def _move(source: Path, target: Path, name: DatasetName) -> None:
    """Puts the finished folder in its place in one step, so that nobody ever sees half a data set."""
    for archive in (source / "raw").glob("*.gz"):
        archive.unlink()
    if is_available(name):  # another process was faster
        return
    shutil.rmtree(target, ignore_errors=True)
    source.replace(target)
