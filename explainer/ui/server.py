"""What the server does when it starts, when it stops, and when a page fails."""

from __future__ import annotations

import asyncio
import importlib
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from explainer import device
from explainer.training.pool import Pool
from explainer.ui import background, menu, studio

_LOG = logging.getLogger(__name__)

WARM_AFTER = 2.0  # seconds: the first page is drawn before torch and torchvision are imported, and by the workers torch

APOLOGY = "Something went wrong on this page. Reload it, or choose it in the menu again to start it afresh."


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:  # noqa: ARG001  the signature is Streamlit's
    """Around the server's life: checks the device, then starts the workers and imports torchvision, and ends them.

    Raises ValueError, which keeps the server from starting, where EXPLAINER_DEVICE cannot be met or
    EXPLAINER_WORKERS is no number of workers.
    """
    _LOG.info("Networks compute on: %s", device.describe())
    workers = studio.pool()
    warming = asyncio.get_running_loop().call_later(WARM_AFTER, _warm_up, workers)
    try:
        yield {}
    finally:
        warming.cancel()
        background.close()
        await asyncio.to_thread(studio.close)


def _warm_up(workers: Pool) -> None:
    workers.start()
    threading.Thread(target=importlib.import_module, args=["torchvision.models"], daemon=True, name="torch").start()


def on_script_error(error: Exception) -> bool:
    """Logs which page failed (Streamlit logs the traceback) and shows the visitor one sentence instead of it.

    Returns True: Streamlit shows nothing of its own.
    """
    _LOG.error("%s failed: %s: %s", menu.current() or "The menu", type(error).__name__, error)
    st.error(APOLOGY)
    return True
