"""Networks and saved scores that a network in training may learn from beside the labels.

References
----------
Hinton, Vinyals, Dean (2015): Distilling the knowledge in a neural network. arXiv:1503.02531.
    (equation 1, and the factor of the squared temperature in section 2)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from genre_core.checkpoints.loading import load_network
from genre_core.checkpoints.won_weights import is_won_tagger
from genre_core.config import MAX_FRAME_SECONDS, FeatureSettings
from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import HalfArray
from genre_core.errors import ModelError
from genre_core.evaluation.score_file import load_score_set
from genre_core.inference import aggregate
from genre_core.models.base import GenreNetwork
from genre_core.models.folding import inference_copy
from genre_core.models.layers import repeat_columns
from genre_core.records import build, read_json
from genre_core.training.augmentation import clip_floor
from genre_core.training.data import TrainingData
from genre_core.training.optimization import autocast
from genre_core.training.probes import probe_scores
from genre_core.training.sampling import UNLABELLED, Batch
from genre_core.training.settings import TrainingSettings
from genre_core.training.tagger_features import load_taggers
from genre_core.training.validation import middle
from genre_core.types import FloatArray

TEACHER_SUFFIX = ".teacher.json"
MAX_TEACHER_BYTES = 4 * 2**20


@dataclass(frozen=True)
class TeacherScores:
    """What a teacher said, once, of songs that it was given whole."""

    about: str
    genres: tuple[str, ...]
    scores: dict[str, tuple[float, ...]]

    def __post_init__(self) -> None:
        """Raise ValueError where a song has not one score a genre."""
        for name, row in self.scores.items():
            if len(row) != len(self.genres):
                raise ValueError(f"{name} has {len(row)} scores, not {len(self.genres)}")


class Teacher(Protocol):
    """Whatever scores the examples of a batch."""

    def scores(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return scores float32 (B, n_genres) and bool (B,): where there are any."""


class NetworkTeacher:
    """A trained network that scores each example before it is augmented.

    Parameters
    ----------
    temperature : its own, from its checkpoint
    """

    def __init__(
        self, model: GenreNetwork, temperature: float, features: FeatureSettings, device: str
    ) -> None:
        self._model = inference_copy(model).to(device)
        self._temperature = temperature
        self._features = features
        self._device = device

    def scores(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return scores float32 (B, n_genres), and True for every example."""
        scores = self._score(batch.log_mel)
        return scores, torch.ones(len(scores), dtype=torch.bool)

    def saved(self, clips: Mapping[Clip, HalfArray]) -> "SavedTeacher":
        """Score each whole clip once.

        Parameters
        ----------
        clips : float16 (n_mels, n_columns), dB. The middle 29.12 s count; a shorter clip is
            repeated until it fills them. Of several clips of one song the longest counts.
        """
        n_columns = self._features.n_columns_of(MAX_FRAME_SECONDS)
        by_clip = {}
        for clip, log_mel in sorted(clips.items(), key=lambda item: item[1].shape[1]):
            frame = repeat_columns(middle(log_mel, n_columns), n_columns)[None].to(self._device)
            by_clip[clip.clip_id] = self._score(frame)[0].cpu().numpy()
        return SavedTeacher(by_clip, len(next(iter(by_clip.values()), ())))

    @torch.no_grad()
    def _score(self, log_mel: Tensor) -> Tensor:
        """Return scores float32 (B, n_genres) from (B, n_mels, T) in dB."""
        logits = self._model(clip_floor(log_mel, self._features))
        return (logits.float() / self._temperature).softmax(dim=1)


class SavedTeacher:
    """Scores of whole songs, the same for every part of a song.

    Parameters
    ----------
    by_clip : float32 (n_genres,) by clip id
    """

    def __init__(self, by_clip: Mapping[str, FloatArray], n_genres: int) -> None:
        self._by_clip = dict(by_clip)
        self._unknown = np.full(n_genres, 1 / n_genres, dtype=np.float32)

    def scores(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return scores float32 (B, n_genres), and True where the song's are known."""
        rows = [self._by_clip.get(clip.clip_id, self._unknown) for clip in batch.clips]
        known = [clip.clip_id in self._by_clip for clip in batch.clips]
        return torch.from_numpy(np.stack(rows)), torch.tensor(known)


def load_teacher(
    path: str | Path, genres: Sequence[str], features: FeatureSettings, device: str = "cpu"
) -> Teacher:
    """Load a teacher from a file.

    Parameters
    ----------
    path : a checkpoint, a published ten-genre .h5 file, the scores of a network that is no more
        (.teacher.json: "genres", and "scores" by clip id), or a score file (.json) as
        `python -m genre_core evaluate` writes it, of which the mean over the longest frames counts
    genres, features : of the network in training

    Raises
    ------
    GenreError
        If the file cannot be read, or the teacher has other genres or features.
    """
    if Path(path).name.endswith(TEACHER_SUFFIX):
        saved = _read_scores(path)
        _check_genres(path, saved.genres, genres)
        rows = {name: np.array(row, dtype=np.float32) for name, row in saved.scores.items()}
        return SavedTeacher(rows, len(genres))
    if Path(path).suffix.lower() == ".json":
        score_set = load_score_set(path)
        _check_genres(path, score_set.genres, genres)
        longest = score_set.frames[max(score_set.frames)]
        by_clip = {
            clip.clip_id: aggregate.mean(scores).astype(np.float32)
            for clip, scores in zip(score_set.clips, longest.by_clip(), strict=True)
            if len(scores)
        }
        return SavedTeacher(by_clip, len(genres))
    model, info = load_network(path)
    _check_genres(path, info.genres, genres)
    if info.features != features:
        raise ModelError(f"{path}: this teacher needs other features: {info.features}.")
    return NetworkTeacher(model, info.temperature, features, device)


def load_teachers(
    settings: TrainingSettings, data: TrainingData, device: str = "cpu"
) -> list[Teacher]:
    """Load every teacher of `settings`.

    With `teacher_hears="song"`, networks among them score each clip once, here. Published taggers
    become one teacher, a probe on the features of them all.

    Raises
    ------
    GenreError
        As `load_teacher` does.
    """
    published = [path for path in settings.teachers if is_won_tagger(path)]
    teachers: list[Teacher] = [
        load_teacher(path, data.genres, data.features, device)
        for path in settings.teachers
        if path not in published
    ]
    if published:
        scores = probe_scores(load_taggers(published, data), settings, data)
        teachers.append(SavedTeacher(scores, len(data.genres)))
    if settings.teacher_hears == "part":
        return teachers
    return [
        teacher.saved(data.train) if isinstance(teacher, NetworkTeacher) else teacher
        for teacher in teachers
    ]


def teacher_targets(
    teachers: Sequence[Teacher],
    batch: Batch,
    clean: Tensor,
    one_hot: Tensor,
    settings: TrainingSettings,
) -> tuple[Tensor, Tensor]:
    """Return the teachers' softened mean scores and how much each example's count.

    Parameters
    ----------
    clean : float32 (B, n_mels, n_columns), `batch.log_mel` on the device of the training
    one_hot : float32 (B, n_genres), the labels: returned where no teacher has a score

    Returns
    -------
    scores : float32 (B, n_genres)
    weight : float32 (B,), 0 where no teacher has a score
    """
    if not teachers or settings.teacher_weight == 0:
        return one_hot, one_hot.new_zeros(len(one_hot))
    part = replace(batch, log_mel=clean)
    total = torch.zeros_like(one_hot)
    count = one_hot.new_zeros(len(one_hot))
    for teacher in teachers:
        with autocast(clean.device, settings):
            scores, known = teacher.scores(part)
        if settings.teacher_must_agree:
            agrees = scores.argmax(dim=1).cpu() == part.labels
            known = known & (agrees | (part.labels == UNLABELLED))
        scores, known = scores.float().to(clean.device), known.to(clean.device).float()
        total += scores * known[:, None]
        count += known
    use = count > 0
    mean = torch.where(use[:, None], total / count.clamp(min=1)[:, None], one_hot)
    softened = (mean.clamp(min=1e-6).log() / settings.teacher_temperature).softmax(dim=1)
    return softened, use.float() * settings.teacher_weight


def distillation_loss(
    logits: Tensor, targets: Tensor, taught: Tensor, weight: Tensor, temperature: float
) -> Tensor:
    """Return the mean of cross-entropy with the labels and divergence from the teachers.

    Parameters
    ----------
    logits, targets, taught : float32 (B, n_genres), of the network, of the labels, and of the
        teachers (softened by `temperature`)
    weight : float32 (B,), share of the teachers' term
    """
    hard = -(targets * logits.log_softmax(dim=1)).sum(dim=1)
    if not weight.any():
        return hard.mean()
    softened = (logits / temperature).log_softmax(dim=1)
    soft = F.kl_div(softened, taught, reduction="none").sum(dim=1) * temperature**2
    return ((1 - weight) * hard + weight * soft).mean()


def _read_scores(path: str | Path) -> TeacherScores:
    try:
        return build(TeacherScores, read_json(path, MAX_TEACHER_BYTES))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: not a file of a teacher's scores: {error}.") from error


def _check_genres(path: str | Path, theirs: Sequence[str], ours: Sequence[str]) -> None:
    if tuple(theirs) != tuple(ours):
        raise ModelError(
            f"{path}: this teacher knows {', '.join(theirs)}; the training is for "
            f"{', '.join(ours)}."
        )
