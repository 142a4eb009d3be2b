"""Memory that the server takes at most, one page after the other, with SqueezeNet: at most 1.5 GB a page.

Run as ``python -m benchmarks.memory``. Each page is opened on a server of its own, and left open until its memory
has not grown for some seconds; the servers' workers, which train, are not counted. Needs Linux: the peak is the
kernel's own count of what was resident.
"""

import os
import time
from pathlib import Path

from benchmarks.common import browser, note, open_page, report, server

NETWORK = "i_net=squeezenet"
PAGES = {
    "feature maps": "feature_maps",
    "filters": "filters",
    "activation maximization": "maximization",
    "exemplars": "exemplars",
    "attribution": "attribution",
}
MOST = 1.5  # GB
QUIET, PATIENCE = 15.0, 240.0  # seconds without growth, after which a page has done its work; at most


def server_process() -> int:
    """The process of the server that this one has started."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return next(int(child) for child in children if b"streamlit" in Path(f"/proc/{child}/cmdline").read_bytes())


def peak(process: int) -> float:
    """GB that were resident at most, since the process began."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) / 1e6


def settled_peak(process: int) -> float:
    """The peak once it has not grown for ``QUIET`` seconds."""
    begun = grown = time.monotonic()
    highest = peak(process)
    while time.monotonic() - grown < QUIET and time.monotonic() - begun < PATIENCE:
        time.sleep(0.5)
        if (now := peak(process)) > highest:
            highest, grown = now, time.monotonic()
    return highest


def main() -> None:
    with browser() as chromium:
        with server(warm=20) as url:
            page = open_page(chromium, url)
            note(f"welcome page, torch imported: {settled_peak(server_process()):.2f} GB")
            page.context.close()
        for name, path in PAGES.items():
            with server(warm=20) as url:
                page = open_page(chromium, f"{url}/{path}?{NETWORK}")
                report(f"{name} with SqueezeNet, GB", settled_peak(server_process()), MOST, at_most=True)
                page.context.close()


if __name__ == "__main__":
    main()
