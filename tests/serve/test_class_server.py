"""Two servers behind nginx, as a class meets them: one address, each visitor's own things, and nothing lost when a
server is."""

from __future__ import annotations

import gzip
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from launched import Launched, alive, is_healthy, launched, until
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from tabs import Tab, browser, close_all, visitor_at
from websockets.exceptions import ConnectionClosed

from explainer.serve.nginx import SERVER_COOKIE, VISITOR_COOKIE
from explainer.training.shared_engine import GONE

pytestmark = pytest.mark.servers

SHORT = "preset=first-steps&digits=1000&epochs=2"
LONG = "preset=first-steps&epochs=100"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    with launched(tmp_path_factory.mktemp("serve"), base_path="/cnn") as found:
        yield found


@pytest.fixture(autouse=True)
def tabs_closed() -> Iterator[None]:
    yield
    close_all()


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 20, 30)).save(file, "png")
    return file.getvalue()


def shows_the_picture(tab: Tab) -> bool:
    """Whether the page has got the picture, and the browser the file that the page offers of it."""
    read = any("30 × 40 becomes 28 × 38" in text for text in tab.texts)
    return read and all(tab.client.get(tab.url + path.lstrip("/")).status_code == 200 for path in tab.media)


def stop(tab: Tab) -> None:
    tab.press("stop")
    tab.wait_for_state("stopped")


def test_visitors_come_to_both_servers_and_each_of_them_always_to_the_same(app: Launched) -> None:
    one, other = visitor_at(1, app.url), visitor_at(2, app.url)
    for client, number in ((one, "1"), (other, "2")):
        del client.cookies[SERVER_COOKIE]  # the visitor's own cookie alone leads there again
        for _ in range(3):
            tab = Tab(client, app.url).open("pooling")
            assert tab.server == number
            tab.close()


def test_a_run_trains_and_is_seen_by_its_own_visitor_only_also_after_a_reload(app: Launched) -> None:
    one, other = visitor_at(1, app.url), visitor_at(2, app.url)
    mine, theirs = Tab(one, app.url).open("train", LONG), Tab(other, app.url).open("train", SHORT)
    mine.press("train")
    mine.wait_for_state("running")
    theirs.press("train")
    assert theirs.ask_feed()["state"] == "waiting"  # there is one worker for both servers
    until(lambda: "1 run ahead" in str(theirs.ask_feed()["components"]))
    mine.close()
    reloaded = Tab(one, app.url).open("train", LONG)
    assert reloaded.fed["state"] == "running"
    until(lambda: reloaded.ask_feed()["some"])
    stop(reloaded)
    news = theirs.wait_for_state("finished")
    assert "on 10,000 digits" in str(news["components"])
    assert Tab(other, app.url).open("train", SHORT).texts
    stranger = Tab(browser(), app.url).open("train", SHORT)
    assert not stranger.fed.get("going")
    assert not stranger.fed.get("state")


def test_a_first_page_from_one_server_and_all_the_rest_from_the_other(app: Launched) -> None:
    port, _ = app.server(1)
    for _ in range(50):
        client = browser()
        tab = Tab(client, app.url)
        page = client.get(f"http://127.0.0.1:{port}/cnn/convolution", headers={"accept": "text/html"})
        token = client.cookies[VISITOR_COOKIE]
        assert page.status_code == 200
        tab.open("convolution", "input=upload")
        if tab.server == "2":
            break
    assert client.cookies[VISITOR_COOKIE] == token
    assert tab.server == "2"
    assert tab.upload("right.png", picture()) == 204
    assert shows_the_picture(tab)


def test_a_browser_that_keeps_no_cookies_stays_at_one_server(app: Launched) -> None:
    client = browser()
    tab = Tab(client, app.url).open("convolution", "input=upload")
    tab.close()
    for name in (SERVER_COOKIE, VISITOR_COOKIE):
        client.cookies.delete(name)
    tab.connect()
    tab.run(BackMsg())
    client.cookies.delete(SERVER_COOKIE)
    assert tab.upload("right.png", picture()) == 204
    assert shows_the_picture(tab)


def test_a_deep_link_opens_and_the_bare_address_leads_to_the_app(app: Launched) -> None:
    tab = Tab(browser(), app.url).open("convolution", "input=cross&kernel=sharpen")
    assert "Convolution" in tab.texts
    root = httpx.get(app.url.removesuffix("cnn/"))
    assert (root.status_code, root.headers["location"]) == (302, "/cnn/")
    assert httpx.get(app.url + "train", headers={"accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("path", [r"static/js/index\.[\w-]+\.js", r"static/css/index\.[\w-]+\.css"])
def test_static_files_are_compressed_and_kept(app: Launched, path: str) -> None:
    page = httpx.get(app.url, headers={"accept": "text/html"}).text
    name = re.search(path, page)[0]
    small = httpx.get(app.url + name, headers={"accept-encoding": "gzip"})
    whole = httpx.get(app.url + name, headers={"accept-encoding": "identity"})
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < 0.4 * int(whole.headers["content-length"])
    assert small.content == whole.content
    assert small.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert small.headers["content-type"] == ("text/javascript" if name.endswith("js") else "text/css")
    assert "set-cookie" not in small.headers


def test_plotly_is_compressed_and_kept_and_the_app_answers_what_is_no_static_file(app: Launched) -> None:
    import plotly
    from plotly.offline import get_plotlyjs_version

    url = f"{app.url}plotly-{get_plotlyjs_version()}.min.js"
    source = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
    for encoding in ("gzip", "identity"):
        answer = httpx.get(url, headers={"accept-encoding": encoding}, timeout=300)
        assert answer.content == source
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "<title>" in httpx.get(app.url + "static/nothing.js").text  # as Streamlit answers it


def test_pages_and_the_feed_are_compressed_here(app: Launched) -> None:
    answer = httpx.get(app.url, headers={"accept": "text/html", "accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert VISITOR_COOKIE in answer.headers["set-cookie"]
    with httpx.stream("GET", app.url, headers={"accept": "text/html", "accept-encoding": "gzip"}) as raw:
        assert gzip.decompress(b"".join(raw.iter_raw())).endswith(b"</html>\n")


def test_behind_https_the_servers_cookie_may_stand_in_another_sites_frame(app: Launched) -> None:
    tab = Tab(browser(), app.url).open()
    cookies = tab.socket.response.headers.get_all("Set-Cookie")
    assert [cookie.partition("; ")[2] for cookie in cookies if cookie.startswith(SERVER_COOKIE)] == [
        "Path=/; HttpOnly; SameSite=Lax"
    ]
    tab.close()
    tab.client.headers["x-forwarded-proto"] = "https"
    del tab.client.cookies[SERVER_COOKIE]
    tab.connect({"X-Forwarded-Proto": "https"})
    cookies = tab.socket.response.headers.get_all("Set-Cookie")
    assert [cookie.partition("; ")[2] for cookie in cookies if cookie.startswith(SERVER_COOKIE)] == [
        "Path=/; HttpOnly; SameSite=None; Secure; Partitioned"
    ]
    tab.close()
    tab.connect()
    assert not tab.socket.response.headers.get_all("Set-Cookie")  # it is known already


def test_an_upload_as_large_as_the_server_takes_arrives(app: Launched) -> None:
    tab = Tab(browser(), app.url).open("convolution", "input=upload")
    assert tab.upload("no-picture.png", bytes(10 * 2**20 - 1000)) == 204
    assert any("choose a PNG" in text for text in tab.texts)


def test_one_server_is_killed_and_comes_back(app: Launched) -> None:
    mine = Tab(visitor_at(1, app.url), app.url).open("convolution", "input=upload")
    theirs = Tab(visitor_at(2, app.url), app.url).open("train", LONG)
    theirs.press("train")
    theirs.wait_for_state("running")
    port, pid = app.server(1)
    os.kill(pid, signal.SIGKILL)
    until(lambda: not alive(pid))
    with pytest.raises(ConnectionClosed):
        while True:
            mine.socket.recv(30)

    mine.connect()  # as the page does by itself
    assert mine.server == "2"  # it was told to stay there: what it makes now must be found later
    mine.open("convolution", "input=upload")
    assert mine.upload("right.png", picture()) == 204
    assert shows_the_picture(mine)

    assert theirs.ask_feed()["state"] == "running"  # the others notice nothing
    until(lambda: is_healthy(f"http://127.0.0.1:{port}/cnn/"))
    assert app.server(1)[0] == port
    again = Tab(mine.client, app.url).open("convolution", "input=upload")
    assert again.server == "2"
    assert shows_the_picture(again)
    visitor_at(1, app.url)  # new visitors come to it again
    stop(theirs)


def test_while_all_servers_start_a_page_says_so_and_reloads(app: Launched) -> None:
    pids = list(app.server_ports().values())
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not any(alive(pid) for pid in pids))
    answer = httpx.get(app.url, headers={"accept": "text/html"})
    assert answer.status_code == 502
    assert "Inside a CNN is starting. This page reloads by itself." in answer.text
    assert answer.headers["cache-control"] == "no-store"
    until(lambda: all(is_healthy(f"http://127.0.0.1:{port}/cnn/") for port in app.server_ports()))
    until(lambda: is_healthy(app.url))


def test_the_pool_is_killed_and_comes_back(app: Launched) -> None:
    tab = Tab(browser(), app.url).open("train", LONG)
    tab.press("train")
    tab.wait_for_state("running")
    until(lambda: tab.ask_feed()["some"])
    os.kill(app.pool(), signal.SIGKILL)
    news = tab.wait_for_state("failed")
    assert GONE in str(news["components"])
    again = Tab(tab.client, app.url).open("train", SHORT)
    again.press("train")
    again.wait_for_state("finished")


def test_when_the_launcher_is_killed_nothing_stays_behind(tmp_path: Path) -> None:
    with launched(tmp_path) as app:
        children = list(app.children())
        assert len(children) == 4
        app.process.kill()
        until(lambda: not any(alive(pid) for pid in children))


def test_all_end_together_and_nothing_is_left(tmp_path: Path) -> None:
    with launched(tmp_path, "--servers", "1") as app:
        children = list(app.children())
        assert len(children) == 3
        app.process.send_signal(signal.SIGINT)
        assert app.process.wait(30) == 0
        assert not any(alive(pid) for pid in children)
        assert [path.name for path in tmp_path.iterdir()] == ["serve.log"]


def test_a_port_in_use_gets_a_sentence(app: Launched) -> None:
    port = str(httpx.URL(app.url).port)
    command = [sys.executable, "-m", "explainer.serve", "--port", port, "--address", "127.0.0.1"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=300, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {port} at 127.0.0.1 cannot be used (Address already in use): choose another one with --port.\n"
    )
