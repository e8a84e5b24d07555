"""The figures of a library."""

from dataclasses import replace

import numpy as np
import pytest

from genre_core.plots.library.genre_shares import genre_shares_figure
from genre_core.plots.library.library_map import MapSongs, library_map_figure
from genre_core.plots.library.over_years import over_years_figure, years_in_bar


def test_shares_add_up_and_the_largest_comes_first() -> None:
    (bar,) = genre_shares_figure({"jazz": 1, "rock": 6, "blues": 3}).data
    assert bar.x == ("rock", "blues", "jazz")
    assert bar.y == (60.0, 30.0, 10.0)


def test_years_keep_every_song() -> None:
    by_year = {1960: {"jazz": 2}, 1961: {"jazz": 1, "rock": 3}, 2020: {"rock": 5}}
    figure = over_years_figure(by_year)
    assert years_in_bar(by_year) == 2
    assert {trace.name: sum(trace.y) for trace in figure.data} == {"jazz": 3, "rock": 8}
    shares = over_years_figure(by_year, as_share=True)
    np.testing.assert_allclose(np.sum([trace.y for trace in shares.data], axis=0), 100.0)


@pytest.mark.parametrize(
    ("first", "last", "step"), [(2000, 2000, 1), (1980, 2025, 2), (0, 9999, 1000)]
)
def test_bars_stay_few(first: int, last: int, step: int) -> None:
    by_year = {first: {"jazz": 1}, last: {"jazz": 1}}
    assert years_in_bar(by_year) == step
    assert sum(over_years_figure(by_year).data[0].y) == len(by_year)


def songs(n_songs: int) -> MapSongs:
    generator = np.random.default_rng(0)
    return MapSongs(
        ids=np.arange(n_songs) + 500,
        places=generator.standard_normal((n_songs, 2)).astype(np.float32),
        genres=np.array(["jazz", "rock"])[np.arange(n_songs) % 2],
        names=np.array([f"song {n}" for n in range(n_songs)]),
    )


@pytest.mark.parametrize("n_songs", [3, 500, 20_000])
def test_every_dot_of_the_map_leads_to_its_song(n_songs: int) -> None:
    everything = songs(n_songs)
    figure = library_map_figure(everything)
    rows = np.concatenate([trace.customdata for trace in figure.data])
    assert sorted(rows.tolist()) == list(range(n_songs))
    for trace in figure.data:
        assert trace.type == "scattergl"
        assert set(everything.genres[trace.customdata]) == {trace.name}
        np.testing.assert_array_equal(trace.x, everything.places[trace.customdata, 0])
        np.testing.assert_array_equal(trace.hovertext, everything.names[trace.customdata])


def test_the_open_song_is_a_star_and_its_nearest_are_ringed() -> None:
    everything = songs(50)
    figure = library_map_figure(everything, chosen=507, ringed=[501, 502])
    marks = {trace.name: trace for trace in figure.data}
    assert marks["star"].x == pytest.approx(everything.places[[7], 0])
    assert marks["circle-open"].x == pytest.approx(everything.places[[1, 2], 0])
    assert "star" not in {trace.name for trace in library_map_figure(everything, chosen=9).data}


def test_songs_all_in_one_place_make_a_map() -> None:
    everything = songs(300)
    one = replace(everything, places=np.zeros_like(everything.places))
    assert len(library_map_figure(one).data) == 2
