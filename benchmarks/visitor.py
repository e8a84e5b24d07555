"""One visitor of the page, without a browser: Streamlit's messages over its WebSocket."""

import asyncio
import re
import time
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

_XSRF = "_streamlit_xsrf"
_GENRE = re.compile(r'class="gr-genre[^"]*">([^<]+)<')
_PLACE = re.compile(r"Place (\d+) in the queue")


class PageError(RuntimeError):
    """The page shows an error, or Streamlit answers one."""


@dataclass
class Visitor:
    """A browser session, from the page's address to the verdict on a song.

    Attributes
    ----------
    seen : of the last run: seconds since it was asked for, and the HTML that came
    messages : of the last run: all that the server sent
    """

    url: str
    _socket: ClientConnection
    _cookies: dict[str, str]
    session_id: str = ""
    _uploaders: dict[str, str] = field(default_factory=dict)  # ids by label
    seen: list[tuple[float, str]] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    @classmethod
    async def arrive(cls, url: str, page: str = "", origin: str = "") -> Self:
        """Open a page, the first one by default, and wait until its first view is complete.

        Parameters
        ----------
        page : its address, with its query if it has one
        origin : the site which opens it, by default the app's own
        """
        cookies = await asyncio.to_thread(_cookies_of, url)
        visitor = cls(url, await _connect(url, cookies, origin or url), cookies)
        message = BackMsg()
        message.rerun_script.page_name, _, message.rerun_script.query_string = page.partition("?")
        await visitor._send(message)
        await visitor.watch()
        return visitor

    async def leave(self) -> None:
        """Close the page."""
        await self._socket.close()

    async def drop(self, file_name: str, data: bytes, label: str = "") -> None:
        """Put a file into the input of that label, or into the last one; then `watch`."""
        urls = await self._upload(file_name, data)
        message = BackMsg()
        uploader = self._uploaders[label or list(self._uploaders)[-1]]
        state = message.rerun_script.widget_states.widgets.add(id=uploader)
        state.file_uploader_state_value.uploaded_file_info.add(
            name=file_name, size=len(data), file_id=urls.file_id, file_urls=urls
        )
        await self._send(message)

    async def watch(self, until: Callable[[str], bool] | None = None) -> None:
        """Wait for the end of the run, or for the first text for which `until` is true.

        Raises PageError where the page shows an error.
        """
        started = time.perf_counter()
        self.seen, self.messages = [], []
        while True:
            message = await self._receive()
            kind = message.WhichOneof("type")
            if kind == "script_finished":
                return
            if kind != "delta" or message.delta.WhichOneof("type") != "new_element":
                continue
            element = message.delta.new_element
            shown = element.WhichOneof("type")
            if shown == "file_uploader":
                uploader = element.file_uploader
                self._uploaders.pop(uploader.label, None)  # it is the last one now
                self._uploaders[uploader.label] = uploader.id
            elif shown == "exception" or (shown == "alert" and element.alert.format == 1):
                raise PageError(str(element)[:300])
            elif shown == "html":
                self.seen.append((time.perf_counter() - started, element.html.body))
                if until is not None and until(element.html.body):
                    return

    async def _upload(self, file_name: str, data: bytes) -> FileURLs:
        request = BackMsg()
        request.file_urls_request.request_id = uuid.uuid4().hex
        request.file_urls_request.session_id = self.session_id
        request.file_urls_request.file_names.append(file_name)
        await self._send(request)
        while (answer := await self._receive()).WhichOneof("type") != "file_urls_response":
            pass
        (urls,) = answer.file_urls_response.file_urls
        await asyncio.to_thread(self._put, urls.upload_url, file_name, data)
        return urls

    def upload_headers(self, boundary: str) -> dict[str, str]:
        """Return what a browser sends along with a file."""
        return {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "X-Xsrftoken": self._cookies[_XSRF],
            "Cookie": _cookie_header(self._cookies),
        }

    def _put(self, path: str, file_name: str, data: bytes) -> None:
        boundary = uuid.uuid4().hex
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
            f'filename="{file_name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        request = urllib.request.Request(
            f"{self.url}{path}",
            b"".join((head.encode(), data, f"\r\n--{boundary}--\r\n".encode())),
            self.upload_headers(boundary),
            method="PUT",
        )
        with urllib.request.urlopen(request, timeout=300):
            pass

    async def _send(self, message: BackMsg) -> None:
        await self._socket.send(message.SerializeToString())

    async def _receive(self) -> ForwardMsg:
        message = ForwardMsg()
        data = await self._socket.recv(decode=False)
        message.ParseFromString(data)
        self.messages.append(data)
        if message.WhichOneof("type") == "new_session":
            self.session_id = message.new_session.initialize.session_id
        return message


def genre_in(html: str) -> str | None:
    """Return the genre of a verdict card."""
    found = _GENRE.search(html)
    return found[1] if found else None


def place_in(html: str) -> int | None:
    """Return the place in the queue that a card of progress shows."""
    found = _PLACE.search(html)
    return int(found[1]) if found else None


async def connect_browser(url: str) -> ClientConnection:
    """Return the WebSocket of a new browser session, which has asked for no page yet."""
    return await _connect(url, await asyncio.to_thread(_cookies_of, url), url)


async def _connect(url: str, cookies: dict[str, str], origin: str) -> ClientConnection:
    return await connect(
        f"{url.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=["streamlit", cookies[_XSRF]],
        additional_headers={"Cookie": _cookie_header(cookies), "Origin": origin},
        max_size=None,
        open_timeout=120,
        compression=None,
    )


def _cookies_of(url: str) -> dict[str, str]:
    """Return what the page, or a proxy before it, gives a new browser: the token, and the seat."""
    with urllib.request.urlopen(f"{url}/_stcore/health", timeout=60) as answer:
        headers = answer.headers.get_all("Set-Cookie") or []
    pairs = (header.partition(";")[0].partition("=") for header in headers)
    return {name: value.strip('"') for name, _, value in pairs}


def _cookie_header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
