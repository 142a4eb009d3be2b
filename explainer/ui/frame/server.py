"""What the server does when it starts, when it stops, and when a page fails."""

from __future__ import annotations

import asyncio
import importlib
import logging
import pkgutil
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import streamlit as st

from explainer import device, memory
from explainer.data.torchvision_parts import torchvision_part
from explainer.training.engine import Engine
from explainer.training.pool import Pool
from explainer.ui.frame import background, garbage, menu, studio

_LOG = logging.getLogger(__name__)

WARM_AFTER = 2.0  # seconds: the first page is drawn before torch and the pages are imported, and by the workers torch

APOLOGY = "Something went wrong on this page. Reload it, or choose it in the menu again to start it afresh."


@asynccontextmanager
async def lifespan(
    app: st.App,  # noqa: ARG001  the signature is Streamlit's
    packages: Sequence[ModuleType] = (),
) -> AsyncIterator[dict[str, Any]]:
    """Around the server's life: checks the device, then starts the workers and imports ``packages``, and ends them.

    Raises ValueError, which keeps the server from starting, where EXPLAINER_DEVICE cannot be met, EXPLAINER_WORKERS is
    no number of workers, EXPLAINER_MEMORY none of megabytes, EXPLAINER_AWAY none of minutes, EXPLAINER_POOL no
    address, or the cluster that EXPLAINER_CLUSTER names cannot be joined.
    """
    device.let_threads_sleep()
    memory.bounds()
    studio.away_limit()
    _LOG.info("Networks compute on: %s", device.describe())
    engine = await asyncio.to_thread(studio.pool)  # a cluster may take seconds to answer
    closed = threading.Event()
    warming = asyncio.get_running_loop().call_later(WARM_AFTER, _start_to_warm_up, engine, packages, closed)
    try:
        yield {}
    finally:
        warming.cancel()
        closed.set()
        background.close()
        await asyncio.to_thread(studio.close)


def _start_to_warm_up(engine: Engine, packages: Sequence[ModuleType], closed: threading.Event) -> None:
    if isinstance(engine, Pool):  # others are not of this server, and start by themselves
        engine.start()
    threading.Thread(target=_warm_up, args=[packages, closed], daemon=True, name="warm").start()


def _warm_up(packages: Sequence[ModuleType], closed: threading.Event) -> None:
    """Imports all that the pages will need, sets it aside for good, and then keeps looking for garbage."""
    for package in packages:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    torchvision_part("models")
    garbage.freeze()
    garbage.collect_in_quiet_moments(closed)


def on_script_error(error: Exception) -> bool:
    """Logs which page failed (Streamlit logs the traceback) and shows the visitor one sentence instead of it.

    Returns True: Streamlit shows nothing of its own.
    """
    _LOG.error("%s failed: %s: %s", menu.current() or "The menu", type(error).__name__, error)
    st.error(APOLOGY)
    return True
