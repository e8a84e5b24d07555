"""A linear probe on a tagger's features as a teacher; the tagger here has random weights."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from genre_core.datasets.clips import Clip
from genre_core.errors import ModelError, SettingsError
from genre_core.models.won_live import conv_blocks
from genre_core.models.won_taggers import FEATURES, WonTagger
from genre_core.training.data import TrainingData
from genre_core.training.distillation import SavedTeacher, load_teachers
from genre_core.training.probes import probe_scores
from genre_core.training.sampling import UNLABELLED, Batch
from genre_core.training.tagger_features import LEVEL_DB, load_taggers, set_level, tag_features
from tests.unit.training.builders import SETTINGS, made_data

N_COLUMNS = 400


def tagger_file(folder: Path, kind: str = "fcn") -> Path:
    torch.manual_seed(0)
    path = folder / f"won_{kind}.safetensors"
    tagger = WonTagger(kind)  # type: ignore[arg-type]
    with torch.no_grad():
        for block in conv_blocks(tagger):
            block.bn.weight[16:] = 1e-4  # most channels are dead, as in the published ones
            block.bn.bias[16:] = -1.0
    safetensors.torch.save_file(tagger.state_dict(), path)
    return path


def clips(labels: tuple[str, ...], n: int, seed: int) -> dict[Clip, np.ndarray]:
    generator = np.random.default_rng(seed)
    made = {}
    for label in labels:
        for index in range(n):
            log_mel = generator.normal(-50, 4, (96, N_COLUMNS))
            log_mel[slice(48, 96) if label == "high" else slice(0, 48)] += 20
            name = f"{label}.{seed}.{index}"
            made[Clip(name, label, "", "", "", Path(name))] = log_mel.astype(np.float16)
    return made


def data() -> TrainingData:
    unlabelled = {
        replace(clip, label="", clip_id=f"unlabelled.{clip.clip_id}"): log_mel
        for clip, log_mel in clips(("high", "low"), 1, 5).items()
    }
    return TrainingData(
        ("high", "low"), FEATURES, clips(("high", "low"), 4, 0), unlabelled=unlabelled
    )


def test_the_probe_names_songs_with_and_without_labels(tmp_path: Path) -> None:
    made = data()
    taggers = load_taggers([tagger_file(tmp_path), tagger_file(tmp_path, "crnn")], made)
    scores = probe_scores(taggers, SETTINGS, made)
    assert set(scores) == {clip.clip_id for clip in (*made.train, *made.unlabelled)}
    for name, row in scores.items():
        assert row.sum() == pytest.approx(1.0, abs=1e-5)
        assert ("high", "low")[row.argmax()] in name


def test_taggers_become_one_teacher(tmp_path: Path) -> None:
    made = data()
    paths = (str(tagger_file(tmp_path)), str(tagger_file(tmp_path, "crnn")))
    [teacher] = load_teachers(replace(SETTINGS, teachers=paths), made)
    assert isinstance(teacher, SavedTeacher)
    [clip, *_] = made.unlabelled
    none = torch.full((1,), UNLABELLED)
    batch = Batch(torch.zeros(1, 96, 9), none, (clip,))
    scores, known = teacher.scores(batch)
    assert known.all()
    assert scores.sum().item() == pytest.approx(1.0, abs=1e-5)


def test_a_tagger_needs_its_own_features(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"--features sample_rate=16000 .* mel_scale=htk"):
        load_taggers([tagger_file(tmp_path)], made_data())


def test_the_level_of_a_song_does_not_matter_to_a_tagger(tmp_path: Path) -> None:
    taggers = load_taggers([tagger_file(tmp_path)], data())
    [log_mel, *_] = data().train.values()
    frame = torch.from_numpy(log_mel).float()[None]
    power = torch.pow(10.0, set_level(frame - 30.0) / 10.0).mean()
    assert 10 * torch.log10(power).item() == pytest.approx(LEVEL_DB, abs=1e-3)
    steps, summary = tag_features(taggers, frame)
    again = tag_features(taggers, frame - 30.0)
    assert torch.allclose(steps, again[0], atol=1e-5)
    assert torch.allclose(summary, again[1], atol=1e-4)


def teacher_file(path: Path, rows: str) -> Path:
    path.write_text(f'{{"about": "", "genres": ["high", "low"], "scores": {rows}}}')
    return path


def test_saved_scores_teach(tmp_path: Path) -> None:
    path = teacher_file(tmp_path / "old.teacher.json", '{"high.0.0": [0.9, 0.1]}')
    [teacher] = load_teachers(replace(SETTINGS, teachers=(str(path),)), made_data())
    known, unknown = (
        Clip(name, "high", "", "", "", Path(name)) for name in ("high.0.0", "high.9.9")
    )
    both = torch.zeros(2, dtype=torch.int64)
    scores, found = teacher.scores(Batch(torch.zeros(2, 16, 9), both, (known, unknown)))
    assert found.tolist() == [True, False]
    assert scores[0].tolist() == pytest.approx([0.9, 0.1])


@pytest.mark.parametrize("rows", ['{"a": [0.5]}', '{"a": "b"}', "["])
def test_damaged_scores_are_refused(tmp_path: Path, rows: str) -> None:
    path = teacher_file(tmp_path / "old.teacher.json", rows)
    with pytest.raises(ModelError, match="not a file of a teacher's scores"):
        load_teachers(replace(SETTINGS, teachers=(str(path),)), made_data())
