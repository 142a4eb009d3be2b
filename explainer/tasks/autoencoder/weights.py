"""An autoencoder's weights as a file, and back."""

from __future__ import annotations

from pydantic import TypeAdapter

from explainer.tasks.autoencoder.build import build
from explainer.tasks.autoencoder.config import AutoencoderConfig
from explainer.tasks.run_file import RunFile

FORMAT = "inside-a-cnn-autoencoder 1"
_FILE = RunFile(FORMAT, TypeAdapter(AutoencoderConfig), build)
to_bytes, from_bytes = _FILE.to_bytes, _FILE.from_bytes
