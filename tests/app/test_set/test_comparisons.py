"""Comparisons on the page "Test set": kNN, networks, frame lengths."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from genre_core.evaluation.score_file import save_score_set
from genre_core.ui.pages.test_set import results
from genre_core.ui.pages.test_set.link import ScoresView, fit_view
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.url import AGGREGATIONS
from tests.app.test_set.scores import (
    Session,
    charts,
    matrices,
    score_set,
    text_of,
)


@pytest.mark.usefixtures("files")
def test_knn_is_explained_and_follows_its_settings(page: Session):
    test = page(t="3", agg="knn", show="averaging").run()
    assert not test.exception
    text = text_of(test)
    assert "gtzan, valid" in text  # the fair reference set comes first
    assert "24 songs, 240 frames" in text
    assert "never see" not in text
    assert "Against the mean: " in text
    fair = matrices(test)[1]
    test.selectbox(key="ts_ref").set_value("crnn.gtzan-test").run()
    assert not test.exception
    assert matrices(test)[1] != fair
    assert "never see" in text_of(test)
    assert test.query_params["ref"] == "crnn.gtzan-test"
    own = matrices(test)[1]
    test.number_input(key="ts_k").set_value(1).run()
    assert not test.exception
    assert matrices(test)[1] != own
    assert test.query_params["k"] == "1"
    # A network is only asked about its own scores.
    assert "old.gtzan-test" not in test.selectbox(key="ts_ref").options


def test_knn_is_compared_where_the_other_network_scored_the_same_reference_songs(
    files: Path, page: Session
):
    test = page(t="3", agg="knn", show="limits").run()
    assert "Against old: not compared" in text_of(test).replace("\\", "")
    save_score_set(files / "old.gtzan-valid.json", score_set("old", "valid", seed=3))
    test.run()
    assert not test.exception
    text = text_of(test).replace("\\", "")
    assert "not compared" not in text
    assert re.search(r"Against old: only crnn is right on \d+ song", text)


def test_a_network_without_such_frames_is_named_and_not_compared(files: Path, page: Session):
    old = score_set("old", seed=2)
    save_score_set(files / "old.gtzan-test.json", replace(old, frames={29.12: old.frames[29.12]}))
    for agg in ("mean", "knn"):
        test = page(t="3", agg=agg, show="limits").run()
        assert not test.exception
        said = text_of(test).replace("\\", "")
        assert "Against old: not compared, for it was scored in frames of 29.12 s only." in said
    test = page(t="29.12", show="limits").run()
    assert "not compared" not in text_of(test)
    # Chosen itself, it is shown with the frames that it has.
    test = page(t="3").run()
    test.selectbox(key="ts_model").set_value("old.gtzan-test").run()
    assert not test.exception
    assert "set to 29\\.12 s" in test.warning[0].value
    assert test.query_params["t"] == "29.12"


def test_a_missing_reference_set_is_named_with_its_remedy(files: Path, page: Session):
    (files / "crnn.gtzan-valid.json").unlink()
    test = page(t="3", agg="knn").run()
    assert not test.exception
    assert any("fair reference set is missing" in info.value for info in test.info)
    assert any("--list valid" in info.value for info in test.info)
    only_long = score_set(list_name="valid", seed=1)
    frames = {29.12: only_long.frames[29.12]}
    save_score_set(files / "crnn.gtzan-valid.json", replace(only_long, frames=frames))
    test.run()
    assert any("29.12 s only, none of 3 s" in info.value for info in test.info)
    test.segmented_control(key="ts_t").set_value(29.12).run()
    assert not test.exception
    assert all("missing" not in info.value for info in test.info)


@pytest.mark.usefixtures("files")
def test_the_table_of_all_opens_and_says_what_it_covers(page: Session):
    test = page(show="averaging")
    test.session_state["ts_overview"] = True  # unfolded
    test.run()
    assert not test.exception
    (table,) = (each.value for each in test.dataframe if "By frame" in each.value.columns)
    assert table["Frame (s)"].tolist() == [3.0, 10.0, 29.12]
    assert "By song: kNN" in table.columns
    assert "Of 24 songs" in text_of(test)
    assert "uses gtzan, valid" in text_of(test)


@pytest.mark.usefixtures("files")
def test_every_length_is_drawn_as_the_table_has_it(page: Session):
    for agg in ("mean", "vote", "knn"):
        test = page(t="3", agg=agg, show="averaging").run()
        assert not test.exception
        frame, song = json.loads(charts(test)["ts_lengths"])["data"]
        assert [lows[0] for lows in song["customdata"]] == ["3", "10", "29.12"]
        library = results.read_library(ScoresState(ScoresView()))
        asked = ScoresView(aggregation=AGGREGATIONS.get(agg, agg))
        view, _ = fit_view(asked, library.score_sets)
        result = results.result_of(library, view)
        table = results.overview_table(
            library, view, result, results.overview_references(library, view)
        )
        for place, row in enumerate(table.to_dict("records")):
            assert row["by_frame"].startswith(f"{frame['y'][place]:.1f} %")
            assert row[view.aggregation].startswith(f"{song['y'][place]:.1f} %")


@pytest.mark.usefixtures("files")
def test_the_table_of_all_is_about_the_songs_that_are_looked_at():
    library = results.read_library(ScoresState(ScoresView()))

    def table(agg: str = "mean") -> tuple[pd.DataFrame, results.Result]:
        view, _ = fit_view(ScoresView(aggregation=agg), library.score_sets)
        result = results.result_of(library, view)
        asked = results.overview_references(library, view)
        return results.overview_table(library, view, result, asked), result

    rows, result = table()
    at_10 = rows.set_index("frame_seconds").loc[10.0]
    assert at_10["n_frames"] == 3 * 24
    assert at_10["mean"] == result.summary.song_accuracy.in_percent()
    assert at_10["knn"] == table("knn")[1].summary.song_accuracy.in_percent()


@pytest.mark.usefixtures("files")
def test_another_network_keeps_the_frame_length(page: Session):
    test = page(t="3").run()
    test.selectbox(key="ts_model").set_value("old.gtzan-test").run()
    assert not test.exception
    assert dict(test.query_params) == {"scores": "old.gtzan-test", "t": "3"}
    test.selectbox(key="ts_set").set_value("gtzan, valid (given)").run()
    assert not test.exception
    assert test.query_params["scores"] == "crnn.gtzan-valid"
