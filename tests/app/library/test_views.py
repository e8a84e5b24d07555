"""The page "Library", without a browser: what it shows of a store."""

from pathlib import Path

import pytest

from genre_core.library.playlists import like, path_between, songs_of
from genre_core.library.query import SongFilter
from genre_core.library.store import LibraryStore
from tests.app.library.pages import OpenApp, run, words_of


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
