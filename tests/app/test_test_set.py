"""The page "Test set", from score files made here; no network is there at all."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from genre_core import cli
from genre_core.checkpoints.checkpoint import read_info, save_checkpoint
from genre_core.checkpoints.loading import PUBLISHED
from genre_core.evaluation.listening_curve import ListeningCurve
from genre_core.evaluation.metrics import alike_order
from genre_core.evaluation.score_file import dump_score_set, save_score_set
from genre_core.evaluation.score_set import (
    FrameScores,
    ScoreSet,
    stored_precision,
)
from genre_core.evaluation.summary import measure
from genre_core.model_card.notes import INIT_NOTES
from genre_core.models import registry
from genre_core.ui.pages.test_set import exports, honesty, listening, one_song, results
from genre_core.ui.pages.test_set.genres import genre_table
from genre_core.ui.pages.test_set.link import ScoresView, fit_view
from genre_core.ui.pages.test_set.one_song import turns_in_words
from genre_core.ui.pages.test_set.section import PARTS
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.url import AGGREGATIONS
from tests import builders
from tests.builders import GENRES

Session = Callable[..., AppTest]


def score_set(model: str = "crnn", list_name: str = "test", seed: int = 0) -> ScoreSet:
    """Return 24 songs of 30 s, heard well enough; the first blues is wholly taken for rock."""
    generator = np.random.default_rng(seed)
    labels = np.arange(24) % 3
    frames = {}
    for seconds, n in ((3.0, 10), (10.0, 3), (29.12, 1)):
        frames[seconds] = [generator.dirichlet(0.6 + 0.9 * np.eye(3)[label], n) for label in labels]
        frames[seconds][0][:] = [0.1, 0.1, 0.8]
    return builders.score_set(
        labels,
        frames,
        artists=[f"Artist {list_name[:4]} {i}" for i in range(24)],
        n_audio=12,
        prefix=list_name[:4],
        title="<b>Title</b> [x](y)",
        command=f"python -m genre_core evaluate {model}",
        model=model,
        model_sha256=(model * 64)[:64],
        dataset="gtzan",
        list_name=list_name,
        problems=("test.99: cannot be read.",),
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "evaluations"
    folder.mkdir()
    monkeypatch.setenv("GENRE_EVALUATIONS", str(folder))
    monkeypatch.setenv("GENRE_MODEL", "/nowhere/net.safetensors")
    monkeypatch.setattr(results, "DEFAULT_MODEL", "crnn")
    return folder


@pytest.fixture
def files(folder: Path) -> Path:
    save_score_set(folder / "crnn.gtzan-test.json", score_set())
    save_score_set(folder / "crnn.gtzan-valid.json", score_set(list_name="valid", seed=1))
    save_score_set(folder / "old.gtzan-test.json", score_set("old", seed=2))
    return folder


@pytest.fixture
def page() -> Session:
    """Return a maker of sessions that have not run yet; keywords go into the URL."""

    def script() -> None:
        from genre_core.ui.pages.test_set import page as test_set

        test_set.page()

    def session(**query: str) -> AppTest:
        test = AppTest.from_function(script, default_timeout=120)
        for key, value in query.items():
            test.query_params[key] = value
        return test

    return session


def text_of(test: AppTest) -> str:
    parts = [element.proto.body for element in test.get("html")]
    return "\n".join(parts + [e.value for e in (*test.markdown, *test.caption, *test.info)])


def charts(test: AppTest) -> dict[str, str]:
    """Return the figures by their keys."""
    return {chart.proto.id.split("-", 2)[2]: chart.proto.spec for chart in test.get("plotly_chart")}


MATRICES = ("ts_matrix_frame", "ts_matrix_song")
RESULT_CHARTS = {
    *MATRICES,
    *("ts_difference_chart", "ts_listening"),
    *("ts_reliability", "ts_coverage", "ts_shares"),
}


def matrices(test: AppTest) -> tuple[str, str]:
    """Return the matrix by frame and the one by song."""
    drawn = charts(test)
    return drawn[MATRICES[0]], drawn[MATRICES[1]]


def test_without_score_files_the_page_says_how_to_make_one(folder: Path, page: Session):
    test = page().run()
    assert not test.exception
    assert "No scores" in test.info[0].value
    assert "python -m genre_core evaluate" in test.code[0].value
    assert not charts(test)


@pytest.mark.usefixtures("files")
def test_the_first_view_has_both_matrices_and_their_intervals(page: Session):
    test = page().run()
    assert not test.exception
    assert not test.warning
    text = text_of(test)
    assert text.count("95 % interval: ") == 2
    assert "paired bootstrap" in text
    assert "McNemar" in text
    assert "Known faults" in text
    assert "test\\.99" in text
    assert "python -m genre_core evaluate crnn" in [code.value for code in test.code]
    assert dict(test.query_params) == {"t": "10"}
    assert set(charts(test)) == {*RESULT_CHARTS, "ts_lengths"}


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
    assert "One frame a song" in text_of(test)
    assert any("nothing is repaired or broken" in info.value for info in test.info)


@pytest.mark.usefixtures("files")
def test_knn_is_explained_and_follows_its_settings(page: Session):
    test = page(t="3", agg="knn").run()
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


def test_knn_is_compared_where_the_other_network_heard_the_same_reference_songs(
    files: Path, page: Session
):
    test = page(t="3", agg="knn").run()
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
        test = page(t="3", agg=agg).run()
        assert not test.exception
        said = text_of(test).replace("\\", "")
        assert "Against old: not compared, for it was scored in frames of 29.12 s only." in said
    test = page(t="29.12").run()
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
    test = page(heard="audio")
    test.session_state["ts_overview"] = True  # unfolded
    test.run()
    assert not test.exception
    (table,) = (each.value for each in test.dataframe if "By frame" in each.value.columns)
    assert table["Frame (s)"].tolist() == [3.0, 10.0, 29.12]
    assert "By song: kNN" in table.columns
    assert "Of 12 songs “Heard as sound”" in text_of(test)
    assert "uses gtzan, valid" in text_of(test)


@pytest.mark.usefixtures("files")
def test_every_length_is_drawn_as_the_table_has_it(page: Session):
    for agg in ("mean", "vote", "knn"):
        test = page(t="3", agg=agg, heard="audio").run()
        assert not test.exception
        frame, song = json.loads(charts(test)["ts_lengths"])["data"]
        assert [lows[0] for lows in song["customdata"]] == ["3", "10", "29.12"]
        library = results.read_library(ScoresState(ScoresView()))
        asked = ScoresView(heard="audio", aggregation=AGGREGATIONS.get(agg, agg))
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

    def table(heard: str, agg: str = "mean") -> tuple[pd.DataFrame, results.Result]:
        view, _ = fit_view(ScoresView(heard=heard, aggregation=agg), library.score_sets)
        result = results.result_of(library, view)
        asked = results.overview_references(library, view)
        return results.overview_table(library, view, result, asked), result

    for heard, n_songs in (("", 24), ("audio", 12)):
        rows, result = table(heard)
        at_10 = rows.set_index("frame_seconds").loc[10.0]
        assert at_10["n_frames"] == 3 * n_songs
        assert at_10["mean"] == result.summary.song_accuracy.in_percent()
        assert at_10["knn"] == table(heard, "knn")[1].summary.song_accuracy.in_percent()


@pytest.mark.usefixtures("files")
def test_a_cell_opens_its_songs_and_a_song_its_frames(page: Session):
    test = page(t="3").run()
    before = set(charts(test))
    test.selectbox(key="ts_true").set_value("blues").run()
    assert (test.query_params["true"], test.query_params["named"]) == ("blues", "blues")
    test.selectbox(key="ts_named").set_value("rock").run()
    assert not test.exception
    choice = test.selectbox(key="ts_song_choice")
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


def test_how_long_is_enough_is_where_the_curve_stays():
    def said(*accuracy: float) -> str:
        line = np.array(accuracy)
        return listening.sentence(ListeningCurve(line, line, line, 100), 3.0)

    assert "From 3 frames (9 s) on" in said(0.5, 0.7, 0.8, 0.8)
    assert "From 4 frames (12 s) on" in said(0.5, 0.8, 0.7, 0.8, 0.8)  # once is not enough
    assert "From 1 frame (3 s) on" in said(0.8, 0.8)
    assert "might help further" in said(0.5, 0.6, 0.7)


def test_long_songs_and_the_sum_of_repairs_are_explained(folder: Path, page: Session):
    """Eleven songs of one frame, all right, beside one of eight frames that is named wrongly."""
    base = extreme(12, 1, (0, 1, 2), (0, 1, 2))
    counts = np.array([8] + [1] * 11)
    scores = np.repeat(base.frames[3.0].scores, counts, axis=0)
    scores[:5] = stored_precision([[0.1, 0.8, 0.1]])  # the first song: five of eight frames wrong
    starts = np.concatenate([3 * np.arange(n, dtype=np.float32) for n in counts])
    uneven = replace(base, frames={3.0: FrameScores(counts, starts, scores)})
    save_score_set(folder / "x.json", uneven)
    said = text_of(page().run())
    assert "That is not the difference at the top" in said
    # By song 11 of 12, by frame 14 of 19; a frame of each song at random 11 3/8 of 12.
    assert "changes the accuracy by +18.0" in said or "gains 18.0" in said
    assert "together −3.1" in said
    save_score_set(folder / "x.json", extreme(12, 4, (0, 1, 2), (1,)))
    assert "That is not the difference" not in text_of(page().run())


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
    test = page(t="3").run()
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
def test_a_song_of_the_repaired_opens_under_them(page: Session):
    test = page(t="3").run()
    test.session_state["test_set_state"].open_song("test.01", "repairs")
    test.run()
    assert not test.exception
    drawn = list(charts(test))
    assert drawn.index("ts_song_frames") == drawn.index("ts_difference_chart") + 1
    assert test.selectbox(key="ts_song_choice").value == ""
    test.selectbox(key="ts_song_choice").set_value("test.02").run()
    drawn = list(charts(test))
    assert drawn.index("ts_song_frames") == drawn.index("ts_matrix_song") + 1


@pytest.mark.usefixtures("files")
def test_a_link_opens_a_song_and_a_bad_one_is_mended(page: Session):
    test = page(t="3", true="blues", named="rock", song="test.00", agg="geometric").run()
    assert not test.exception
    assert not test.warning
    assert test.segmented_control(key="ts_agg").value == "geometric_mean"
    assert "Artist test 0" in text_of(test)
    bad = page(scores="<b>nothing", t="4", heard="tape").run()
    assert not bad.exception
    assert len(bad.warning) == 3
    assert dict(bad.query_params) == {"t": "3"}


@pytest.mark.usefixtures("files")
def test_only_songs_heard_as_sound(page: Session):
    test = page(heard="audio").run()
    assert not test.exception
    assert "of 12 songs" in text_of(test)
    test.segmented_control(key="ts_heard").set_value("").run()
    assert "of 24 songs" in text_of(test)


@pytest.mark.usefixtures("files")
def test_another_network_keeps_the_frame_length(page: Session):
    test = page(t="3").run()
    test.selectbox(key="ts_model").set_value("old.gtzan-test").run()
    assert not test.exception
    assert dict(test.query_params) == {"scores": "old.gtzan-test", "t": "3"}
    test.selectbox(key="ts_set").set_value("gtzan, valid (given)").run()
    assert not test.exception
    assert test.query_params["scores"] == "crnn.gtzan-valid"


def extreme(
    n_songs: int, n_frames: int, labels: tuple[int, ...], named: tuple[int, ...]
) -> ScoreSet:
    """Return songs whose every frame names `named`, song after song, with some doubt."""
    base = score_set()
    clips = tuple(
        replace(base.clips[i], label=GENRES[labels[i % len(labels)]]) for i in range(n_songs)
    )
    scores = 0.1 + 0.7 * np.repeat(
        np.eye(3)[[named[i % len(named)] for i in range(n_songs)]], n_frames, axis=0
    )
    frames = FrameScores(
        np.full(n_songs, n_frames),
        np.tile(3 * np.arange(n_frames, dtype=np.float32), n_songs),
        stored_precision(scores),
    )
    return replace(base, clips=clips, frames={3.0: frames})


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
    test = page(agg=aggregation, true=result.clips[0].label, named=GENRES[0], song="test.00").run()
    assert not test.exception
    if aggregation == "knn" and len(result.clips) == 1:
        assert "no song but this one" in test.error[0].value.replace("\\", "")
        return
    said = text_of(test).replace("\\", "")
    assert "nan" not in said.lower().split()
    assert "1 songs" not in said
    assert "1 times" not in said
    if len(result.clips) < 10:
        assert "more than chance" not in said.split("How these")[0].split("- **More")[0]
    if all(count == 1 for count in result.frames[3.0].counts):
        assert "Choose a shorter frame" not in said  # there is none


@pytest.mark.usefixtures("files")
def test_the_card_names_lists_that_flatter(files: Path, page: Session):
    test = page(scores="crnn.gtzan-valid").run()
    assert "A validation list" in text_of(test)
    assert "A validation list" not in text_of(page().run())
    save_score_set(files / "crnn.gtzan-train.json", score_set(list_name="train"))
    assert "A training list" in text_of(page(scores="crnn.gtzan-train").run())
    assert "2025-01-01, 00:00 UTC" in text_of(test).replace("\\", "")


def test_the_card_says_what_the_published_network_may_have_heard(folder: Path, page: Session):
    save_score_set(folder / "x.json", score_set(PUBLISHED))
    assert "did not publish" in text_of(page().run())


def test_the_card_tells_the_origin_of_the_bundled_weights(
    folder: Path, page: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    name, note = next(iter(INIT_NOTES.items()))
    path = tmp_path / "net.safetensors"
    network = registry.build("crnn", len(GENRES), channels=(4, 4, 4, 4), hidden=4)
    started = {"settings": {"init": f"weights/{name}.h5"}}
    save_checkpoint(path, network, name="net", genres=GENRES, training=started)
    monkeypatch.setattr(honesty, "bundled_models", lambda: {"net": path})
    base = score_set()
    provenance = replace(base.provenance, model="net", model_sha256=read_info(path).sha256)
    save_score_set(folder / "x.json", replace(base, provenance=provenance))
    assert note in text_of(page().run())
    other = replace(provenance, model_sha256="f" * 64)
    save_score_set(folder / "x.json", replace(base, provenance=other))
    assert note not in text_of(page().run())


def test_short_songs_that_were_trimmed_are_explained(folder: Path, page: Session):
    base = extreme(12, 1, (0, 1, 2), (0, 1, 2))
    trimmed = replace(base, provenance=replace(base.provenance, trim_seconds=20.0))
    save_score_set(folder / "x.json", trimmed)
    test = page().run()
    assert "Score these songs again as short clips" in text_of(test)


@pytest.mark.usefixtures("files")
def test_the_caption_of_the_figure_says_how_it_was_measured():
    library = results.read_library(ScoresState(ScoresView()))
    asked = ScoresView(frame_seconds=3.0, heard="audio", aggregation="knn", k=7, metric="cosine")
    view, _ = fit_view(asked, library.score_sets)
    said = exports.caption(view, results.result_of(library, view))
    assert "12 songs (heard as sound alone), 120 frames of 3 s" in said
    assert "kNN (k = 7, Cosine)" in said
    view, _ = fit_view(ScoresView(aggregation="majority_vote"), library.score_sets)
    said = exports.caption(view, results.result_of(library, view))
    assert "combined by the majority vote. " in said
    assert "alone" not in said


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
    test = page().run()
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
    test = page(t="3").run()
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
    linked = charts(page(t="3", order="alike").run())
    for key in (*MATRICES, "ts_difference_chart"):
        assert linked[key] == charts(test)[key]


@pytest.mark.usefixtures("files")
def test_the_open_cell_is_told_beside_the_difference(page: Session):
    test = page(t="3", true="blues", named="rock").run()
    assert not test.exception
    provenance = next(mark.value for mark in test.markdown if "See the songs" in mark.value)
    assert re.search(
        r"blues named rock\*\*: \d+ of 80 frames \(.*\), then \d of 8 songs", provenance
    )
    # Every entry of the list of contents leads somewhere.
    anchors = {heading.proto.anchor for heading in test.subheader}
    assert set(PARTS) <= anchors


@pytest.mark.usefixtures("files")
def test_genres_on_demand_and_all_downloads(page: Session):
    test = page(t="3").run()
    before = charts(test)["ts_listening"]
    test.pills(key="ts_listening_genres").set_value(["jazz"]).run()
    assert not test.exception
    assert charts(test)["ts_listening"] != before
    assert {button.key for button in test.get("download_button")} == {
        f"ts_download_{name}"
        for name in ("png", "svg", "pdf", "matrices", "songs", "json", "scores")
    }


def test_a_damaged_file_is_named_and_the_others_open(files: Path, page: Session):
    (files / "broken.json").write_text("{}")
    test = page().run()
    assert not test.exception
    assert "broken" in test.warning[0].value
    assert set(charts(test)) >= RESULT_CHARTS


@pytest.mark.usefixtures("folder")
def test_what_evaluate_wrote_opens_in_the_page(
    page: Session, tmp_path: Path, tiny_checkpoint: Path, wav_bytes: Callable[..., bytes]
):
    """Two genres of the model's ten, a song that is none, and a folder of another genre."""
    song = wav_bytes(7.0, 12_000)
    files = {"jazz/a": song, "jazz/b": song, "rock/c": song, "rock/no": b"none", "polka/d": song}
    for name, data in files.items():
        path = tmp_path / "songs" / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    output = tmp_path / "mine.json"
    command = ["evaluate", str(tmp_path / "songs"), "--model", str(tiny_checkpoint)]
    assert cli.main([*command, "--frame-seconds", "3", "--output", str(output)]) == 0

    test = page().run()
    upload = next(u for u in test.file_uploader if u.key == "ts_score_file")
    upload.set_value(("mine.json", output.read_bytes(), "application/json")).run()
    assert not test.exception
    assert set(charts(test)) >= RESULT_CHARTS
    text = text_of(test).replace("\\", "")
    assert "of 3 songs" in text
    assert "rock/no.wav" in text
    assert "polka" in text


@pytest.mark.usefixtures("folder")
def test_a_score_file_of_ones_own_opens_in_the_same_views(page: Session):
    test = page().run()
    data = dump_score_set(score_set("my net", "mine"))
    upload = next(u for u in test.file_uploader if u.key == "ts_score_file")
    upload.set_value(("mine.json", data, "application/json")).run()
    assert not test.exception
    assert set(charts(test)) >= RESULT_CHARTS
    assert "my net" in text_of(test)
    test.segmented_control(key="ts_part").set_value("own").run()
    assert not test.exception
    assert not charts(test)
    bad = next(u for u in test.file_uploader if u.key == "ts_score_file")
    bad.set_value(("bad.json", b"{}", "application/json")).run()
    assert "bad" in test.error[0].value
    test.segmented_control(key="ts_part").set_value("results").run()
    assert set(charts(test)) >= RESULT_CHARTS
