from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genre_core.config import FeatureSettings, FrameSettings
from genre_core.datasets.clips import Clip
from genre_core.errors import DatasetError, SettingsError
from genre_core.evaluation import metrics, verdicts
from genre_core.evaluation.metrics import Estimate
from genre_core.evaluation.score_file import load_score_set, save_score_set
from genre_core.evaluation.score_set import (
    FrameScores,
    ScoredClip,
    ScoreSet,
    stored_precision,
)
from genre_core.evaluation.scoring import SongList, score_dataset
from genre_core.evaluation.song_frames import CutSettings
from genre_core.evaluation.summary import measure, summarise
from genre_core.inference import aggregate
from tests import builders
from tests.builders import GENRES, PROVENANCE, random_score_set


def one_hot(*labels: int) -> np.ndarray:
    return np.eye(3, dtype=np.float32)[list(labels)]


def score_set_of(labels: list[int], songs: list[np.ndarray]) -> ScoreSet:
    return builders.score_set(labels, {5.0: songs})


def test_perfect_network() -> None:
    summary = summarise(score_set_of([0, 1, 2], [one_hot(0, 0), one_hot(1), one_hot(2, 2)]), 5.0)
    assert summary.song_accuracy.value == 1.0
    assert summary.song_accuracy.high == pytest.approx(1.0)
    assert summary.frame_accuracy == Estimate(1.0, 1.0, 1.0)
    assert summary.averaging_gain == Estimate(0.0, 0.0, 0.0)
    assert summary.song_diagonal == summary.frame_diagonal == 1.0
    np.testing.assert_array_equal(summary.song_confusion, np.eye(3))
    np.testing.assert_array_equal(summary.frame_confusion, np.diag([2, 1, 2]))
    assert [item.f1 for item in summary.per_genre] == [1.0, 1.0, 1.0]
    assert summary.calibration_error == pytest.approx(0.0)


def test_always_the_same_genre() -> None:
    labels = [0, 1, 1, 2]
    summary = summarise(score_set_of(labels, [one_hot(1)] * 4), 5.0)
    assert summary.song_accuracy.value == 0.5
    assert summary.song_diagonal == pytest.approx(1 / 3)
    blues, jazz, _ = summary.per_genre
    assert (blues.precision, blues.recall, blues.f1, blues.support) == (0.0, 0.0, 0.0, 1)
    assert (jazz.precision, jazz.recall, jazz.support) == (0.5, 1.0, 2)
    assert summary.calibration_error == pytest.approx(0.5)


def test_one_frame_a_song_makes_both_matrices_equal() -> None:
    summary = summarise(random_score_set(n_frames=1), 5.0)
    np.testing.assert_array_equal(summary.song_confusion, summary.frame_confusion)
    assert summary.song_accuracy.value == summary.frame_accuracy.value
    assert summary.averaging_gain == Estimate(0.0, 0.0, 0.0)


def test_identical_frames_are_aggregated_to_themselves() -> None:
    scores = np.array([[0.5, 0.25, 0.25]], dtype=np.float32)
    frames = score_set_of([0], [np.repeat(scores, 6, axis=0)]).frames[5.0]
    for aggregation in ("mean", "geometric_mean"):
        np.testing.assert_allclose(verdicts.song_scores(frames, aggregation), scores, atol=1e-6)
    np.testing.assert_allclose(
        verdicts.song_scores(frames, "majority_vote"), [[1, 0, 0]], atol=1e-6
    )


def test_order_of_songs_does_not_matter() -> None:
    first = random_score_set()
    order = np.random.default_rng(1).permutation(len(first.clips))
    parts = first.frames[5.0].by_clip()
    labels = first.labels()
    second = score_set_of(
        [int(labels[index]) for index in order], [parts[index] for index in order]
    )
    one, other = summarise(first, 5.0), summarise(second, 5.0)
    np.testing.assert_array_equal(one.frame_confusion, other.frame_confusion)
    assert one.song_accuracy == other.song_accuracy
    assert one.frame_accuracy.value == pytest.approx(other.frame_accuracy.value)


def test_summary_of_one_kind_is_that_of_its_songs() -> None:
    sound, converted = random_score_set(20, seed=1), random_score_set(30, seed=2)
    renamed = [
        ScoredClip("c" + clip.clip_id, clip.label, "", "", "converted") for clip in converted.clips
    ]
    frames = [part.frames[5.0] for part in (sound, converted)]
    both = ScoreSet(
        "both",
        GENRES,
        (*sound.clips, *renamed),
        {
            5.0: FrameScores(
                np.concatenate([part.counts for part in frames]),
                np.concatenate([part.start_seconds for part in frames]),
                np.concatenate([part.scores for part in frames]),
            )
        },
        PROVENANCE,
    )
    for kind, alone in (("audio", sound), ("converted", converted)):
        expected, measured = summarise(alone, 5.0), summarise(both, 5.0, kinds=(kind,))
        assert measured.song_accuracy == expected.song_accuracy
        assert measured.frame_accuracy == expected.frame_accuracy
        np.testing.assert_array_equal(measured.frame_confusion, expected.frame_confusion)
    assert summarise(both, 5.0).n_songs == 50


@pytest.mark.parametrize(
    ("n_right", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), Statistics in Medicine 17, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval_as_published(n_right: int, n: int, low: float, high: float) -> None:
    interval = metrics.wilson_interval(n_right, n)
    assert interval.value == pytest.approx(n_right / n)
    assert interval.low == pytest.approx(low, abs=1e-4)
    assert interval.high == pytest.approx(high, abs=1e-4)


def test_bootstrap_resamples_songs_not_frames() -> None:
    """Frames that agree within their song tell no more than the songs do."""
    generator = np.random.default_rng(0)
    right = generator.random(50) < 0.7
    alone = metrics.frame_accuracy(right, np.arange(50))
    repeated = metrics.frame_accuracy(np.repeat(right, 20), np.repeat(np.arange(50), 20))
    assert repeated == alone
    spread = np.sqrt(right.mean() * (1 - right.mean()) / 50)
    assert alone.high - alone.low == pytest.approx(2 * 1.96 * spread, rel=0.15)


def test_averaging_gain_by_hand() -> None:
    # Song 0: 2 of 3 frames right and the song right; song 1: 1 of 3 and wrong.
    gain = metrics.averaging_gain([True, False], [1, 1, 0, 1, 0, 0], [0, 0, 0, 1, 1, 1])
    assert gain.value == pytest.approx(0.5 - 0.5)
    gain = metrics.averaging_gain([True, True], [1, 1, 0, 1, 0, 1], [0, 0, 0, 1, 1, 1])
    assert gain.value == pytest.approx(1 - 4 / 6)
    assert gain.low <= gain.value <= gain.high


def test_confusion_matrix_has_true_genres_in_its_rows() -> None:
    counts = metrics.confusion_matrix([0, 0, 1], [0, 2, 1], 3)
    np.testing.assert_array_equal(counts, [[1, 0, 1], [0, 1, 0], [0, 0, 0]])
    percent = metrics.row_percent(counts)
    np.testing.assert_allclose(percent[:2], [[50, 0, 50], [0, 100, 0]])
    assert np.isnan(percent[2]).all()
    assert metrics.mean_of_diagonal(counts) == pytest.approx(0.75)


def test_rows_of_percentages_sum_to_a_hundred() -> None:
    percent = metrics.row_percent(summarise(random_score_set(), 5.0).frame_confusion)
    np.testing.assert_allclose(percent.sum(axis=1), 100.0)


def test_columns_of_percentages_sum_to_a_hundred_and_have_the_precision() -> None:
    counts = np.array([[6, 2, 0], [0, 3, 0], [2, 0, 0]])
    percent = metrics.column_percent(counts)
    np.testing.assert_allclose(percent[:, :2].sum(axis=0), 100)
    assert np.isnan(percent[:, 2]).all()
    reference, estimate = np.repeat(np.indices((3, 3)).reshape(2, 9), counts.ravel(), axis=1)
    precisions = [item.precision for item in metrics.per_genre(reference, estimate, "abc")]
    np.testing.assert_allclose(np.diag(percent)[:2], [100 * value for value in precisions[:2]])


def test_genres_that_are_confused_stand_together() -> None:
    """0 and 3 are taken for one another, 1 and 4 a little, 2 is always right."""
    counts = np.diag([10, 10, 10, 10, 10])
    counts[0, 3], counts[3, 0], counts[1, 4] = 8, 5, 2
    place = np.argsort(metrics.alike_order(counts))
    assert sorted(place) == [0, 1, 2, 3, 4]
    assert abs(place[0] - place[3]) == 1
    assert abs(place[1] - place[4]) == 1
    for n_genres in (1, 2):
        assert list(metrics.alike_order(np.zeros((n_genres, n_genres)))) == list(range(n_genres))
    assert sorted(metrics.alike_order(np.zeros((4, 4)))) == [0, 1, 2, 3]


def test_mcnemar_textbook_case() -> None:
    """Conover's example: 7 and 1 discordant pairs, exact two-sided p = 18/256."""
    reference = np.zeros(20, dtype=int)
    first, second = reference.copy(), reference.copy()
    second[:7] = 1
    first[7] = 1
    first[8:10] = second[8:10] = 1  # both wrong: no matter
    test = metrics.mcnemar(reference, first, second)
    assert (test.first_only, test.second_only) == (7, 1)
    assert test.p_value == pytest.approx(18 / 256)


def test_mcnemar_of_the_same_estimates() -> None:
    assert metrics.mcnemar([0, 1], [0, 0], [0, 0]).p_value == 1.0


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="expected a reference"):
        metrics.song_accuracy([0, 1], [0])


def test_unknown_length_aggregation_and_kind() -> None:
    score_set = random_score_set()
    with pytest.raises(SettingsError, match="there are 5 s"):
        summarise(score_set, 3.0)
    with pytest.raises(SettingsError, match="median"):
        summarise(score_set, 5.0, "median")
    with pytest.raises(SettingsError, match="converted"):
        summarise(score_set, 5.0, kinds=("converted",))


# Files


# From songs to scores


@pytest.fixture
def recognizer() -> Any:
    import torch

    from genre_core.checkpoints.info import CheckpointInfo
    from genre_core.inference.recognizer import GenreRecognizer
    from genre_core.models import registry

    torch.manual_seed(0)
    model = registry.build("crnn", 3, channels=(4,), pools=((8, 4),), hidden=4).eval()
    info = CheckpointInfo(
        "tiny", "crnn", model.hyperparameters, GENRES, FeatureSettings(), FrameSettings(), 1.0,
        sha256="1" * 64,
    )  # fmt: skip
    return GenreRecognizer(model, info)


MINE = SongList("mine", "folder")


@pytest.fixture
def clips(tmp_path: Path, wav_bytes: Any) -> tuple[Clip, ...]:
    (tmp_path / "a.wav").write_bytes(wav_bytes(7.0, 12_000))
    (tmp_path / "b.wav").write_bytes(wav_bytes(4.0, 12_000))
    (tmp_path / "broken.wav").write_bytes(b"not sound")
    levels = np.random.default_rng(0).integers(0, 256, (1, 128, 387), dtype=np.uint8)
    np.savez(tmp_path / "mel.npz", X=levels)
    return (
        Clip("a", "rock", "", "A", "Some", "audio", tmp_path / "a.wav"),
        Clip("broken", "rock", "", "", "", "audio", tmp_path / "broken.wav"),
        Clip("b", "jazz", "", "B", "", "audio", tmp_path / "b.wav"),
        Clip("c", "blues", "", "C", "", "converted", tmp_path / "mel.npz", 0),
    )


def test_scores_are_those_of_the_app(recognizer: Any, clips: tuple[Clip, ...]) -> None:
    calls: list[tuple[int, int]] = []
    score_set = score_dataset(
        recognizer,
        clips,
        MINE,
        CutSettings((3.0, 5.0)),
        lambda done, total: calls.append((done, total)),
    )
    assert [clip.clip_id for clip in score_set.clips] == ["a", "b", "c"]
    assert calls == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert len(score_set.provenance.problems) == 1
    assert "broken" in score_set.provenance.problems[0]
    assert score_set.provenance.model_sha256 == "1" * 64
    assert score_set.frames[3.0].counts.tolist() == [2, 1, 10]
    assert score_set.frames[5.0].counts.tolist() == [1, 1, 6]  # b is one short frame
    np.testing.assert_allclose(score_set.frames[3.0].start_seconds[:3], [0.5, 3.5, 0.5])
    converted = score_set.frames[5.0].start_seconds[2:]
    np.testing.assert_allclose(converted, np.arange(6) * 5 + converted[0], atol=1e-4)
    assert converted[0] < 0.02
    for seconds, rest in ((3.0, 1.0), (5.0, 2.0)):  # of 7 s
        analysis = recognizer.analyse(clips[0].path, FrameSettings(seconds, rest / 2))
        stored = score_set.frames[seconds].by_clip()[0]
        np.testing.assert_array_equal(stored, stored_precision(analysis.scores))


def test_file_gives_the_accuracy_that_was_computed_directly(
    recognizer: Any, clips: tuple[Clip, ...], tmp_path: Path
) -> None:
    from genre_core.inference.aggregate import mean

    score_set = score_dataset(recognizer, clips, MINE, CutSettings((3.0,), 0.0))
    save_score_set(tmp_path / "scores.json", score_set)
    right = []
    for clip in clips:
        if clip.kind == "audio" and clip.clip_id != "broken":
            scores = recognizer.analyse(clip.path, FrameSettings(3.0, 0.0)).scores
            right.append(GENRES[mean(scores).argmax()] == clip.label)
    measured = summarise(load_score_set(tmp_path / "scores.json"), 3.0, kinds=("audio",))
    assert measured.song_accuracy.value == pytest.approx(np.mean(right))


def test_trimmed_converted_clips_start_later(recognizer: Any, clips: tuple[Clip, ...]) -> None:
    score_set = score_dataset(recognizer, clips[3:], MINE, CutSettings((5.0,), 4.0))
    np.testing.assert_allclose(score_set.frames[5.0].start_seconds, 4 + 5 * np.arange(4))


def test_same_song_twice_and_unknown_labels_are_refused(
    recognizer: Any, clips: tuple[Clip, ...]
) -> None:
    with pytest.raises(DatasetError, match="twice"):
        score_dataset(recognizer, (clips[0], clips[0]), MINE)
    polka = Clip("p", "polka", "", "", "", "audio", clips[0].path)
    with pytest.raises(DatasetError, match="polka"):
        score_dataset(recognizer, (polka,), MINE)
    with pytest.raises(DatasetError, match="no song could be scored"):
        score_dataset(recognizer, clips[1:2], MINE)
    with pytest.raises(DatasetError, match="Only sound can be perturbed"):
        score_dataset(recognizer, clips[3:], MINE, CutSettings(perturbation="quiet"))


def test_perturbed_scores_say_so(recognizer: Any, clips: tuple[Clip, ...]) -> None:
    plain, changed = (
        score_dataset(recognizer, clips[:1], MINE, CutSettings((3.0,), None, name))
        for name in ("", "pink_noise")
    )
    assert changed.provenance.perturbation == "pink_noise"
    assert not np.array_equal(plain.frames[3.0].scores, changed.frames[3.0].scores)


# --- what combining does ----------------------------------------------------


@pytest.mark.parametrize("aggregation", ["mean", "geometric_mean", "majority_vote"])
def test_evidence_of_frames_gives_the_verdicts_of_the_aggregation(aggregation: str) -> None:
    frames = random_score_set(200).frames[5.0]
    evidence = aggregate.frame_evidence(frames.scores, aggregation)
    parts = np.split(evidence, np.cumsum(frames.counts)[:-1])
    np.testing.assert_array_equal(
        [part.mean(axis=0).argmax() for part in parts],
        verdicts.song_scores(frames, aggregation).argmax(axis=1),
    )


def test_mean_by_song_is_the_mean_of_its_frames() -> None:
    frames = random_score_set().frames[5.0]
    by_song = verdicts.mean_by_song(frames.scores.astype(np.float64), frames.counts)
    np.testing.assert_allclose(by_song, verdicts.song_scores(frames, "mean"), atol=1e-9)


def test_a_tie_of_votes_is_decided_by_the_scores() -> None:
    shares = np.array([[0.5, 0.5, 0.0]])
    decided = aggregate.with_ties_broken(shares, [[0.3, 0.4, 0.3]])
    assert decided.argmax() == 1
    np.testing.assert_allclose(decided, shares, atol=1e-8)


def test_difference_of_matrices_by_hand() -> None:
    frames, songs = [[6, 2], [0, 0]], [[1, 0], [0, 0]]
    difference = metrics.confusion_difference(frames, songs)
    np.testing.assert_allclose(difference[0], [25.0, -25.0])
    assert np.isnan(difference[1]).all()
    same = metrics.confusion_difference(frames, frames)
    np.testing.assert_array_equal(same[0], [0, 0])


def test_repaired_and_broken_by_hand() -> None:
    scores = [
        np.array([[0.9, 0.1, 0.0], [0.4, 0.6, 0.0]]),  # right by its first frame: repaired
        np.array([[0.4, 0.6, 0.0], [0.9, 0.1, 0.0]]),  # right by its first frame only: broken
        one_hot(2, 2),
        one_hot(0, 0),
    ]
    tiny = score_set_of([0, 1, 2, 2], scores)
    frames = tiny.frames[5.0]
    found = verdicts.outcomes(tiny.labels(), frames, verdicts.song_scores(frames))
    np.testing.assert_array_equal(found.right, [True, False, True, False])
    np.testing.assert_array_equal(found.frames_right, [0.5, 0.5, 1.0, 0.0])
    np.testing.assert_array_equal(found.repaired, [True, False, False, False])
    np.testing.assert_array_equal(found.broken, [False, True, False, False])
    assert (found.won, found.lost) == (0.5 / 4, 0.5 / 4)


def test_repaired_minus_broken_is_the_whole_gain() -> None:
    many = random_score_set(60, n_frames=5)
    frames = many.frames[5.0]
    found = verdicts.outcomes(many.labels(), frames, verdicts.song_scores(frames))
    assert found.won - found.lost == pytest.approx(summarise(many, 5.0).averaging_gain.value)


def test_any_judgement_of_the_songs_can_be_measured() -> None:
    tiny = score_set_of([0, 1, 2], [one_hot(0), one_hot(0), one_hot(0)])
    summary = measure(tiny.labels(), tiny.frames[5.0], np.eye(3), tiny.genres)
    assert summary.song_accuracy.value == 1.0
    assert summary.frame_accuracy.value == pytest.approx(1 / 3)
