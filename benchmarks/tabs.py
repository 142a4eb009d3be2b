"""A browser tab as the server sees it: Streamlit's protocol without a browser, so that hundreds cost little.

A tab opens a page as a browser does (its cookies, its websocket, the first run of the script), moves a control, and
waits until the script has finished. Nothing is drawn, and no script or font is fetched.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

import httpx
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState

from explainer.ui.frame.server import APOLOGY

PATIENCE = 120.0  # seconds after which a run is given up
MOVABLE = ("slider", "selectbox")
STATEFUL = (*MOVABLE, "checkbox", "number_input")
KEPT_FOR = 2  # runs of the whole script after which a browser forgets a message that none of them has used


class PageError(RuntimeError):
    """The page showed an error, or did not answer; ``is_fault`` unless it is a sentence of the app's own."""

    def __init__(self, message: str, is_fault: bool = True) -> None:
        super().__init__(message)
        self.is_fault = is_fault


class Tab:
    """One tab: what it was sent (``bytes``), and the ``controls`` on its page: id -> its kind, element and fragment.

    ``path`` may end in a query, as a link does. ``fed`` is what the page's feed was told, None where there is none.
    """

    def __init__(self, base: str, path: str = "") -> None:
        self.path, _, query = path.partition("?")
        self.base = base
        self.bytes = 0
        self.cookies = ""
        self.fed: dict[str, Any] | None = None
        self.controls: dict[str, tuple[str, Any, str]] = {}
        self._states: dict[str, WidgetState] = {}
        self._session = self._xsrf = ""
        self._buttons: dict[str, str] = {}  # id -> fragment
        self._uploaders: dict[str, str] = {}
        self._query = dict(parse_qsl(query))  # the address bar
        self._kept: dict[str, tuple[ForwardMsg, int]] = {}  # messages by their hash, and the run that used them last
        self._runs = 0
        self._page_hash = ""
        self._faults: list[str] = []  # of the present run
        self._refusals: list[str] = []
        self._finished = asyncio.Event()
        self._socket: Any = None
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """The page, its cookies, the websocket, and the first run of the script. Raises PageError."""
        async with httpx.AsyncClient(base_url=self.base, timeout=PATIENCE) as client:
            await client.get(f"/{self.path}", headers={"accept": "text/html"})
            await client.get("/_stcore/health")
            await client.get("/_stcore/host-config")
            self._xsrf = client.cookies.get("_streamlit_xsrf", "none")
            self.cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        self._socket = await websockets.connect(
            self.base.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit", self._xsrf],
            additional_headers={"Cookie": self.cookies},
            origin=self.base,
            max_size=None,
            open_timeout=PATIENCE,
            ping_interval=None,
        )
        self._reading = asyncio.create_task(self._read())
        await self.run()

    async def go(self, path: str) -> None:
        """Another page of the menu, or a link. Raises PageError."""
        self.path, _, query = path.partition("?")
        self._query, self._page_hash, self.fed = dict(parse_qsl(query)), "", None
        await self.run()

    async def close(self) -> None:
        """Closes the tab."""
        if self._reading is not None:
            self._reading.cancel()
        if self._socket is not None:
            await self._socket.close()

    async def run(self, fragment: str = "", trigger: WidgetState | None = None) -> None:
        """Has the whole page run, or one fragment of it, and waits until that has finished. Raises PageError."""
        if self._socket is None:
            raise PageError(f"{self.path}: never opened")
        message = BackMsg()
        self._faults, self._refusals = [], []
        rerun = message.rerun_script
        rerun.page_name = "" if self._page_hash else self.path
        rerun.page_script_hash, rerun.fragment_id = self._page_hash, fragment
        rerun.query_string = urlencode(self._query)
        rerun.widget_states.widgets.extend(
            self._states[name] for name in (*self.controls, *self._uploaders) if name in self._states
        )
        rerun.widget_states.widgets.extend([trigger] if trigger else [])
        rerun.cached_message_hashes.extend(self._kept)
        rerun.context_info.timezone, rerun.context_info.locale = "UTC", "en"
        rerun.context_info.url, rerun.context_info.color_scheme = f"{self.base}/{self.path}", "light"
        self._finished.clear()
        await self._socket.send(message.SerializeToString())
        try:
            await asyncio.wait_for(self._finished.wait(), PATIENCE)
        except TimeoutError:
            raise PageError(f"{self.path}: no answer in {PATIENCE:.0f} s") from None
        if self._faults or self._refusals:
            raise PageError(f"{self.path}: {'; '.join(self._faults or self._refusals)}", is_fault=bool(self._faults))

    def find(self, key: str) -> str:
        """The id of the slider or select box ``key``. Raises PageError where there is none that can be moved."""
        for name, (kind, element, _) in self.controls.items():
            if name.endswith(f"-{key}") and kind in MOVABLE and not element.disabled:
                return name
        raise PageError(f'{self.path}: no control "{key}"')

    def can_be_moved(self, name: str) -> bool:
        """Whether the control of this id is one for ``move``."""
        kind, element, _ = self.controls[name]
        return kind in MOVABLE and not element.disabled

    async def press(self, key: str) -> None:
        """Presses a button. Raises PageError, also where there is none."""
        name = next((one for one in self._buttons if one.endswith(f"-{key}")), None)
        if name is None:
            raise PageError(f'{self.path}: no button "{key}"')
        await self.run(self._buttons[name], WidgetState(id=name, trigger_value=True))

    async def upload(self, key: str, file: str, content: bytes) -> None:
        """Chooses a file for the control ``key``. Raises PageError, also where the server does not take it."""
        name = next((one for one in self._uploaders if one.endswith(f"-{key}")), None)
        if name is None:
            raise PageError(f'{self.path}: nothing to upload to under "{key}"')
        identity = str(uuid4())
        address = f"/_stcore/upload_file/{self._session}/{identity}"
        headers = {"X-Xsrftoken": self._xsrf, "Cookie": self.cookies}
        async with httpx.AsyncClient(base_url=self.base, timeout=PATIENCE, headers=headers) as client:
            answer = await client.put(address, files={"file": (file, content)})
        if answer.status_code != httpx.codes.NO_CONTENT:
            raise PageError(f"{self.path}: an upload was answered by {answer.status_code} {answer.text[:80]}")
        state = WidgetState(id=name)
        info = state.file_uploader_state_value.uploaded_file_info.add(file_id=identity, name=file, size=len(content))
        info.file_urls.file_id, info.file_urls.upload_url, info.file_urls.delete_url = identity, address, address
        self._states[name] = state
        await self.run(self._uploaders[name])

    async def tell(self, component: str, event: str, value: str) -> None:
        """What a component of ours tells the page by an event. Raises PageError."""
        state = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{component}__events")
        state.json_trigger_value = json.dumps([{"event": event, "value": value}])
        await self.run(trigger=state)

    def values(self, key: str) -> list[Any]:
        """All that the slider or select box ``key`` can be set to, from left to right."""
        kind, element, _ = self.controls[self.find(key)]
        if kind == "selectbox" or element.type == Slider.SELECT_SLIDER:
            return list(element.options)
        steps = round((element.max - element.min) / element.step)
        return [element.min + number * element.step for number in range(steps + 1)]

    def value(self, key: str) -> Any:
        """What the slider or select box ``key`` is set to."""
        state = self._states[self.find(key)]
        for many in (state.string_array_value.data, state.double_array_value.data):
            if many:
                return many[0]
        return state.string_value

    async def move(self, key: str, value: Any) -> None:
        """Sets the slider or select box ``key``, and waits for what follows. Raises PageError."""
        name = self.find(key)
        kind, element, fragment = self.controls[name]
        state = WidgetState(id=name)
        if kind == "selectbox":
            state.string_value = value
        elif element.type == Slider.SELECT_SLIDER:
            state.string_array_value.data.append(value)
        else:
            state.double_array_value.data.append(value)
        self._states[name] = state
        if element.query_param_key:
            self._query[element.query_param_key] = value if isinstance(value, str) else f"{value:g}"
        await self.run(fragment)

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                self.bytes += len(data)
                self._take(self._whole(ForwardMsg.FromString(data)))
        except Exception as error:  # said by the run that waits
            self._faults.append(f"{type(error).__name__}: {error}")
            self._finished.set()

    def _whole(self, message: ForwardMsg) -> ForwardMsg:
        """The message, or the one that was kept where it only refers to that."""
        if message.ref_hash:
            place, (kept, _) = message.metadata, self._kept[message.ref_hash]
            self._kept[message.ref_hash] = kept, self._runs
            message = ForwardMsg()
            message.CopyFrom(kept)
            message.metadata.CopyFrom(place)
        elif message.metadata.cacheable:
            self._kept[message.hash] = message, self._runs
        return message

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session = message.new_session.initialize.session_id or self._session
        if kind == "new_session" and not message.metadata.run.fragment_ids:
            self.controls.clear()
            self._buttons.clear()
            self._uploaders.clear()
            self._runs += 1
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = dict(parse_qsl(message.page_info_changed.query_string, keep_blank_values=True))
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._element(message.delta.new_element, message.delta.fragment_id)
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self._faults.append("the script cannot be compiled")
            self._kept = {name: kept for name, kept in self._kept.items() if self._runs - kept[1] < KEPT_FOR}
            self._finished.set()

    def _element(self, shown: Any, fragment: str) -> None:
        kind = shown.WhichOneof("type")
        element = getattr(shown, kind)
        if kind == "exception":
            self._faults.append(f"{element.type}: {element.message}")
        elif kind == "alert" and element.format == element.ERROR:
            (self._faults if element.body == APOLOGY else self._refusals).append(element.body)
        elif kind == "bidi_component" and element.component_name == "explainer.feed":
            self.fed = {**json.loads(element.json), "id": element.id}
        elif kind == "button" and not element.disabled:
            self._buttons[element.id] = fragment
        elif kind == "file_uploader" and not element.disabled:
            self._uploaders[element.id] = fragment
        elif kind in STATEFUL:
            self.controls[element.id] = (kind, element, fragment)
            if element.set_value or element.id not in self._states:
                self._states[element.id] = _shown(kind, element)


def _shown(kind: str, element: Any) -> WidgetState:
    """The state that a control reports when it appears."""
    state, is_set = WidgetState(id=element.id), element.set_value
    if kind == "selectbox":
        options = list(element.options)
        state.string_value = element.raw_value if is_set else options[element.default] if options else ""
    elif kind == "checkbox":
        state.bool_value = element.value if is_set else element.default
    elif kind == "number_input":
        state.double_value = element.value if is_set else element.default
    elif element.type == Slider.SELECT_SLIDER:
        chosen = list(element.raw_value) if is_set else [element.options[int(one)] for one in element.default]
        state.string_array_value.data.extend(chosen)
    else:
        state.double_array_value.data.extend(element.value if is_set else element.default)
    return state
