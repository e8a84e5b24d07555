"""Streamlit's own scripts, sent compressed: ten megabytes become three.

Streamlit leaves that to a proxy, as it would compress a file anew for each visitor. Here each is
compressed once. A class that opens the page on one laptop's network has no proxy.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

_MIME = {".js": "text/javascript", ".css": "text/css"}
_MAX_FILES = 300  # of 10 kB on average


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        file = self._files.get(scope.get("path", "")) if scope["type"] == "http" else None
        if (
            file is None
            or scope["method"] != "GET"
            or "gzip" not in Headers(scope=scope).get("accept-encoding", "")
        ):
            await self._app(scope, receive, send)
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


@lru_cache(maxsize=_MAX_FILES)
def _compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)
