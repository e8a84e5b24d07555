"""The page "Test set": its views and figures, from score files made here."""

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from genre_core.evaluation.listening_curve import ListeningCurve
from genre_core.evaluation.metrics import alike_order
from genre_core.evaluation.score_file import save_score_set
from genre_core.evaluation.score_set import (
    FrameScores,
    ScoreSet,
)
from genre_core.evaluation.summary import measure
from genre_core.ui.pages.test_set import exports, listening, results
from genre_core.ui.pages.test_set.genres import genre_table
from genre_core.ui.pages.test_set.link import ScoresView, Tab, fit_view
from genre_core.ui.pages.test_set.state import ScoresState
from tests.app.test_set.scores import (
    MATRICES,
    TAB_CHARTS,
    Session,
    charts,
    extreme,
    matrices,
    score_set,
    text_of,
)
from tests.builders import GENRES


@pytest.mark.usefixtures("files")
def test_the_first_view_has_both_matrices_and_their_intervals(page: Session):
    test = page().run()
    assert not test.exception
    assert not test.warning
    text = text_of(test)
    assert text.count("95 % interval: ") == 2
    library = results.read_library(ScoresState(ScoresView()))
    result = results.result_of(library, fit_view(ScoresView(), library.score_sets)[0])
    n_right, outcomes = int(result.outcomes.right.sum()), result.outcomes
    assert f"Of 24 songs the network names **{n_right} right" in text
    n_helped, n_spoilt = int(outcomes.repaired.sum()), int(outcomes.broken.sum())
    assert n_helped > 1
    assert f"helps {n_helped} songs and spoils {n_spoilt}." in text
    assert dict(test.query_params) == {"t": "10"}
    assert set(charts(test)) == set(MATRICES)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("tab", get_args(Tab))
def test_a_tab_is_in_the_link_and_only_the_open_one_is_computed(page: Session, tab: str):
    test = page(show=tab).run()
    assert not test.exception
    assert set(charts(test)) == {*MATRICES, *TAB_CHARTS[tab]}
    assert dict(test.query_params) == {"t": "10"} | ({} if tab == "songs" else {"show": tab})


@pytest.mark.usefixtures("files")
def test_the_data_their_faults_and_the_counting_are_said(page: Session):
    test = page(show="limits").run()
    text = text_of(test)
    assert "McNemar" in text
    assert "Known faults" in text
    assert "test\\.99" in text
    assert "python -m genre_core evaluate crnn" in [code.value for code in test.code]
    assert "paired bootstrap" in text_of(page(show="averaging").run())


@pytest.mark.usefixtures("files")
def test_another_frame_length_and_aggregation_redraw_the_matrices(page: Session):
    test = page().run()
    before = matrices(test)
    test.segmented_control(key="ts_t").set_value(3.0).run()
    assert not test.exception
    three = matrices(test)
    assert three[0] != before[0]
    assert three[1] != before[1]
    test.segmented_control(key="ts_agg").set_value("majority_vote").run()
    assert matrices(test)[0] == three[0]  # by frame nothing is combined
    assert dict(test.query_params) == {"t": "3", "agg": "vote"}


@pytest.mark.usefixtures("files")
def test_one_frame_a_song_makes_both_matrices_equal_and_says_why(page: Session):
    test = page(t="29.12").run()
    assert not test.exception
    by_frame, by_song = matrices(test)
    assert by_frame.replace("frames", "songs") == by_song
    assert "there is nothing to average" in text_of(test)
    assert "One frame a song" in text_of(page(t="29.12", show="limits").run())
    test = page(t="29.12", show="averaging").run()
    assert any("nothing is repaired or broken" in info.value for info in test.info)


def test_how_long_is_enough_is_where_the_curve_stays():
    def said(*accuracy: float) -> str:
        line = np.array(accuracy)
        return listening.sentence(ListeningCurve(line, line, line, 100), 3.0)

    assert "From 3 frames (9 s) on" in said(0.5, 0.7, 0.8, 0.8)
    assert "From 4 frames (12 s) on" in said(0.5, 0.8, 0.7, 0.8, 0.8)  # once is not enough
    assert "From 1 frame (3 s) on" in said(0.8, 0.8)
    assert "might help further" in said(0.5, 0.6, 0.7)


@pytest.mark.parametrize("aggregation", ["mean", "geometric", "vote", "knn"])
@pytest.mark.parametrize(
    "result",
    [
        pytest.param(extreme(1, 4, (0,), (0,)), id="one song, right"),
        pytest.param(extreme(1, 1, (0,), (2,)), id="one song of one frame, wrong"),
        pytest.param(extreme(6, 4, (1,), (1,)), id="one genre"),
        pytest.param(extreme(12, 4, (0, 1, 2), (0, 1, 2)), id="all right"),
        pytest.param(extreme(12, 4, (0, 1, 2), (1, 2, 0)), id="all wrong"),
        pytest.param(extreme(12, 4, (0, 1, 2), (1,)), id="always the same"),
    ],
)
def test_the_page_is_right_about_extreme_test_sets(
    folder: Path, page: Session, result: ScoreSet, aggregation: str
):
    save_score_set(folder / "x.json", result)
    opened = {"true": result.clips[0].label, "named": GENRES[0], "song": "test.00"}
    for tab in get_args(Tab):
        test = page(agg=aggregation, show=tab, **opened).run()
        assert not test.exception
        if aggregation == "knn" and len(result.clips) == 1:
            assert "no song but this one" in test.error[0].value.replace("\\", "")
            return
        said = text_of(test).replace("\\", "")
        assert "nan" not in said.lower().split()
        assert "1 songs" not in said
        assert "1 times" not in said
        if len(result.clips) < 10:
            assert "more than chance" not in said.split("- **More")[0]
        if all(count == 1 for count in result.frames[3.0].counts):
            assert "Choose a shorter frame" not in said  # there is none


@pytest.mark.usefixtures("files")
def test_the_caption_of_the_figure_says_how_it_was_measured():
    library = results.read_library(ScoresState(ScoresView()))
    asked = ScoresView(frame_seconds=3.0, aggregation="knn", k=7, metric="cosine")
    view, _ = fit_view(asked, library.score_sets)
    said = exports.caption(view, results.result_of(library, view))
    assert "24 songs, 240 frames of 3 s" in said
    assert "kNN (k = 7, Cosine)" in said
    view, _ = fit_view(ScoresView(aggregation="majority_vote"), library.score_sets)
    said = exports.caption(view, results.result_of(library, view))
    assert "combined by the majority vote. " in said


@pytest.mark.usefixtures("files")
def test_a_genre_without_songs_has_no_recall():
    counts = np.array([[2, 1, 0], [0, 0, 0], [0, 1, 0]])
    base = score_set()
    reference, estimate = np.repeat(np.indices((3, 3)).reshape(2, 9), counts.ravel(), axis=1)
    frames = FrameScores(
        np.ones(4, int), np.zeros(4, np.float32), np.eye(3, dtype=np.float32)[estimate]
    )
    summary = measure(reference, frames, np.eye(3)[estimate], base.genres)
    table = genre_table(summary).set_index("Genre")
    assert table.loc["blues", ["Songs", "Named", "Recall", "Precision"]].tolist() == pytest.approx(
        [3, 2, 200 / 3, 100]
    )
    assert np.isnan(table.loc["jazz", "Recall"])
    assert table.loc["jazz", "Precision"] == 0
    assert np.isnan(table.loc["rock", "Precision"])
    assert table.loc["rock", "Recall"] == 0


@pytest.mark.usefixtures("files")
def test_counts_and_shares_of_the_column_on_demand(page: Session):
    test = page(show="averaging").run()
    seen = {matrices(test)}
    difference = charts(test)["ts_difference_chart"]
    for cells, reading in (("count", "Colours are percentages"), ("column", "precision")):
        test.segmented_control(key="ts_cells").set_value(cells).run()
        assert not test.exception
        assert test.query_params["cells"] == cells
        assert reading in text_of(test)
        seen.add(matrices(test))
        assert charts(test)["ts_difference_chart"] == difference  # always of the row
    assert len(seen) == 3
    assert matrices(page(cells="count").run()) in seen


@pytest.mark.usefixtures("files")
def test_confused_genres_side_by_side(page: Session):
    test = page(t="3", show="averaging").run()
    library = results.read_library(ScoresState(ScoresView()))
    result = results.result_of(
        library, fit_view(ScoresView(frame_seconds=3.0), library.score_sets)[0]
    )
    order = alike_order(result.summary.frame_confusion)
    assert list(order) != [0, 1, 2]
    test.toggle(key="ts_order").set_value(True).run()
    assert not test.exception
    assert test.query_params["order"] == "alike"
    rows = json.loads(matrices(test)[0])["layout"]["yaxis"]["ticktext"]
    assert [row.split(" ")[0] for row in rows] == [GENRES[i] for i in order]
    linked = charts(page(t="3", order="alike", show="averaging").run())
    for key in (*MATRICES, "ts_difference_chart"):
        assert linked[key] == charts(test)[key]


@pytest.mark.usefixtures("files")
def test_genres_on_demand_and_all_downloads(page: Session):
    test = page(t="3", show="averaging").run()
    before = charts(test)["ts_listening"]
    test.pills(key="ts_listening_genres").set_value(["jazz"]).run()
    assert not test.exception
    assert charts(test)["ts_listening"] != before
    test = page(t="3", show="files").run()
    assert {button.key for button in test.get("download_button")} == {
        f"ts_download_{name}"
        for name in ("png", "svg", "pdf", "matrices", "songs", "json", "scores")
    }
