"""Downloads of Fashion-MNIST and KMNIST through torchvision's loaders (addresses, MD5 sums, unpacking)."""

from __future__ import annotations

import http.client
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from explainer.data.catalogue import CACHE, TITLES, TORCHVISION_CLASSES, DatasetName, cache_path, is_available, raw_path
from explainer.data.idx import DatasetError
from explainer.data.storage import is_of_storage, not_stored, size
from explainer.data.watching import SilenceError, WorkError, run_watched

# Bytes of the four zipped files and, once unzipped, of the four IDX files.
ZIPPED_BYTES: dict[DatasetName, int] = {"fashion-mnist": 30_878_645, "kmnist": 21_240_902}
UNZIPPED_BYTES = 54_950_048
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
        _loader(name)(root=folder, train=True, download=True)

    try:
        run_watched(work, lambda: size(folder.rglob("*")), ZIPPED_BYTES[name] + UNZIPPED_BYTES, progress)
    except SilenceError as error:
        raise DatasetError(f"The download of {TITLES[name]} has stopped: nothing came for a minute.") from error
    except WorkError as error:
        if is_of_storage(error.cause):
            raise error.cause from error
        if not isinstance(error.cause, _FAILURES):
            raise
        raise DatasetError(_sentence(name, error.cause)) from error


def _loader(name: DatasetName) -> Callable[..., object]:
    """torchvision's class for ``name``; imported here, because torch takes seconds to import."""
    from torchvision import datasets  # noqa: PLC0415

    loader: Callable[..., object] = getattr(datasets, TORCHVISION_CLASSES[name])
    return loader


def _sentence(name: DatasetName, error: Exception) -> str:
    if "corrupted" in str(error) or isinstance(error, EOFError | ValueError):
        return f"{TITLES[name]} arrived damaged and was thrown away. Try again: MNIST needs no download."
    host = urlsplit(_loader(name).mirrors[0]).hostname  # type: ignore[attr-defined]
    return (
        f"{TITLES[name]} could not be downloaded from {host}. Is this computer connected to the network? "
        "MNIST needs no download."
    )


def _move(source: Path, target: Path, name: DatasetName) -> None:
    """Puts the finished folder in its place in one step, so that nobody ever sees half a data set."""
    for archive in (source / "raw").glob("*.gz"):
        archive.unlink()
    if is_available(name):  # another process was faster
        return
    shutil.rmtree(target, ignore_errors=True)
    source.replace(target)
