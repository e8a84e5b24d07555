"""Real sessions on a real server: what each sees, what stays of it, and what leaves the machine."""

import asyncio
import http.client
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus, WebSocketException

from benchmarks.browser import serving
from benchmarks.visitor import PageError, Visitor, genre_in
from genre_core.ui.models import MODEL_VARIABLE, UPLOAD_VARIABLE

GUARDED_APP = Path(__file__).parent / "guarded_app.py"
PAGES = ("", "library", "test-set", "lyrics", "networks", "how-it-works", "class", "about")
PATIENCE_SECONDS = 60
UPLOADS = "UploadedFileManager"  # in the statistics
LYRICS_FILE = "A text, a .lrc or .srt file, or a song that carries its lyrics"
OWN_SONGS = "Drop a ZIP with a folder for each genre, or songs and a CSV of their labels"


class Served(NamedTuple):
    url: str
    log: Path
    guard_log: Path

    def metric(self, name: str) -> float:
        """Return the bytes, or the entries, that a cache or a store of the server holds."""
        with urllib.request.urlopen(f"{self.url}/_stcore/metrics") as answer:
            lines = answer.read().decode().splitlines()
        held = [line.split()[-1] for line in lines if name in line and "memory_bytes{" in line]
        return sum(map(float, held))


@pytest.fixture(scope="module")
def served(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app, in a process that may neither write a file nor reach another machine."""
    folder = tmp_path_factory.mktemp("served")
    log, guard_log = folder / "server.log", folder / "guard.log"
    environment = os.environ | {
        MODEL_VARIABLE: str(tiny_checkpoint),
        UPLOAD_VARIABLE: "1",
        "GUARD_LOG": str(guard_log),
        "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1",
    }
    with serving(GUARDED_APP, environment, log) as url:
        yield Served(url, log, guard_log)


@pytest.fixture
def song(wav_bytes: Callable[..., bytes]) -> bytes:
    return wav_bytes(60.0, 22_050)  # 2.6 MB: Starlette writes more than 1 MB to disk by default


async def analysed(url: str, name: str, song: bytes) -> Visitor:
    visitor = await Visitor.arrive(url)
    await visitor.drop(name, song)
    await visitor.watch()
    return visitor


def run(work: Awaitable[None]) -> None:
    async def main() -> None:
        await asyncio.wait_for(work, 4 * PATIENCE_SECONDS)

    asyncio.run(main())


async def becomes(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
    return condition()


def shown(visitor: Visitor) -> str:
    return "\n".join(html for _, html in visitor.seen)


def test_a_session_sees_nothing_of_another_on_any_page_and_nothing_leaves_the_machine(
    served: Served, song: bytes
) -> None:
    async def two() -> None:
        first = await analysed(served.url, "wedding-march.wav", song)
        assert "wedding-march" in shown(first)
        assert any(genre_in(html) for _, html in first.seen)
        for page in PAGES:
            second = await Visitor.arrive(served.url, page)
            assert second.messages
            assert b"wedding-march" not in b"".join(second.messages)
            await second.leave()
        await first.leave()

    run(two())
    assert served.guard_log.read_text() == ""  # no file written, no other machine asked


def test_nothing_of_a_visitor_stays(served: Served, song: bytes) -> None:
    stores = ("services.songs.", "st_memory_media_file_storage", "visitors._visit")

    async def visit() -> None:
        visitor = await analysed(served.url, "song.wav", song)
        assert served.metric(UPLOADS) == 0  # taken out of Streamlit's store at once
        await visitor.leave()

    run(visit())
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(map(served.metric, stores)) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert {store: served.metric(store) for store in stores} == dict.fromkeys(stores, 0)


def media_of(visitor: Visitor) -> set[str]:
    """Return the addresses of the sounds that the last run brought."""
    sent = b"".join(visitor.messages)
    return {found.decode() for found in re.findall(rb"/media/[0-9a-f]+\.wav", sent)}


def test_a_song_can_be_heard_until_the_next_one_is_there(
    served: Served, wav_bytes: Callable[..., bytes]
) -> None:
    def is_served(address: str) -> bool:
        try:
            with urllib.request.urlopen(served.url + address):
                return True
        except urllib.error.HTTPError:
            return False

    async def two() -> None:
        first = await Visitor.arrive(served.url)
        of_demos = media_of(first)
        await first.drop("song.wav", wav_bytes(40.0, 22_050))
        await first.watch()
        (own,) = media_of(first) - of_demos
        assert is_served(own)
        await first.drop("next.wav", wav_bytes(600.0, 22_050))
        await first.watch(until=lambda html: "Cancel" in html or "%" in html)
        second = await Visitor.arrive(served.url)  # its run ends
        assert is_served(own)
        await second.leave()
        await first.leave()

    run(two())


@pytest.mark.parametrize(
    ("page", "label", "name", "data"),
    [
        ("two-songs", "Your first song", "noise.wav", b"no sound"),
        ("library", "Drop several songs here", "noise.wav", b"no sound"),
        ("library", "Open a store", "mine.db", b"no store"),
        ("test-set?part=own", "A score file (.json)", "scores.json", b"{}"),
        ("lyrics", LYRICS_FILE, "words.txt", b"la la la\n" * 200_000),
        ("lyrics?part=quality", "Score file", "scores.json", b"{}"),
        (
            "networks?part=compare",
            "Open a checkpoint of your own",
            "mine.safetensors",
            b"no network",
        ),
        ("class", "Songs of your own", "noise.mp3", b"no sound"),
    ],
)
def test_no_page_leaves_an_upload_in_the_store(
    served: Served, page: str, label: str, name: str, data: bytes
) -> None:
    async def visit() -> None:
        visitor = await Visitor.arrive(served.url, page)
        await visitor.drop(name, data, label)
        with suppress(PageError):  # an alert says that this is no such file
            await visitor.watch()
        assert await becomes(lambda: served.metric(UPLOADS) == 0)
        await visitor.leave()

    run(visit())


def test_what_waits_to_be_scored_stays_in_the_store(served: Served, song: bytes) -> None:
    async def visit() -> None:
        visitor = await Visitor.arrive(served.url, "test-set?part=own")
        await visitor.drop("song.wav", song, OWN_SONGS)
        with suppress(PageError):  # songs without a table
            await visitor.watch()
        assert await becomes(lambda: served.metric(UPLOADS) >= len(song))
        await visitor.leave()

    run(visit())
    assert asyncio.run(becomes(lambda: served.metric(UPLOADS) == 0))


def test_what_a_visitor_holds_is_counted_while_here(served: Served, song: bytes) -> None:
    async def visit() -> None:
        visitor = await analysed(served.url, "song.wav", song)
        deadline = time.monotonic() + PATIENCE_SECONDS  # the server counts once in 5 s
        while not served.metric("st_memory_media") and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
        assert served.metric("st_memory_media") >= len(song)
        assert served.metric("services.songs.") > 0
        await visitor.leave()

    run(visit())


def test_the_log_names_no_file(served: Served) -> None:
    async def visit() -> None:
        visitor = await Visitor.arrive(served.url)
        await visitor.drop("wedding-march.mp3", b"words" * 1000)
        with pytest.raises(PageError, match="wedding"):
            await visitor.watch()
        await visitor.leave()

    run(visit())
    assert served.log.read_text()
    assert "wedding" not in served.log.read_text(errors="replace")


def test_an_upload_without_the_token_is_refused(served: Served) -> None:
    async def visit() -> None:
        visitor = await Visitor.arrive(served.url)
        path = f"/_stcore/upload_file/{visitor.session_id}/{'0' * 8}"
        request = urllib.request.Request(f"{served.url}{path}", b"sound", method="PUT")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            await asyncio.to_thread(urllib.request.urlopen, request)
        await visitor.leave()

    run(visit())


def test_an_upload_over_the_limit_is_refused(served: Served) -> None:
    async def visit() -> None:
        visitor = await Visitor.arrive(served.url)
        address = urlsplit(served.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port)
        headers = visitor.upload_headers("x") | {"Content-Length": str(201 * 2**20)}
        path = f"/_stcore/upload_file/{visitor.session_id}/{'0' * 8}"
        connection.request("PUT", path, headers=headers)
        assert connection.getresponse().status == 413
        connection.close()
        await visitor.leave()

    run(visit())


def test_a_page_of_another_site_cannot_open_a_session(served: Served) -> None:
    async def visit() -> None:
        with pytest.raises((InvalidStatus, WebSocketException)):
            await Visitor.arrive(served.url, origin="http://example.org")

    run(visit())


@pytest.mark.parametrize(
    "planted", ["open('/work/x', 'w')", "import socket; socket.create_connection(('192.0.2.1', 1))"]
)
def test_the_guard_refuses(planted: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    guard = GUARDED_APP.read_text("utf-8").partition("runpy.run_path(")[0]
    script.write_text(f"{guard}\n{planted}\n", encoding="utf-8")
    log = tmp_path / "guard.log"
    environment = os.environ | {"GUARD_LOG": str(log)}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True)
    assert "PermissionError" in done.stderr
    assert log.read_text()
