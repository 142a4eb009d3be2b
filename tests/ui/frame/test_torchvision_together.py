"""Threads that need torchvision for the first time at the same moment all get it whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOGETHER = """
import sys, threading
from explainer.data.downloads import _loader
from explainer.networks import pretrained, zoo
from explainer.ui.frame import server

sys.setswitchinterval(1e-6)
start, problems, closed = threading.Barrier(4), [], threading.Event()
closed.set()

def run(what):
    start.wait()
    try:
        what()
    except BaseException as problem:
        problems.append(repr(problem))

wanted = [
    zoo.squeezenet,
    lambda: pretrained.weights("resnet18"),
    lambda: server._warm_up([], closed),
    lambda: _loader("kmnist"),
]
threads = [threading.Thread(target=run, args=[what]) for what in wanted]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(problems)
"""


def test_torchvision_is_whole_for_all_who_begin_together() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", TOGETHER], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3]
    )
    assert ran.stdout.strip() == "[]", ran.stdout + ran.stderr
