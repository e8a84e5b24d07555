from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip
from genre_core.errors import ModelError
from genre_core.training.augmentation import clip_floor
from genre_core.training.data import TrainingData
from genre_core.training.distillation import NetworkTeacher, SavedTeacher, load_teacher
from genre_core.training.objective import GenreObjective
from genre_core.training.sampling import Batch
from genre_core.training.tasks import genre_task
from tests.unit.training.builders import (
    FEATURES,
    GENRES,
    PLAIN,
    SETTINGS,
    fit_made,
    made_clips,
    made_data,
    made_trainer,
)


def test_teacher_pulls_the_pupil() -> None:
    """A teacher that always says the opposite, with all of the weight, is what is learnt."""
    clips = made_clips()
    contrary = SavedTeacher(
        {
            clip.clip_id: np.array([0.0, 1.0] if clip.label == "high" else [1.0, 0.0], np.float32)
            for clip in clips
        },
        2,
    )
    settings = replace(
        SETTINGS,
        augmentation=PLAIN,
        teacher_weight=1.0,
        epochs=10,
        learning_rate=1e-2,
        select_by="last",
        ema_decay=0.0,
    )
    trainer = made_trainer(settings, [contrary], train=clips, valid=clips)
    trainer.run()
    assert trainer.history[-1].valid_accuracy == 0.0
    critical = replace(settings, teacher_must_agree=True)  # it never does
    trainer = made_trainer(critical, [contrary], train=clips, valid=clips)
    trainer.run()
    assert trainer.history[-1].valid_accuracy == 1.0


def test_network_teacher_from_a_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "teacher.safetensors"
    fit_made(path)
    teacher = load_teacher(path, GENRES, FEATURES)
    settings = replace(SETTINGS, batch_size=3)
    batch = genre_task(settings, made_data(), "cpu").batches.draw(torch.Generator().manual_seed(0))
    scores, known = teacher.scores(batch)
    torch.testing.assert_close(scores.sum(dim=1), torch.ones(3))
    assert known.all()
    with pytest.raises(ModelError, match="this teacher knows"):
        load_teacher(path, ("low", "high"), FEATURES)
    with pytest.raises(ModelError, match="other features"):
        load_teacher(path, GENRES, FeatureSettings(n_mels=16, top_db=60.0))


def test_a_network_teacher_may_score_whole_songs_once(tmp_path: Path) -> None:
    path = tmp_path / "teacher.safetensors"
    fit_made(path)
    teacher = load_teacher(path, GENRES, FEATURES)
    assert isinstance(teacher, NetworkTeacher)
    random = np.random.default_rng(0)
    whole, excerpt, brief = (
        Clip(clip_id, "high", "", "", "", Path(path))
        for clip_id, path in (("a", "whole"), ("a", "excerpt"), ("b", "b"))
    )
    arrays = {
        clip: random.normal(-30.0, 8.0, (FEATURES.n_mels, n)).astype(np.float16)
        for clip, n in ((whole, 1_400), (excerpt, 130), (brief, 130))
    }
    saved = teacher.saved(arrays)
    model, info = load_checkpoint(path)
    cut = (arrays[whole][:, 17 : 17 + 1_366], np.tile(arrays[brief], 11)[:, :1_366])
    x = clip_floor(torch.from_numpy(np.stack(cut)).float(), FEATURES)
    with torch.inference_mode():
        expected = (model.eval()(x) / info.temperature).softmax(dim=1)
    batch = Batch(
        torch.zeros(3, FEATURES.n_mels, 130),
        torch.tensor([0, 0, 1]),
        (whole, excerpt, brief),
    )
    scores, known = saved.scores(batch)
    torch.testing.assert_close(scores, expected[[0, 0, 1]], atol=1e-4, rtol=1e-3)
    assert known.all()


def test_songs_without_labels_are_learnt_from_the_teacher_alone() -> None:
    """Labels say one thing, the teacher of the unlabelled songs another: both are learnt."""
    labelled = made_clips()
    others = {replace(clip, label=""): x for clip, x in made_clips(seed=3).items()}
    contrary = SavedTeacher(
        {
            clip.clip_id: np.array([0.0, 1.0] if "high" in clip.clip_id else [1.0, 0.0], np.float32)
            for clip in others
        },
        2,
    )
    settings = replace(SETTINGS, augmentation=PLAIN, unlabelled_share=0.5, label_smoothing=0.1)
    data = TrainingData(GENRES, FEATURES, labelled, {}, others)
    batch = genre_task(settings, data, "cpu").batches.draw(torch.Generator().manual_seed(0))
    objective = GenreObjective(settings, FEATURES, 2, [contrary])

    class Certain(torch.nn.Module):
        """Answers as labels and teacher say, or the other way round."""

        def __init__(self, sign: float) -> None:
            super().__init__()
            self.sign = torch.nn.Parameter(torch.tensor(sign))

        def forward(self, log_mel: Tensor) -> Tensor:
            targets = torch.tensor(
                [
                    label if label >= 0 else int("high" in clip.clip_id)
                    for clip, label in zip(batch.clips, batch.labels.tolist(), strict=True)
                ]
            )
            return self.sign * 4.0 * (2.0 * torch.nn.functional.one_hot(targets, 2) - 1.0)

    losses = []
    for sign in (1.0, -1.0):
        loss, n_correct = objective(Certain(sign), batch, torch.Generator().manual_seed(0))
        losses.append(loss.item())
        assert n_correct == (len(batch.labels) if sign > 0 else 0)
    assert losses[0] < 0.5 < 3.0 < losses[1]
