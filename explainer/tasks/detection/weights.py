"""A detector's weights as a file, and back."""

from __future__ import annotations

from pydantic import TypeAdapter

from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.detection.network import build
from explainer.tasks.run_file import RunFile

FORMAT = "inside-a-cnn-detector 1"
_FILE = RunFile(FORMAT, TypeAdapter(DetectionConfig), build)
to_bytes, from_bytes = _FILE.to_bytes, _FILE.from_bytes
