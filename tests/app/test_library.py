"""The page "Library", without a browser."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genre_core.config import GENRES
from genre_core.library.playlists import like, path_between, songs_of
from genre_core.library.query import SongFilter
from genre_core.library.songs import LibraryModel
from genre_core.library.store import LibraryStore
from genre_core.library.writer import LibraryWriter
from genre_core.ui.components import step_work
from genre_core.ui.models import MODEL_VARIABLE
from genre_core.ui.pages.library.sources import FOLDERS_VARIABLE
from tests.builders import library_store, scanned_songs

MOST_RUNS = 200
PATIENCE_SECONDS = 120
OpenApp = Callable[..., AppTest]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trusted folder with a store of 120 songs."""
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    library_store(trusted / "home.db", 120)
    monkeypatch.setenv(FOLDERS_VARIABLE, str(trusted))
    return trusted


def page() -> None:
    import streamlit as st

    from genre_core.ui.pages.library import page as library

    library.page(open_song=lambda: st.session_state.update(turned=True))


@pytest.fixture
def open_library(tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    """Return an opener of the page; keywords go into the URL."""
    monkeypatch.setenv(MODEL_VARIABLE, str(tiny_checkpoint))

    def opener(**query: str) -> AppTest:
        test = AppTest.from_function(page, default_timeout=PATIENCE_SECONDS)
        for key, value in query.items():
            test.query_params[key] = value
        return run(test)

    return opener


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception, test.exception[0].stack_trace
    return test


def words_of(test: AppTest) -> str:
    elements = [*test.markdown, *test.caption, *test.error, *test.warning, *test.info]
    values = [*(element.value for element in elements), *(html.value for html in test.get("html"))]
    return "\n".join(values).replace("\\", "")


def drop(test: AppTest, **files: bytes) -> AppTest:
    uploads = [(f"{name}.wav", data, "audio/wav") for name, data in files.items()]
    test.file_uploader[0].set_value(uploads)
    return run(test)


def is_running(test: AppTest) -> bool:
    return any(button.key == "library_cancel" for button in test.button)


def finished(test: AppTest) -> AppTest:
    for _ in range(MOST_RUNS):
        if not is_running(test):
            return test
        run(test)
    raise AssertionError("still running")


def test_the_first_view_offers_both_ways(open_library: OpenApp) -> None:
    test = open_library()
    assert test.title[0].value == "What is in your whole library?"
    assert [each.label for each in test.file_uploader] == [
        "Drop several songs here",
        "Open a store",
    ]


def test_the_table_has_a_page_of_the_songs(open_library: OpenApp, folder: Path) -> None:
    test = open_library()
    assert len(test.dataframe[0].value) == 50
    with LibraryStore.open(folder / "home.db") as store:
        first = store.songs(sort="artist", limit=1)[0]
    assert test.dataframe[0].value["Song"][0] == first.label
    assert "120 songs; 1 to 50 are shown" in words_of(test)
    assert test.query_params == {"store": "home.db"}


def test_search_filters_and_order_are_those_of_the_store(
    open_library: OpenApp, folder: Path
) -> None:
    test = open_library()
    test.text_input(key="library_text").set_value("song 1")
    run(test)
    test.multiselect(key="library_genres").set_value(["jazz", "rock"])
    run(test)
    test.selectbox(key="library_sort").set_value("confidence")
    run(test)
    test.toggle(key="library_down").set_value(True)
    run(test)
    wanted = SongFilter(text="song 1", genres=("jazz", "rock"))
    with LibraryStore.open(folder / "home.db") as store:
        songs = store.songs(wanted, sort="confidence", descending=True)
    assert 3 < len(songs) < 50
    table = test.dataframe[0].value
    assert table["Song"].tolist() == [song.label for song in songs]
    assert table["Sure"].tolist() == [100 * song.confidence for song in songs]
    assert test.query_params["genres"] == "jazz,rock"
    test.button(key="library_all").click()
    run(test)
    assert "120 songs" in words_of(test)


def test_songs_whose_tag_differs_and_songs_that_change_midway(
    open_library: OpenApp, folder: Path
) -> None:
    test = open_library()
    for shown, wanted in (
        ("differs", SongFilter(tag_differs=True)),
        ("midway", SongFilter(changes_genre=True)),
    ):
        test.selectbox(key="library_shown").set_value(shown)
        run(test)
        with LibraryStore.open(folder / "home.db") as store:
            songs = store.songs(wanted, sort="artist")
        assert len(songs) > 0
        assert test.dataframe[0].value["Song"].tolist() == [song.label for song in songs[:50]]
    halves = [f"{song.first_half_genre} → {song.second_half_genre}" for song in songs]
    assert test.dataframe[0].value["Halves"].tolist() == halves[:50]


@pytest.mark.usefixtures("folder")
def test_a_link_brings_the_view_back(open_library: OpenApp) -> None:
    test = open_library(q="song 1", sort="year", down="1", page="2", sure="30")
    assert test.selectbox(key="library_sort").value == "year"
    assert test.toggle(key="library_down").value
    assert test.text_input(key="library_text").value == "song 1"
    assert test.slider(key="library_confidence").value == (30, 100)
    test = open_library(store="gone.db", genres="polka", part="nowhere")
    assert "gone.db" in words_of(test)
    assert "120 songs" in words_of(test)


def test_an_open_song_has_its_frames_and_the_nearest(open_library: OpenApp, folder: Path) -> None:
    test = open_library(song="7")
    with LibraryStore.open(folder / "home.db") as store:
        song = store.song(7)
        nearest = like(store.embeddings(), 7, 11)[1:]
        labels = [each.label for each in songs_of(store, [n.index for n in nearest])]
    assert song is not None
    assert song.label in words_of(test)
    assert test.dataframe[1].value["Song"].tolist() == labels
    assert "cannot be opened from here" in words_of(test)  # its file does not exist
    test.button(key="library_close_song").click()
    run(test)
    assert len(test.dataframe) == 1


def test_every_part_of_the_page_shows_the_songs_wanted(open_library: OpenApp, folder: Path) -> None:
    with LibraryStore.open(folder / "home.db") as store:
        counts = store.genre_counts(SongFilter(text="song 1"))
    n_songs = sum(counts.values())
    test = open_library(part="genres", q="song 1")
    assert f"Of {n_songs} songs" in words_of(test)
    test = open_library(part="map", q="song 1")
    assert f"Each of {n_songs} songs" in words_of(test)
    test = open_library(part="lists", q="song 1")
    assert f"Of the songs chosen above: {n_songs} songs" in words_of(test)


def test_playlists_are_those_of_the_command_line(open_library: OpenApp, folder: Path) -> None:
    test = open_library(part="lists", song="5")
    with LibraryStore.open(folder / "home.db") as store:
        points = store.embeddings()
        near = songs_of(store, [each.index for each in like(points, 5, 30)])
    test.button_group(key="library_list_kind").set_value("like")
    run(test)
    assert test.dataframe[0].value["Song"].tolist() == [song.label for song in near]
    test.button_group(key="library_list_kind").set_value("path")
    test.slider(key="library_list_length").set_value(6)
    run(test)
    last = test.selectbox(key="library_last_song").value
    with LibraryStore.open(folder / "home.db") as store:
        way = songs_of(store, path_between(points, 5, last, 6))
    assert test.dataframe[0].value["Song"].tolist() == [song.label for song in way]


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
