"""What is written for nginx, and how the command line and a computer without nginx are answered."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import streamlit as st

from explainer import memory
from explainer.serve import __main__ as command
from explainer.serve import launcher, nginx
from explainer.serve.launcher import NO_NGINX, CannotStartError, serve, shared_environment
from explainer.serve.nginx import Front
from explainer.training.process import SERVERS_VARIABLE
from explainer.training.shared_messages import KEY_VARIABLE, meeting_place
from explainer.ui.frame import visitor


def version_of(folder: Path, arguments: str) -> str:
    """A program that says what nginx says of itself."""
    program = folder / "nginx"
    program.write_text(f"#!/bin/sh\necho 'configure arguments: {arguments}' >&2\n")
    program.chmod(0o755)
    return str(program)


def written(folder: Path, front: Front, ports: list[int], arguments: str = "") -> str:
    return nginx.configuration(version_of(folder, arguments), folder, front, ports)


def test_nothing_is_left_to_fill_in(tmp_path: Path) -> None:
    text = written(tmp_path, Front(8501, base_path="/cnn"), [8503, 8504])
    without_comments = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert "@" not in without_comments.replace("@app", "")


def test_each_server_is_the_first_for_its_own_visitors_and_the_others_stand_in(tmp_path: Path) -> None:
    text = written(tmp_path, Front(8501), [8503, 8504, 8505])
    second = text.partition("upstream server_2 {")[2].partition("}")[0].split(";")
    assert [line.strip() for line in second if line.strip()] == [
        "server 127.0.0.1:8504 max_fails=1 fail_timeout=2s",
        "server 127.0.0.1:8503 max_fails=1 fail_timeout=2s backup",
        "server 127.0.0.1:8505 max_fails=1 fail_timeout=2s backup",
    ]
    assert '"2" server_2;' in text
    assert '"~:8504$" "2";' in text


@pytest.mark.parametrize(
    ("front", "line", "url"),
    [
        (Front(8501, "127.0.0.1"), "listen 127.0.0.1:8501;", "http://127.0.0.1:8501/"),
        (Front(8501, "::1", "/a/b"), "listen [::1]:8501;", "http://[::1]:8501/a/b/"),
        (Front(8501), "listen 8501;", "http://localhost:8501/"),
    ],
)
def test_where_it_listens(front: Front, line: str, url: str, tmp_path: Path) -> None:
    assert line in written(tmp_path, front, [8503])
    assert front.url == url


def test_parts_that_nginx_was_built_without_are_not_named(tmp_path: Path) -> None:
    text = written(tmp_path, Front(8501), [8503], "--without-http_scgi_module --without-http_uwsgi_module")
    assert "scgi_temp_path" not in text.replace("fastcgi_temp_path", "")
    assert "uwsgi_temp_path" not in text
    assert f'fastcgi_temp_path "{tmp_path}/fastcgi";' in text


def test_uploads_may_be_as_large_as_streamlit_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert nginx.upload_limit() == st.get_option("server.maxUploadSize")
    monkeypatch.setenv("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "77")
    assert "client_max_body_size 78m;" in written(tmp_path, Front(8501), [8503])


def test_the_visitors_cookie_is_the_apps(tmp_path: Path) -> None:
    assert nginx.VISITOR_COOKIE == visitor.COOKIE
    assert f"map $cookie_{visitor.COOKIE} $visitor" in written(tmp_path, Front(8501), [8503])


def test_static_files_are_links_with_a_compressed_copy(tmp_path: Path) -> None:
    nginx.compress_static_files(tmp_path / "static")
    source = Path(st.__file__).parent / "static" / "static"
    files = [path.relative_to(source) for path in source.rglob("*") if path.is_file()]
    assert len(files) > 100
    for path in files:
        assert (tmp_path / "static" / path).resolve() == (source / path).resolve()
    some = next(path for path in files if path.suffix == ".js")
    compressed = tmp_path / "static" / some.with_name(some.name + ".gz")
    assert gzip.decompress(compressed.read_bytes()) == (source / some).read_bytes()
    assert not list((tmp_path / "static").rglob("*.woff2.gz"))


def test_without_nginx_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(nginx, "SYSTEM_FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotStartError) as raised:
        serve(Front(8501), 2, threading.Event())
    assert str(raised.value) == NO_NGINX


def test_nginx_is_found_where_no_users_path_leads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = version_of(tmp_path, "")
    monkeypatch.setattr(nginx, "SYSTEM_FOLDERS", (str(tmp_path),))
    monkeypatch.setenv("PATH", "/nowhere")
    assert nginx.find_nginx() == program


def test_servers_share_a_secret_a_pool_and_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STREAMLIT_SERVER_COOKIE_SECRET", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(launcher, "cores", lambda: 8)
    environment = shared_environment(8502, 3)
    assert environment["OMP_NUM_THREADS"] == "2"
    assert len(environment["STREAMLIT_SERVER_COOKIE_SECRET"]) == 64
    assert environment[KEY_VARIABLE] != shared_environment(8502, 3)[KEY_VARIABLE]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert meeting_place() == (("127.0.0.1", 8502), bytes.fromhex(environment[KEY_VARIABLE]))
    again = shared_environment(8502, 3)
    assert not set(again) & {"STREAMLIT_SERVER_COOKIE_SECRET", "OMP_NUM_THREADS"}  # what is set already stays


def test_servers_share_the_memory_for_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(memory.VARIABLE, "600")
    assert shared_environment(8502, 2)[memory.VARIABLE] == "300"
    assert shared_environment(8502, 32)[memory.VARIABLE] == str(memory.LEAST)
    assert shared_environment(8502, 2)[SERVERS_VARIABLE] == "2"
    monkeypatch.setenv(memory.VARIABLE, "much")
    with pytest.raises(ValueError, match="EXPLAINER_MEMORY is 'much'"):
        shared_environment(8502, 2)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--servers", "0"], "'0' is no number from 1 to 32"),
        (["--port", "99999"], "'99999' is no port: give a number from 1 to 65535"),
        (["--address", "localhost;"], "'localhost;' is no IP address, such as 127.0.0.1"),
        (["--base-path", "a b"], "'a b' is no path: letters, digits"),
        (["--base-path", '/x";}'], "is no path"),
    ],
)
def test_what_cannot_be_meant_gets_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        command._options(arguments)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_the_number_of_servers_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(SERVERS_VARIABLE, " 3 ")
    assert command._options(["--base-path", "/cnn/"]).servers == 3
    assert command._options(["--servers", "2", "--base-path", "/cnn/"]).base_path == "/cnn"
    monkeypatch.setenv(SERVERS_VARIABLE, "many")
    with pytest.raises(SystemExit):
        command._options([])
    assert "'many' is no number from 1 to 32" in capsys.readouterr().err


def test_the_launcher_knows_no_streamlit() -> None:
    path = os.pathsep.join(filter(None, sys.path))
    program = (
        "import sys, explainer.serve.__main__; raise SystemExit('streamlit' in sys.modules or 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": path}, check=False)
    assert done.returncode == 0
