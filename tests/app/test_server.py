"""The server warms up by itself, and waits for nothing."""

import asyncio
import gc
import gzip
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp
from streamlit import file_util
from streamlit.testing.v1 import AppTest

import server
from genre_core.ui.compressed_scripts import EARLY, CompressedScripts
from genre_core.ui.models import MODEL_VARIABLE

PATIENCE_SECONDS = 60


def test_the_first_visitor_finds_the_network_loaded(
    app: Callable[..., AppTest], counts: dict[str, int]
) -> None:
    page = app(demo="medley")  # with the network and the songs of this test
    server.warm_up()
    assert counts["loaded"] == 1
    page.run()
    assert not page.exception
    assert counts["loaded"] == 1
    # ... and the first page shows what comes of a song.
    first = app().run()
    assert any("gr-bars" in each.proto.body for each in first.get("html"))
    assert counts["loaded"] == 1


def test_what_is_loaded_for_good_is_no_garbage(app: Callable[..., AppTest]) -> None:
    app()  # with the network and the songs of this test
    gc.unfreeze()
    n_objects = len(gc.get_objects())
    server.warm_up()
    assert gc.get_freeze_count() > n_objects / 2
    assert len(gc.get_objects()) < n_objects / 2  # what a collection looks through


def test_a_network_that_is_missing_is_left_to_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MODEL_VARIABLE, str(tmp_path / "none.safetensors"))
    server.warm_up()


def test_the_server_starts_while_it_warms_up(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def warm_up() -> None:
        begun.set()
        may_end.wait(PATIENCE_SECONDS)

    async def start() -> bool:
        async with server._lifespan(server.app):
            return begun.wait(PATIENCE_SECONDS)

    monkeypatch.setattr(server, "warm_up", warm_up)
    assert asyncio.run(start())
    may_end.set()


async def _passed_on(scope: dict, receive: Any, send: Any) -> None:
    await Response("passed on")(scope, receive, send)


def answer(
    path: str, encodings: str = "br, gzip", method: str = "GET", app: ASGIApp = _passed_on
) -> tuple[dict, bytes]:
    """Return headers and content that the layer before an app answers with."""
    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    headers = [(b"accept-encoding", encodings.encode())]
    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    asyncio.run(CompressedScripts(app)(scope, None, send))  # type: ignore[arg-type]
    fields = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return fields, b"".join(message.get("body", b"") for message in sent)


STATIC = Path(file_util.get_static_dir())
SCRIPT = min((STATIC / "static").rglob("*.js"))
SCRIPT_PATH = f"/{SCRIPT.relative_to(STATIC).as_posix()}"


def test_scripts_come_compressed_and_whole() -> None:
    headers, content = answer(SCRIPT_PATH)
    assert headers["content-encoding"] == "gzip"
    assert headers["content-type"].startswith("text/javascript")
    assert "immutable" in headers["cache-control"]
    assert gzip.decompress(content) == SCRIPT.read_bytes()
    assert int(headers["content-length"]) == len(content) < SCRIPT.stat().st_size


@pytest.mark.parametrize(
    "path", ["/", "/static/js/none.js", "/static/js/../../index.html", "/static/../../__init__.py"]
)
def test_all_else_is_passed_on(path: str) -> None:
    assert answer(path)[1] == b"passed on"


def test_a_page_names_the_scripts_that_it_needs_first() -> None:
    async def page(scope: dict, receive: Any, send: Any) -> None:
        await Response("a page", media_type="text/html")(scope, receive, send)

    headers, content = answer("/test-set", app=page)
    assert content == b"a page"
    links = headers["link"].split(", ")
    assert len(links) == len(EARLY)  # one file each: else Streamlit has renamed them
    for link in links:
        path, kind = link.split("; ")
        assert kind == "rel=modulepreload"
        assert (STATIC / path.strip("<>")).is_file()
    assert "link" not in answer("/")[0]  # no page


@pytest.mark.parametrize(("encodings", "method"), [("identity", "GET"), ("gzip", "HEAD")])
def test_who_does_not_take_gzip_gets_what_streamlit_sends(encodings: str, method: str) -> None:
    assert answer(SCRIPT_PATH, encodings, method)[1] == b"passed on"
