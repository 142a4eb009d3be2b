"""A segmentation network's weights as a file, and back."""

from __future__ import annotations

from pydantic import TypeAdapter

from explainer.tasks.run_file import RunFile
from explainer.tasks.segmentation.build import build
from explainer.tasks.segmentation.config import UNetConfig

FORMAT = "inside-a-cnn-u-net 1"
_FILE = RunFile(FORMAT, TypeAdapter(UNetConfig), build)
to_bytes, from_bytes = _FILE.to_bytes, _FILE.from_bytes
