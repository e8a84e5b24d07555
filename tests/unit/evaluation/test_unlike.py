"""Sounds that are none of the genres: measured, written, read back, told apart."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.datasets.clips import Clip
from genre_core.errors import DatasetError
from genre_core.evaluation.unlike import (
    Group,
    UnlikeRecord,
    load_unlike,
    measure_unlike,
    save_unlike,
)
from genre_core.evaluation.unlike_sounds import artificial_clips, noise, recorded_clips
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.models.familiarity import fit_familiarity

KNOWN = Group("test list", 0, (0.5, 1.0, 2.0, 3.0))
FAR = Group("speech", 0, (2.0, 4.0, 5.0))


@pytest.fixture
def record() -> UnlikeRecord:
    silence = Group("silence", 2, ())
    return UnlikeRecord("command", "2026-01-01", "small", "ab", 2.5, KNOWN, (FAR, silence))


def test_the_area_under_the_curve_is_that_of_scikit_learn(record: UnlikeRecord) -> None:
    labels = [0] * 4 + [1] * 3
    expected = roc_auc_score(labels, [*KNOWN.distances, *FAR.distances])
    assert record.area_under_curve(FAR) == pytest.approx(expected)
    assert record.area_under_curve(KNOWN) == pytest.approx(0.5)


def test_refused_sounds_are_told_apart(record: UnlikeRecord) -> None:
    silence = record.groups[1]
    assert silence.n_sounds == 2
    assert record.area_under_curve(silence) == 1.0
    assert record.share_unlike(silence) == 1.0
    assert record.share_unlike(FAR) == pytest.approx(2 / 3)
    assert record.share_unlike(KNOWN) == pytest.approx(1 / 4)


def test_a_record_is_read_back_and_anything_else_refused(
    record: UnlikeRecord, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "small.json"
    save_unlike(path, record)
    assert load_unlike(path) == record
    path.write_text(path.read_text().replace('"limit"', '"border"'))
    with pytest.raises(DatasetError, match=r"small\.json: not a record of unlike sounds"):
        load_unlike(path)


def test_sounds_are_measured_by_kind(
    tiny_checkpoint: Path, tmp_path: Path, wav_bytes: Callable[..., bytes]
) -> None:
    model, info = load_checkpoint(tiny_checkpoint)
    with pytest.raises(DatasetError, match="does not hold how its training songs lie"):
        measure_unlike(GenreRecognizer(model, info), [], {}, "command")

    def clip(name: str, samples: np.ndarray | None = None) -> Clip:
        path = tmp_path / f"{name}.wav"
        path.write_bytes(wav_bytes(4.0, 12_000, samples=samples))
        return Clip(name, "", "", name, "", path)

    song = clip("song")
    recognizer = GenreRecognizer(model, info)
    cut = recognizer.spectrograms(recognizer.decode(song.path))
    timbre = recognizer.read(cut.log_mel).timbres
    others = timbre + np.random.default_rng(0).normal(size=(60, timbre.shape[1]))
    others = others.astype(np.float32)
    familiarity = fit_familiarity(others[:40], others[40:], timbre.shape[1] // 2)
    recognizer = GenreRecognizer(model, replace(info, familiarity=familiarity))
    calls: list[tuple[int, int]] = []
    silent = clip("silence", np.zeros((48_000, 1)))
    record = measure_unlike(
        recognizer,
        [song],
        {"silence": [silent], "song": [song]},
        "command",
        lambda *call: calls.append(call),
    )
    assert calls == [(1, 3), (2, 3), (3, 3)]
    assert record.limit == familiarity.limit
    assert record.known.distances == pytest.approx([familiarity.distance(timbre)], abs=1e-3)
    assert record.groups[0] == Group("silence", 1, ())
    assert record.groups[1].distances == record.known.distances


def test_recordings_are_sorted_by_their_labels(
    tmp_path: Path, wav_bytes: Callable[..., bytes]
) -> None:
    for name in ("unlabelled/a.wav", "unlabelled/b.wav", "not_music/talk.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(wav_bytes(1.0))
    (tmp_path / "unlabelled/sources.csv").write_text("file,label\na.wav,techno\nb.wav,country\n")
    kinds = recorded_clips(tmp_path)
    assert [clip.clip_id for clip in kinds["techno"]] == ["a.wav"]
    assert [clip.clip_id for clip in kinds["speech"]] == ["talk.wav"]
    assert kinds["opera"] == ()


def test_noise_falls_with_frequency_as_told(tmp_path: Path) -> None:
    power = np.abs(np.fft.rfft(noise(np.random.default_rng(0), 1.0))) ** 2
    low, high = power[1_000:2_000].mean(), power[100_000:101_000].mean()
    assert low / high == pytest.approx(100_500 / 1_500, rel=0.2)
    kinds = artificial_clips(tmp_path)
    assert {kind: len(clips) for kind, clips in kinds.items()} == {
        "noise": 18,
        "tones": 16,
        "silence": 2,
    }
    assert all(clip.path.is_file() for clips in kinds.values() for clip in clips)
