import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from genre_core.errors import SettingsError
from genre_core.evaluation import export as evaluation_export
from genre_core.evaluation import summary
from genre_core.evaluation.knn import KnnSettings
from genre_core.evaluation.metrics import Estimate
from genre_core.evaluation.score_set import FrameScores, ScoreSet
from genre_core.evaluation.verdicts import AGGREGATIONS, song_verdicts, verdict_so_far
from genre_core.inference.export import to_json
from tests import builders
from tests.builders import GENRES


def score_set(artist: str = "Änn") -> ScoreSet:
    """Three songs, one of each genre: right, broken, repaired."""
    songs = [
        [[0.75, 0.25, 0], [0.5, 0.5, 0]],
        [[0.25, 0.75, 0], [0.9, 0, 0.1]],
        [[0, 0.5, 0.5], [0, 0, 1]],
    ]
    return builders.score_set([0, 1, 2], {5.0: songs}, artists=[artist] * 3)


def results(of: ScoreSet) -> tuple[FrameScores, np.ndarray, summary.Summary]:
    frames = of.frames[5.0]
    by_song = song_verdicts(of, 5.0, "mean").by_song
    return frames, by_song, summary.measure(of.labels(), frames, by_song, of.genres)


def test_songs_by_hand() -> None:
    of = score_set()
    frames, by_song, _ = results(of)
    table = evaluation_export.songs_table(of, frames, by_song)
    assert table["named_genre"].tolist() == ["blues", "blues", "rock"]
    assert table["right"].tolist() == [True, False, True]
    assert table["n_frames_right"].tolist() == [2, 1, 1]
    assert table["effect"].tolist() == ["", "broken", "repaired"]
    np.testing.assert_allclose(table[list(GENRES)].sum(axis=1), 1.0, atol=1e-5)


def test_csv_of_songs_runs_no_formula() -> None:
    of = score_set(artist="=HYPERLINK(1)")
    frames, by_song, _ = results(of)
    text = evaluation_export.songs_csv(evaluation_export.songs_table(of, frames, by_song))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["artist"] == "'=HYPERLINK(1)"
    assert rows[0]["title"] == "Title"
    assert len(rows) == 3


def test_csv_of_matrices_has_counts_and_percentages_of_both() -> None:
    *_, summary = results(score_set())
    rows = list(csv.DictReader(io.StringIO(evaluation_export.matrices_csv(summary, GENRES))))
    assert len(rows) == 12
    jazz = {(row["by"], row["unit"]): row for row in rows if row["true_genre"] == "jazz"}
    assert [jazz["frame", "count"][g] for g in ("n", *GENRES)] == ["2", "1", "1", "0"]
    assert float(jazz["frame", "percent"]["blues"]) == 50
    assert float(jazz["song", "percent"]["blues"]) == 100


def test_everything_is_strict_json() -> None:
    of = score_set()
    frames, by_song, summary = results(of)
    record = evaluation_export.results_record(
        of, summary, evaluation_export.songs_table(of, frames, by_song),
        frame_seconds=5.0, aggregation="mean", heard="all",
    )  # fmt: skip
    read = json.loads(to_json(record))
    assert read["song_accuracy"]["value"] == pytest.approx(2 / 3)
    assert read["songs"][0]["artist"] == "Änn"
    assert read["settings"] == {"frame_seconds": 5.0, "aggregation": "mean", "heard": "all"}
    assert read["provenance"]["command"] == "a command"
    assert read["provenance"]["split"] == "test (given)"  # fields are added, never renamed


def test_table_of_all_accuracies() -> None:
    table = evaluation_export.accuracy_table(score_set(artist=""), None, KnnSettings(1))
    (row,) = table.to_dict(orient="records")
    assert set(AGGREGATIONS) < set(row)
    assert row["mean"].startswith("66.7 % (")
    assert row["by_frame"].startswith("66.7 % (")
    assert "%" in row["knn"]


def test_knn_that_cannot_be_is_a_dash() -> None:
    """All songs are of one artist, so none may be asked about another."""
    assert evaluation_export.accuracy_table(score_set())["knn"].tolist() == ["-"]
    with pytest.raises(SettingsError):
        song_verdicts(score_set(), 5.0, "knn")
    # A reference set that has no frames of the length is not replaced by the songs themselves.
    assert evaluation_export.accuracy_table(score_set(artist=""), {})["knn"].tolist() == ["-"]


def test_knn_of_the_table_asks_the_reference_set_of_each_length() -> None:
    """The same scores stand there under another genre, so that every song is named wrongly."""
    songs = score_set(artist="")
    clips = tuple(
        replace(clip, clip_id=f"reference.{i}", label=GENRES[(i + 1) % 3])
        for i, clip in enumerate(songs.clips)
    )
    references = {5.0: replace(songs, clips=clips)}
    table = evaluation_export.accuracy_table(songs, references, KnnSettings(1))
    assert table["knn"][0].startswith("0.0 % (")
    assert table["mean"][0].startswith("66.7 % (")


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_evidence_and_verdicts_agree(aggregation: str) -> None:
    of = score_set(artist="")
    judged = song_verdicts(of, 5.0, aggregation, settings=KnnSettings(1))
    np.testing.assert_allclose(judged.by_song.sum(axis=1), 1.0)
    means = judged.evidence.reshape(3, 2, 3).mean(axis=1)
    np.testing.assert_array_equal(means.argmax(axis=1), judged.by_song.argmax(axis=1))


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_what_the_frames_come_to_ends_at_the_verdict(aggregation: str) -> None:
    of = score_set(artist="")
    judged = song_verdicts(of, 5.0, aggregation, settings=KnnSettings(1))
    for song, evidence in enumerate(judged.evidence.reshape(3, 2, 3)):
        so_far = verdict_so_far(evidence, aggregation)
        np.testing.assert_allclose(so_far.sum(axis=1), 1.0)
        np.testing.assert_allclose(so_far[-1], judged.by_song[song], atol=1e-6)
        assert so_far[0].argmax() == evidence[0].argmax()


def test_what_two_frames_come_to_by_hand() -> None:
    scores = np.array([[0.8, 0.2], [0.2, 0.8]])
    np.testing.assert_allclose(verdict_so_far(scores, "mean"), [[0.8, 0.2], [0.5, 0.5]])
    np.testing.assert_allclose(
        verdict_so_far(np.log([[0.8, 0.2], [0.5, 0.5]]), "geometric_mean"),
        [[0.8, 0.2], [2 / 3, 1 / 3]],  # square roots of 0.4 and 0.1: two to one
    )


def test_an_estimate_in_words() -> None:
    assert Estimate(0.779, 0.7263, 0.8).in_percent() == "77.9 % (72.6 to 80.0)"
