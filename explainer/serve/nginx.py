"""The configuration of nginx: one port in front of several servers, each visitor always at the same one."""

from __future__ import annotations

import getpass
import gzip
import os
import resource
import shutil
import socket
import subprocess
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

VISITOR_COOKIE = "inside_a_cnn_visitor"  # as explainer/ui/frame/visitor.py has it; a test compares
SERVER_COOKIE = "inside_a_cnn_server"
PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parents[1]
SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")  # where nginx may be, but no user's PATH
COMPRESSED = {".js", ".css", ".svg", ".json"}
MOST_FILES = 65_536  # open at once; the system's own limit may be lower
OPTIONAL_MODULES = ("fastcgi", "scgi", "uwsgi")  # each wants a folder, where nginx was built with it
BODY_MARGIN = 1  # MB for what stands around an upload


@dataclass(frozen=True)
class Front:
    """What visitors see: ``port`` at ``address`` ("" for all of the computer's), below ``base_path`` ("" or "/cnn")."""

    port: int
    address: str = ""
    base_path: str = ""

    @property
    def url(self) -> str:
        """Where a browser on this computer opens the app."""
        host = self.address or "localhost"
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}{self.base_path}/"


def find_nginx() -> str | None:
    """The path of the program, also where it is not on the user's own path."""
    return shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS]))


def prepare(nginx: str, folder: Path, front: Front, ports: Sequence[int]) -> Path:
    """Writes all that nginx needs into ``folder`` and returns its configuration, for servers at loopback ``ports``."""
    compress_static_files(folder / "static")
    path = folder / "nginx.conf"
    path.write_text(configuration(nginx, folder, front, ports), encoding="utf-8")
    return path


def configuration(nginx: str, folder: Path, front: Front, ports: Sequence[int]) -> str:
    """The text of the configuration."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    numbers = range(1, len(ports) + 1)
    values = {
        "visitor_cookie": VISITOR_COOKIE,
        "server_cookie": SERVER_COOKIE,
        "folder": str(folder),
        "package": str(PACKAGE),
        "user": f"user {getpass.getuser()};" if os.geteuid() == 0 else "",  # else its workers may not enter the folder
        "files": str(max(soft, files)),
        "connections": str(max(soft, files) // 2),
        "other_temporary_paths": "\n    ".join(_temporary_paths(nginx, folder)),
        "any_server": "\n".join(f"        {_server(port)};" for port in ports),
        "chosen": "\n".join(f'        "{number}" server_{number};' for number in numbers),
        "upstreams": "\n".join(_upstream(number, ports) for number in numbers),
        "answered": "\n".join(f'        "~:{port}$" "{number}";' for number, port in zip(numbers, ports, strict=True)),
        "body": str(upload_limit() + BODY_MARGIN),
        "listen": "\n".join(f"        listen {address};" for address in _listen(front)),
        "base": front.base_path,
        "redirect": f"        location = / {{ return 302 {front.base_path}/; }}" if front.base_path else "",
    }
    text = (PACKAGE / "nginx.conf").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def compress_static_files(folder: Path) -> None:
    """Lays Streamlit's static files into ``folder``, each a link, with a compressed copy where that is smaller."""
    source = streamlit_folder() / "static" / "static"
    for path in source.rglob("*"):
        link = folder / path.relative_to(source)
        if path.is_file():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
            if path.suffix in COMPRESSED:
                link.with_name(link.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 6))


def streamlit_folder() -> Path:
    """Where Streamlit is installed; does not import it."""
    found = find_spec("streamlit")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0])


def upload_limit() -> int:
    """Megabytes that Streamlit takes: its option server.maxUploadSize, from the environment or the settings' file."""
    value = os.environ.get("STREAMLIT_SERVER_MAX_UPLOAD_SIZE")
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    return int(value or settings["server"]["maxUploadSize"])


def _server(port: int, kind: str = "") -> str:
    """One that refuses a connection is left alone for two seconds, and others take its visitors."""
    return f"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s{kind}"


def _upstream(number: int, ports: Sequence[int]) -> str:
    own = ports[number - 1]
    lines = [_server(own), *(_server(port, " backup") for port in ports if port != own)]
    return "\n".join([f"    upstream server_{number} {{", *(f"        {line};" for line in lines), "    }"])


def _listen(front: Front) -> list[str]:
    if front.address:
        return [f"[{front.address}]:{front.port}" if ":" in front.address else f"{front.address}:{front.port}"]
    return [f"{front.port}", *([f"[::]:{front.port}"] if _has_ipv6() else [])]


def _has_ipv6() -> bool:
    """Whether this computer has addresses of that kind; a container may know them but have none."""
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def _temporary_paths(nginx: str, folder: Path) -> list[str]:
    built = subprocess.run([nginx, "-V"], stderr=subprocess.PIPE, text=True, check=True).stderr
    modules = [name for name in OPTIONAL_MODULES if f"--without-http_{name}_module" not in built]
    return [f'{name}_temp_path "{folder}/{name}";' for name in modules]
