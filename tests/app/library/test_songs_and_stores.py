"""The page "Library", without a browser: songs dropped, stores uploaded, files opened."""

import gc
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from streamlit.runtime.uploaded_file_manager import DeletedFile
from streamlit.testing.v1 import AppTest

from genre_core.config import GENRES
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.library.dropped import DroppedSong
from genre_core.library.songs import LibraryModel
from genre_core.library.writer import LibraryWriter
from genre_core.ui import uploads
from genre_core.ui.components import step_work
from genre_core.ui.pages.library import bring
from genre_core.ui.pages.library.link import LibraryView
from genre_core.ui.pages.library.state import LibraryState
from tests.app.library.pages import OpenApp, run, words_of
from tests.builders import scanned_songs

MOST_RUNS = 200


def drop(test: AppTest, **files: bytes) -> AppTest:
    test.file_uploader[0].set_value(
        [(f"{name}.wav", data, "audio/wav") for name, data in files.items()]
    )
    return run(test)


def is_running(test: AppTest) -> bool:
    return any(button.key == "library_cancel" for button in test.button)


def finished(test: AppTest) -> AppTest:
    for _ in range(MOST_RUNS):
        if not is_running(test):
            return test
        run(test)
    raise AssertionError("still running")


def test_dropped_songs_become_a_library(
    open_library: OpenApp, wav_bytes: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_work, "STEP_SECONDS_IN_PAGE", 0.0)
    song = wav_bytes(100.0, 12_000)
    test = drop(open_library(), one=song, broken=b"only words", two=wav_bytes(40.0, 12_000))
    assert is_running(test)
    assert "waiting" in words_of(test)
    finished(test)
    assert "2 songs analysed, 1 cannot be read" in words_of(test)
    assert "gr-spark" in words_of(test)
    assert sorted(test.dataframe[0].value["Song"]) == ["one", "two"]
    # The song is at hand: it opens on the other page.
    test.selectbox(key="library_song").set_value(1)
    run(test)
    test.button(key="library_analyse").click()
    run(test)
    assert test.session_state["turned"]
    assert test.session_state["analyse_state"].song.data == song
    test.button(key="library_forget").click()
    run(test)
    assert "What is in your whole library?" in test.title[0].value
    assert not test.warning


def test_songs_dropped_meanwhile_wait_their_turn(
    open_library: OpenApp, wav_bytes: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_work, "STEP_SECONDS_IN_PAGE", 0.0)
    test = drop(open_library(), **{f"first{n}": wav_bytes(20.0 + n, 12_000) for n in range(2)})
    drop(test, second=wav_bytes(30.0, 12_000))
    finished(test)
    assert sorted(test.dataframe[0].value["Song"]) == ["first0", "first1", "second"]


def test_a_choice_that_is_sent_twice_is_taken_once(
    open_library: OpenApp, wav_bytes: Callable[..., bytes]
) -> None:
    test = drop(open_library(), one=wav_bytes(20.0, 12_000), two=wav_bytes(21.0, 12_000))
    state = test.session_state["library_state"]
    run_before = state.dropped.run
    # What Streamlit makes of ids that are not in its store any more.
    test.session_state["library_songs_0"] = [DeletedFile("one"), DeletedFile("two")]
    with patch.object(uploads.st, "session_state", test.session_state):
        bring._take_songs(state, "library_songs_0")
    assert state.dropped.run is run_before


@pytest.mark.usefixtures("folder")
def test_a_link_from_before_the_drop_does_not_bring_the_old_library_back(
    open_library: OpenApp, wav_bytes: Callable[..., bytes]
) -> None:
    test = open_library(store="home.db")
    drop(test, one=wav_bytes(20.0, 12_000))
    test.query_params["store"] = "home.db"  # a run that the browser began before it had the new URL
    finished(run(test))
    assert test.query_params["store"] == "dropped"
    test.session_state["library_state"].left_at -= 60.0
    test.query_params["store"] = "home.db"  # back, a minute later
    run(test)
    assert "120 songs; 1 to 50" in words_of(test)


def test_cancel_stops_and_go_on_goes_on(
    open_library: OpenApp, wav_bytes: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_work, "STEP_SECONDS_IN_PAGE", 0.0)
    test = drop(open_library(), **{f"song{n}": wav_bytes(20.0 + n, 12_000) for n in range(3)})
    run(test)
    test.button(key="library_cancel").click()
    run(test)
    assert not is_running(test)
    assert "of 3 songs" in test.get("progress")[0].proto.text
    test.button(key="library_go_on").click()
    finished(run(test))
    assert "3 songs analysed." in words_of(test)


def test_fifty_songs_at_once_are_the_limit(
    open_library: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_work, "STEP_SECONDS_IN_PAGE", 60.0)
    test = drop(open_library(), **{f"song{n}": b"" for n in range(53)})
    assert "3 files left out (song50.wav, song51.wav, song52.wav): 50 songs" in words_of(test)
    assert "50 cannot be read" in words_of(test)


def test_sessions_do_not_see_one_another(
    open_library: OpenApp, wav_bytes: Callable[..., bytes]
) -> None:
    mine = finished(drop(open_library(), mine=wav_bytes(10.0, 12_000)))
    assert mine.query_params["store"] == "dropped"
    other = open_library(store="dropped")
    assert "There is none" in words_of(other)
    assert not other.dataframe


def test_an_uploaded_store_is_read_and_never_opens_files(
    open_library: OpenApp, folder: Path, tmp_path: Path
) -> None:
    """Its paths are a stranger's: not even a file in the trusted folder is opened for it."""
    secret = folder / "secret.wav"
    secret.write_bytes(b"sound")
    with LibraryWriter.open(tmp_path / "mine.db") as writer:
        (item,) = scanned_songs(1)
        model = writer.begin_scan(LibraryModel("test", "ab" * 32, GENRES, 29.12, 20.0))
        writer.store(model, [replace(item, song=replace(item.song, path=str(secret)))])
    test = open_library()
    test.file_uploader[1].set_value(("mine.db", (tmp_path / "mine.db").read_bytes(), ""))
    run(test)
    assert test.query_params["store"] == "uploaded"
    assert len(test.dataframe[0].value) == 1
    test.selectbox(key="library_song").set_value(1)
    run(test)
    assert "Its file is not at hand" in words_of(test)
    assert not [button for button in test.button if button.key == "library_analyse"]


def test_a_bad_store_is_refused_with_a_reason(open_library: OpenApp) -> None:
    test = open_library()
    test.file_uploader[1].set_value(("mine.db", b"SQLite format 3 or not", ""))
    run(test)
    assert "“mine.db”: not a library store, or damaged" in words_of(test)
    assert "/tmp" not in words_of(test)


def test_a_trusted_song_opens_and_one_outside_does_not(
    open_library: OpenApp, folder: Path, tmp_path: Path
) -> None:
    inside, outside, link = folder / "in.wav", tmp_path / "out.wav", folder / "link.wav"
    inside.write_bytes(b"inside")
    outside.write_bytes(b"outside")
    link.symlink_to(outside)
    with LibraryWriter.open(folder / "few.db") as writer:
        model = writer.begin_scan(LibraryModel("test", "ab" * 32, GENRES, 29.12, 20.0))
        paths = (inside, outside, link, folder / ".." / "out.wav")
        items = zip(scanned_songs(4), paths, strict=True)
        songs = [replace(item, song=replace(item.song, path=str(path))) for item, path in items]
        writer.store(model, songs)
    for key in (2, 3, 4):
        assert "cannot be opened from here" in words_of(open_library(store="few.db", song=str(key)))
    test = open_library(store="few.db", song="1")
    test.button(key="library_analyse").click()
    run(test)
    assert test.session_state["analyse_state"].song.data == b"inside"


def test_a_song_chosen_on_the_map_opens_at_once_or_says_why_not(
    open_library: OpenApp, folder: Path
) -> None:
    with LibraryWriter.open(folder / "few.db") as writer:
        model = writer.begin_scan(LibraryModel("test", "ab" * 32, GENRES, 29.12, 20.0))
        songs = list(scanned_songs(4))
        (folder / "in.wav").write_bytes(b"inside")
        inside = replace(songs[0].song, path=str(folder / "in.wav"))
        writer.store(model, [replace(songs[0], song=inside), *songs[1:]])
    test = open_library(store="few.db", part="map")
    test.selectbox(key="library_song").set_value(2)
    run(test)
    assert "turned" not in test.session_state
    assert "cannot be opened from here" in words_of(test)
    test.selectbox(key="library_song").set_value(1)
    run(test)
    assert test.session_state["turned"]
    assert test.session_state["analyse_state"].song.data == b"inside"
    assert test.query_params["song"] == "1"  # the way back shows it
    del test.session_state["turned"]
    run(test)
    assert "turned" not in test.session_state


def test_a_song_of_the_table_opens_below(open_library: OpenApp, folder: Path) -> None:
    with LibraryWriter.open(folder / "few.db") as writer:
        model = writer.begin_scan(LibraryModel("test", "ab" * 32, GENRES, 29.12, 20.0))
        (item,) = scanned_songs(1)
        (folder / "in.wav").write_bytes(b"inside")
        writer.store(model, [replace(item, song=replace(item.song, path=str(folder / "in.wav")))])
    test = open_library(store="few.db")
    test.selectbox(key="library_song").set_value(1)
    run(test)
    assert "turned" not in test.session_state
    assert [button for button in test.button if button.key == "library_analyse"]


def test_the_files_of_a_session_go_with_it(
    tiny_checkpoint: Path, wav_bytes: Callable[..., bytes], folder: Path
) -> None:
    state = LibraryState(LibraryView())
    songs = [DroppedSong("one.wav", wav_bytes(5.0, 12_000))]
    state.dropped.start(songs, GenreRecognizer.from_checkpoint(tiny_checkpoint))
    state.take_store("mine.db", (folder / "home.db").read_bytes())
    dropped, uploaded = state.dropped.source, state.uploaded
    assert dropped is not None
    assert uploaded is not None
    assert dropped.path.exists()
    assert uploaded.path.exists()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        del state
        gc.collect()
    assert not dropped.path.parent.exists()
    assert not uploaded.path.parent.exists()
