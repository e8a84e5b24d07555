"""Songs on the page "Test set": cells, one song, repaired and broken."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre_core.evaluation.score_file import save_score_set
from genre_core.evaluation.score_set import (
    FrameScores,
    stored_precision,
)
from genre_core.ui.pages.test_set import one_song, results
from genre_core.ui.pages.test_set.link import ScoresView, fit_view
from genre_core.ui.pages.test_set.one_song import turns_in_words
from genre_core.ui.pages.test_set.state import ScoresState
from tests.app.test_set.scores import Session, charts, extreme, text_of


@pytest.mark.usefixtures("files")
def test_a_cell_opens_its_songs_and_a_song_its_frames(page: Session):
    test = page(t="3").run()
    before = set(charts(test))
    test.selectbox(key="ts_true").set_value("blues").run()
    assert (test.query_params["true"], test.query_params["named"]) == ("blues", "blues")
    test.selectbox(key="ts_named").set_value("rock").run()
    assert not test.exception
    choice = test.selectbox(key="ts_cell_song")
    assert any("test.00" in option for option in choice.options)
    choice.set_value("test.00").run()
    assert not test.exception
    assert test.query_params["song"] == "test.00"
    assert set(charts(test)) - before == {"ts_song_frames", "ts_song_verdict"}
    text = text_of(test)
    assert "10 frames" in text
    assert "rock from the first frame on." in text
    assert "<b>Title" not in text
    test.button(key="ts_close_song").click().run()
    assert "song" not in test.query_params
    test.selectbox(key="ts_named").set_value("").run()
    assert dict(test.query_params) == {"t": "3"}


def test_the_last_turn_of_a_verdict_in_words():
    genres = ("blues", "jazz", "rock")

    def leads(*order: int) -> np.ndarray:
        return np.eye(3)[list(order)]

    assert turns_in_words(leads(1), genres) == "jazz from the first frame on."
    assert turns_in_words(leads(0, 1, 2, 2), genres) == "rock from frame 3 on, jazz before that."


@pytest.mark.usefixtures("files")
def test_the_neighbours_of_each_frame_stand_in_its_row(page: Session):
    test = page(t="3", agg="knn", song="test.00", k="4").run()
    assert not test.exception
    (table,) = (each.value for each in test.dataframe if "Verdict so far" in each.value.columns)
    for cell_text in table["Neighbours"]:
        shares = [float(part.split(" ")[-2]) for part in cell_text.split(", ")]
        assert sum(shares) == pytest.approx(100, abs=2)
        assert shares == sorted(shares, reverse=True)
    test = page(t="3", song="test.00").run()
    (table,) = (each.value for each in test.dataframe if "Verdict so far" in each.value.columns)
    assert "Neighbours" not in table


def test_long_songs_and_the_sum_of_repairs_are_explained(folder: Path, page: Session):
    """Eleven songs of one frame, all right, beside one of eight frames that is named wrongly."""
    base = extreme(12, 1, (0, 1, 2), (0, 1, 2))
    counts = np.array([8] + [1] * 11)
    scores = np.repeat(base.frames[3.0].scores, counts, axis=0)
    scores[:5] = stored_precision([[0.1, 0.8, 0.1]])  # the first song: five of eight frames wrong
    starts = np.concatenate([3 * np.arange(n, dtype=np.float32) for n in counts])
    uneven = replace(base, frames={3.0: FrameScores(counts, starts, scores)})
    save_score_set(folder / "x.json", uneven)
    said = text_of(page(show="averaging").run())
    assert "That is not the difference above" in said
    # By song 11 of 12, by frame 14 of 19; a frame of each song at random 11 3/8 of 12.
    assert "changes the accuracy by +18.0" in said or "gains 18.0" in said
    assert "together −3.1" in said
    save_score_set(folder / "x.json", extreme(12, 4, (0, 1, 2), (1,)))
    assert "That is not the difference" not in text_of(page(show="averaging").run())


@pytest.mark.usefixtures("files")
def test_any_song_can_be_chosen_by_name_without_a_cell(page: Session):
    test = page(t="3").run()
    choice = test.selectbox(key="ts_song_choice")
    assert len(choice.options) == 25  # and none
    choice.set_value("test.07").run()
    assert not test.exception
    assert test.query_params["song"] == "test.07"
    assert "true" not in test.query_params
    assert test.button(key="ts_close_song")


@pytest.mark.usefixtures("files")
def test_the_lists_of_repaired_and_broken_have_the_frames_scores(page: Session):
    test = page(t="3", show="averaging").run()
    library = results.read_library(ScoresState(ScoresView()))
    view, _ = fit_view(ScoresView(frame_seconds=3.0), library.score_sets)
    result = results.result_of(library, view)
    frames, genres = result.score_set.frames[3.0], result.score_set.genres
    n_rows = 0
    for table in (frame.value for frame in test.dataframe if "Frames" in frame.value):
        n_rows += len(table)
        for row in table.to_dict("records"):
            index = next(
                i for i in range(len(frames.counts)) if one_song.song_name(result, i) == row["Song"]
            )
            true = result.score_set.labels()[index]
            scores = frames.by_clip()[index]
            np.testing.assert_allclose(row["Frames"], 100 * scores[:, true], atol=0.051)
            assert row["Genre"].startswith(genres[true])
            n_right = int((scores.argmax(axis=1) == true).sum())
            assert row["Right"] == f"{n_right} of {len(scores)}"
    assert n_rows == int((result.outcomes.repaired | result.outcomes.broken).sum()) > 0


@pytest.mark.usefixtures("files")
def test_a_song_opens_under_the_list_it_was_chosen_from(page: Session):
    test = page(t="3", show="averaging", true="blues", named="rock").run()
    test.session_state["test_set_state"].open_song("test.01", "repairs")
    test.run()
    assert not test.exception
    drawn = list(charts(test))
    assert drawn.index("ts_song_frames") == drawn.index("ts_difference_chart") - 2
    assert test.selectbox(key="ts_cell_song").value == ""
    test.selectbox(key="ts_cell_song").set_value("test.00").run()
    drawn = list(charts(test))
    assert drawn.index("ts_song_frames") == drawn.index("ts_matrix_song") + 1


@pytest.mark.usefixtures("files")
def test_the_list_of_all_songs_has_their_verdicts_wrong_ones_first(page: Session):
    test = page(t="3").run()
    library = results.read_library(ScoresState(ScoresView()))
    view, _ = fit_view(ScoresView(frame_seconds=3.0), library.score_sets)
    result = results.result_of(library, view)
    (table,) = (each.value for each in test.dataframe if "It is" in each.value)
    assert len(table) == 24
    n_wrong = int((~result.outcomes.right).sum())
    assert n_wrong > 0
    assert table["Right"].tolist() == ["wrong"] * n_wrong + ["right"] * (24 - n_wrong)
    assert ((table["It is"] == table["Verdict"]) == (table["Right"] == "right")).all()
    sure = table["Sure"].to_numpy()
    assert (np.diff(sure[:n_wrong]) <= 0).all()
    assert sorted(sure) == pytest.approx(sorted(100 * result.verdicts.by_song.max(axis=1)))


@pytest.mark.usefixtures("files")
def test_the_most_frequent_errors_open_their_cell(page: Session):
    test = page(t="3").run()
    error = next(button for button in test.button if button.key.startswith("ts_error_"))
    true, named = error.key.removeprefix("ts_error_").split("_")
    error.click().run()
    assert not test.exception
    assert (test.query_params["true"], test.query_params["named"]) == (true, named)
    n = int(error.label.split(": ")[1].split(" ")[0])
    assert len(test.selectbox(key="ts_cell_song").options) == n + 1  # and none
    test.button(key="ts_close_cell").click().run()
    assert dict(test.query_params) == {"t": "3"}


@pytest.mark.usefixtures("files")
def test_a_link_opens_a_song_and_a_bad_one_is_mended(page: Session):
    test = page(t="3", true="blues", named="rock", song="test.00", agg="geometric").run()
    assert not test.exception
    assert not test.warning
    assert test.segmented_control(key="ts_agg").value == "geometric_mean"
    assert "Artist test 0" in text_of(test)
    bad = page(scores="<b>nothing", t="4").run()
    assert not bad.exception
    assert len(bad.warning) == 2
    assert dict(bad.query_params) == {"t": "3"}


@pytest.mark.usefixtures("files")
def test_the_open_cell_is_told_beside_the_difference(page: Session):
    test = page(t="3", true="blues", named="rock", show="averaging").run()
    assert not test.exception
    assert re.search(
        r"blues named rock\*\*: \d+ of 80 frames \(.*\), then \d of 8 songs", text_of(test)
    )
