"""A browser tab without a browser, over Streamlit's own protocol: what it is sent, and what it may press."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import ExitStack
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

from explainer.serve.nginx import SERVER_COOKIE, VISITOR_COOKIE

PATIENCE = 240.0  # seconds, on a busy machine

_all = ExitStack()


class Tab:
    """A tab of a browser that has the cookies of ``client``, at ``url`` (with a slash at its end)."""

    def __init__(self, client: httpx.Client, url: str) -> None:
        self.client, self.url = client, url
        self.session = self.page_hash = self.query = ""  # the query is what stands in the address bar
        self.widgets: dict[str, tuple[str, str]] = {}  # id -> kind, fragment
        self.states: dict[str, WidgetState] = {}
        self.texts: list[str] = []
        self.media: list[str] = []
        self.fed: dict[str, Any] = {}
        self._stack = _all.enter_context(ExitStack())

    @property
    def server(self) -> str:
        """The number of the server that the browser was told it is at."""
        return self.client.cookies.get(SERVER_COOKIE, "")

    def open(self, page: str = "", query: str = "") -> Tab:
        """Loads the page as a browser does, and runs its script."""
        self.client.get(self.url + page, headers={"accept": "text/html"}).raise_for_status()
        self.client.get(self.url + "_stcore/health").raise_for_status()
        self.client.get(self.url + "_stcore/host-config").raise_for_status()
        self.connect()
        message = BackMsg()
        message.rerun_script.page_name, self.query = page, query
        self.run(message)
        return self

    def connect(self, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        """The websocket; once there is a session, with its id, as after a connection that was lost."""
        parts = urlsplit(self.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        cookies = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        xsrf = self.client.cookies["_streamlit_xsrf"]
        self.socket = self._stack.enter_context(
            connect(
                self.url.replace("http", "ws", 1) + "_stcore/stream",
                subprotocols=["streamlit", xsrf, *([self.session] if self.session else [])],
                additional_headers={"Cookie": cookies, **headers},
                origin=origin,
                max_size=None,
                open_timeout=PATIENCE,
                proxy=None,
                user_agent_header=self.client.headers["user-agent"],
            )
        )
        for header in self.socket.response.headers.get_all("Set-Cookie"):
            name, _, value = header.partition(";")[0].partition("=")
            self.client.cookies.set(name, value, domain=str(parts.hostname), path="/")

    def close(self) -> None:
        """The browser ends the connection."""
        self._stack.close()

    def run(self, message: BackMsg, fragment: str = "") -> None:
        """Asks for a run of the script, and takes what it sends until it has finished."""
        message.rerun_script.page_script_hash, message.rerun_script.fragment_id = self.page_hash, fragment
        message.rerun_script.query_string = self.query
        states = [state for name, state in self.states.items() if name in self.widgets]
        message.rerun_script.widget_states.widgets.extend(states)
        self.socket.send(message.SerializeToString())
        self._until("script_finished")

    def press(self, key: str) -> None:
        """Presses the button whose key is ``key``."""
        name = self.find("button", key)
        message = BackMsg()
        message.rerun_script.widget_states.widgets.add(id=name, trigger_value=True)
        self.run(message, self.widgets[name][1])

    def has_button(self, key: str) -> bool:
        return any(kind == "button" and name.endswith(f"-{key}") for name, (kind, _) in self.widgets.items())

    def find(self, kind: str, key: str = "") -> str:
        return next(name for name, (one, _) in self.widgets.items() if one == kind and name.endswith(key))

    def upload(self, name: str, data: bytes) -> int:
        """Puts a file into the page's uploader; the status with which the server took it."""
        urls = self._upload_urls(name)
        answer = self.client.put(
            self.url + urls.upload_url.lstrip("/"),
            files={"file": (name, data)},
            headers={"X-Xsrftoken": self.client.cookies["_streamlit_xsrf"]},
        )
        widget = self.find("file_uploader")
        state = WidgetState(id=widget)
        info = state.file_uploader_state_value.uploaded_file_info.add(file_id=urls.file_id, name=name, size=len(data))
        info.file_urls.CopyFrom(urls)
        self.states[widget] = state
        self.run(BackMsg(), self.widgets[widget][1])
        return answer.status_code

    def ask_feed(self) -> dict[str, Any]:
        """What the page's feed brings now."""
        answer = self.client.get(urljoin(self.url, self.fed["address"]))
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def wait_for_state(self, *states: str) -> dict[str, Any]:
        """Asks the feed until the run is in one of ``states``."""
        deadline = time.monotonic() + PATIENCE
        while (news := self.ask_feed())["state"] not in states:
            assert time.monotonic() < deadline, f"waited in vain, the run is {news['state']}"
            time.sleep(0.2)
        return news

    def _upload_urls(self, name: str) -> FileURLs:
        message = BackMsg()
        message.file_urls_request.request_id, message.file_urls_request.session_id = "1", self.session
        message.file_urls_request.file_names.append(name)
        self.socket.send(message.SerializeToString())
        response = self._until("file_urls_response").file_urls_response
        return response.file_urls[0]

    def _until(self, wanted: str) -> ForwardMsg:
        deadline = time.monotonic() + PATIENCE
        while True:
            message = ForwardMsg.FromString(self.socket.recv(max(0.0, deadline - time.monotonic())))
            self._take(message)
            if message.WhichOneof("type") == wanted and (
                wanted != "script_finished" or message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            ):
                return message

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
            if not message.metadata.run.fragment_ids:
                self.widgets.clear()
                self.texts.clear()
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._element(message.delta.new_element, message.delta.fragment_id)

    def _element(self, shown: Any, fragment: str) -> None:
        kind = shown.WhichOneof("type")
        element = getattr(shown, kind)
        if kind in ("markdown", "alert", "heading", "text"):
            self.texts.append(element.body)
        elif kind == "exception":
            self.texts.append(element.message)
        elif kind == "bidi_component" and element.component_name == "explainer.feed":
            self.fed = json.loads(element.json)
        elif kind == "bidi_component":
            self.texts.append(element.json)
        elif kind in ("button", "file_uploader", "selectbox"):
            self.widgets[element.id] = (kind, fragment)
        elif kind == "download_button":
            self.media.append(element.url)


def browser(**cookies: str) -> httpx.Client:
    """A browser's cookies, and its way to ask."""
    return _all.enter_context(httpx.Client(timeout=PATIENCE, cookies=cookies, follow_redirects=True))


def close_all() -> None:
    """Closes all tabs, and then the browsers."""
    _all.close()


def visitor_at(number: int, url: str) -> httpx.Client:
    """A new visitor whose cookie leads to server ``number``."""
    for _ in range(50):
        client = browser()
        tab = Tab(client, url).open("convolution")
        tab.close()
        assert VISITOR_COOKIE in client.cookies
        if tab.server == str(number):
            return client
    raise AssertionError(f"no visitor comes to server {number}")
