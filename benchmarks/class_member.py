"""One browser session on the page "Class", without a browser: a teacher or a pupil.

It keeps the elements of the page as a browser does, and asks for the parts of the page that renew
themselves as often as the page says.
"""

import asyncio
import json
import urllib.parse
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from streamlit.components.v2.bidi_component.constants import EVENT_DELIM
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from benchmarks.visitor import connect_browser

PATIENCE_SECONDS = 240.0
Shown = tuple[Element, str]  # and the fragment that it stands in, empty for none


@dataclass
class Member:
    """A session.

    Attributes
    ----------
    elements : what is shown after the last complete run, by its place on the page
    query : of the page's address
    n_runs : how often the server has drawn the page or a part of it
    n_bytes : received
    """

    _socket: ClientConnection
    query: str
    elements: dict[tuple[int, ...], Shown] = field(default_factory=dict)
    n_runs: int = 0
    n_bytes: int = 0
    _page: str = ""
    _set: dict[str, WidgetState] = field(default_factory=dict)
    _drawn: dict[tuple[int, ...], Shown] = field(default_factory=dict)
    _polls: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _reader: asyncio.Task[None] | None = None

    @classmethod
    async def arrive(cls, url: str, query: str = "") -> Self:
        """Open the page "Class" with a query such as "room=CODE", and wait for its title."""
        member = cls(await connect_browser(url), query)
        member._reader = asyncio.create_task(member._read())
        await member._ask()
        await member.until(lambda page: page.title != "")
        return member

    async def leave(self) -> None:
        """Close the page."""
        for poll in self._polls.values():
            poll.cancel()
        await self._socket.close()
        if self._reader is not None:
            await self._reader

    @property
    def title(self) -> str:
        """The page's heading."""
        headings = [e.heading for e, _ in self.elements.values() if e.HasField("heading")]
        return next((h.body for h in headings if h.tag == "h1"), "")

    @property
    def html(self) -> str:
        """All pieces of HTML on the page."""
        return "\n".join(e.html.body for e, _ in self.elements.values() if e.HasField("html"))

    @property
    def text(self) -> str:
        """All pieces of Markdown and progress bars on the page."""
        texts = [e.markdown.body or e.progress.text for e, _ in self.elements.values()]
        return "\n".join(text for text in texts if text)

    @property
    def alerts(self) -> str:
        """All messages in boxes on the page."""
        return "\n".join(e.alert.body for e, _ in self.elements.values() if e.HasField("alert"))

    def parameter(self, name: str) -> str:
        """Return a parameter of the page's address."""
        return urllib.parse.parse_qs(self.query).get(name, [""])[0]

    async def until(self, is_so: Callable[["Member"], bool]) -> None:
        """Wait until something is so after a run; TimeoutError says what is seen instead."""
        async with self._changed:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._changed.wait_for(lambda: is_so(self))
            except TimeoutError:
                raise TimeoutError(f"{self.title!r}: {self.text[:500]}") from None

    async def click(self, label: str) -> None:
        """Press the button of this label as soon as it is there and can be pressed."""

        def find(page: "Member") -> Shown | None:
            return next(
                (
                    shown
                    for shown in page.elements.values()
                    if shown[0].HasField("button")
                    and shown[0].button.label == label
                    and not shown[0].button.disabled
                ),
                None,
            )

        await self.until(lambda page: find(page) is not None)
        found = find(self)
        assert found is not None
        message = self._message(found[1])
        message.rerun_script.widget_states.widgets.add(id=found[0].button.id, trigger_value=True)
        await self._send(message)

    async def slide(self, label: str, value: float) -> None:
        """Set the slider of this label."""
        sliders = [e.slider for e, _ in self.elements.values() if e.HasField("slider")]
        slider = next(slider for slider in sliders if slider.label == label)
        state = WidgetState(id=slider.id)
        state.double_array_value.data.append(value)
        self._set[slider.id] = state
        await self._ask()

    def _message(self, fragment: str = "", is_poll: bool = False) -> BackMsg:
        message = BackMsg()
        # A browser knows no more of its first page than its name.
        message.rerun_script.page_name = "" if self._page else "class"
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.query_string = self.query
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = is_poll
        message.rerun_script.widget_states.widgets.extend(self._set.values())
        return message

    async def _ask(self) -> None:
        await self._send(self._message())

    async def _send(self, message: BackMsg) -> None:
        await self._socket.send(message.SerializeToString())

    async def _poll(self, fragment: str, seconds: float) -> None:
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(seconds)
                await self._send(self._message(fragment, is_poll=True))

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                data = await self._socket.recv(decode=False)
                self.n_bytes += len(data)
                message = ForwardMsg()
                message.ParseFromString(data)
                await self._take(message)

    async def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._begin_run(list(message.metadata.run.fragment_ids))
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            fragment, seconds = message.auto_rerun.fragment_id, message.auto_rerun.interval
            self._polls[fragment] = asyncio.create_task(self._poll(fragment, seconds))
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            place = tuple(message.metadata.delta_path)
            self._drawn[place] = element, message.delta.fragment_id
            if element.HasField("bidi_component") and "class_read" in element.bidi_component.id:
                await self._step(element.bidi_component.id, message.delta.fragment_id)
        elif kind == "script_finished":
            self.n_runs += 1
            self.elements = dict(self._drawn)
            async with self._changed:
                self._changed.notify_all()

    def _begin_run(self, fragments: list[str]) -> None:
        if not fragments:
            for poll in self._polls.values():
                poll.cancel()
            self._polls.clear()
        self._drawn = {
            place: shown
            for place, shown in self._drawn.items()
            if fragments and shown[1] not in fragments
        }

    async def _step(self, component: str, fragment: str) -> None:
        """Ask for the next step of the work, as the page's script does."""
        message = self._message(fragment)
        message.rerun_script.widget_states.widgets.add(
            id=f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{component}{EVENT_DELIM}events",
            json_trigger_value=json.dumps([{"event": "step", "value": self.n_runs}]),
        )
        await self._send(message)
