"""A data set through a network: which frames, which scores, what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.config import FeatureSettings, FrameSettings
from genre_core.datasets.clips import Clip
from genre_core.errors import DatasetError
from genre_core.evaluation.score_file import load_score_set, save_score_set
from genre_core.evaluation.score_set import (
    stored_precision,
)
from genre_core.evaluation.scoring import SongList, join_songs, score_dataset
from genre_core.evaluation.song_frames import CutSettings
from genre_core.evaluation.summary import summarise
from tests.builders import GENRES


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
    return (
        Clip("a", "rock", "", "A", "Some", tmp_path / "a.wav"),
        Clip("broken", "rock", "", "", "", tmp_path / "broken.wav"),
        Clip("b", "jazz", "", "B", "", tmp_path / "b.wav"),
    )


def test_doubts_about_files_stand_in_the_score_file(
    recognizer: Any, clips: tuple[Clip, ...], tmp_path: Path
) -> None:
    content = clips[0].path.read_bytes()
    clips[0].path.write_bytes(content[: len(content) * 7 // 10])
    score_set = score_dataset(recognizer, clips, MINE, CutSettings((3.0,)))
    save_score_set(tmp_path / "scores.json", score_set)
    (warning,) = load_score_set(tmp_path / "scores.json").provenance.warnings
    assert warning.startswith("a: The file is cut short")


def test_scores_are_those_of_the_app(recognizer: Any, clips: tuple[Clip, ...]) -> None:
    calls: list[tuple[int, int]] = []
    score_set = score_dataset(
        recognizer,
        clips,
        MINE,
        CutSettings((3.0, 5.0)),
        lambda done, total: calls.append((done, total)),
    )
    assert [clip.clip_id for clip in score_set.clips] == ["a", "b"]
    assert calls == [(1, 3), (2, 3), (3, 3)]
    assert len(score_set.provenance.problems) == 1
    assert "broken" in score_set.provenance.problems[0]
    assert score_set.provenance.model_sha256 == "1" * 64
    assert score_set.frames[3.0].counts.tolist() == [2, 1]
    assert score_set.frames[5.0].counts.tolist() == [1, 1]  # b is one short frame
    np.testing.assert_allclose(score_set.frames[3.0].start_seconds[:3], [0.5, 3.5, 0.5])
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
        if clip.clip_id != "broken":
            scores = recognizer.analyse(clip.path, FrameSettings(3.0, 0.0)).scores
            right.append(GENRES[mean(scores).argmax()] == clip.label)
    measured = summarise(load_score_set(tmp_path / "scores.json"), 3.0)
    assert measured.song_accuracy.value == pytest.approx(np.mean(right))


def test_same_song_twice_and_unknown_labels_are_refused(
    recognizer: Any, clips: tuple[Clip, ...]
) -> None:
    with pytest.raises(DatasetError, match="twice"):
        score_dataset(recognizer, (clips[0], clips[0]), MINE)
    polka = Clip("p", "polka", "", "", "", clips[0].path)
    with pytest.raises(DatasetError, match="polka"):
        score_dataset(recognizer, (polka,), MINE)
    with pytest.raises(DatasetError, match="no song could be scored"):
        score_dataset(recognizer, clips[1:2], MINE)


def test_perturbed_scores_say_so(recognizer: Any, clips: tuple[Clip, ...]) -> None:
    plain, changed = (
        score_dataset(recognizer, clips[:1], MINE, CutSettings((3.0,), None, name))
        for name in ("", "pink_noise")
    )
    assert changed.provenance.perturbation == "pink_noise"
    assert not np.array_equal(plain.frames[3.0].scores, changed.frames[3.0].scores)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=8), st.integers(0, 2**16))
def test_joined_songs_come_apart_again(counts: list[int], seed: int) -> None:
    generator = np.random.default_rng(seed)
    songs = [
        (np.arange(n, dtype=np.float32), generator.dirichlet(np.ones(4), n).astype(np.float32))
        for n in counts
    ]
    joined = join_songs(songs)
    assert joined.counts.tolist() == counts
    for (_, scores), apart in zip(songs, joined.by_clip(), strict=True):
        np.testing.assert_array_equal(stored_precision(scores), apart)
    np.testing.assert_array_equal(
        joined.start_seconds, np.concatenate([start for start, _ in songs])
    )
    assert joined.clip_index().tolist() == [i for i, n in enumerate(counts) for _ in range(n)]
