"""Streamlit's own scripts, sent compressed, and those of every page named early.

Ten megabytes become three. Streamlit leaves that to a proxy, as it would compress a file anew for
each visitor. Here each is compressed once. A class that opens the page on one laptop's network has
no proxy.

Without the names, the browser asks for the scripts that show HTML and buttons only when the first
page has come; what comes without them is drawn first, and then pushed down.
"""

import gzip
from functools import lru_cache, partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

_MIME = {".js": "text/javascript", ".css": "text/css"}
_MAX_FILES = 300  # of 10 kB on average
# Parts of Streamlit, as their files begin, that pages need before they can be drawn.
EARLY = (
    *("Html", "purify.es", "Button", "BaseButton", "PageLink", "StreamlitMarkdown"),
    *("ButtonGroup", "Checkbox", "FileUploader", "Selectbox"),
)
_BEGINNINGS = tuple(f"{name}." for name in EARLY)


class CompressedScripts:
    """A layer of the server that answers for the scripts, and passes all else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        root = Path(file_util.get_static_dir())
        # Only what is there at the start can be asked for, so no path leads elsewhere.
        self._files = {
            f"/{file.relative_to(root).as_posix()}": file
            for file in sorted((root / "static").rglob("*"))
            if file.suffix in _MIME
        }
        early = [path for path in self._files if Path(path).name.startswith(_BEGINNINGS)]
        # Relative, as the page names its scripts: it may lie below a prefix.
        self._link = ", ".join(f"<.{path}>; rel=modulepreload" for path in early)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        file = self._files.get(scope.get("path", "")) if scope["type"] == "http" else None
        if (
            file is None
            or scope["method"] != "GET"
            or "gzip" not in Headers(scope=scope).get("accept-encoding", "")
        ):
            await self._app(scope, receive, partial(self._send_with_names, send))
            return
        headers = {
            "Content-Encoding": "gzip",
            "Vary": "Accept-Encoding",
            # As Streamlit does: the names hold a hash of the content.
            "Cache-Control": "public, immutable, max-age=31536000",
        }
        content = await run_in_threadpool(_compressed, file)
        response = Response(content, headers=headers, media_type=_MIME[file.suffix])
        await response(scope, receive, send)

    async def _send_with_names(self, send: Send, message: Message) -> None:
        """Send a message; a page gets the names of the scripts that it will need."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/html") and self._link:
                headers.append("Link", self._link)
        await send(message)


@lru_cache(maxsize=_MAX_FILES)
def _compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)
