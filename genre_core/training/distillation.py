"""Networks and saved scores that a network in training may learn from beside the labels.

References
----------
Hinton, Vinyals, Dean (2015): Distilling the knowledge in a neural network. arXiv:1503.02531.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from genre_core.config import MAX_FRAME_SECONDS, FeatureSettings
from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import HalfArray
from genre_core.errors import ModelError
from genre_core.evaluation.score_file import load_score_set
from genre_core.inference import aggregate
from genre_core.models.base import GenreNetwork
from genre_core.models.folding import inference_copy
from genre_core.models.layers import repeat_columns
from genre_core.training.augmentation import clip_floor
from genre_core.training.initialisation import load_network
from genre_core.training.sampling import Batch
from genre_core.training.trainer import Teacher, middle
from genre_core.types import FloatArray


class NetworkTeacher:
    """A trained network that hears the same part of the song, before it is augmented.

    Parameters
    ----------
    model : GenreNetwork
    temperature : float
        Its own, from its checkpoint.
    features : FeatureSettings
    device : str
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
        scores = self._listen(batch.log_mel)
        return scores, torch.ones(len(scores), dtype=torch.bool)

    def saved(self, clips: Mapping[Clip, HalfArray]) -> "SavedTeacher":
        """Return what it says of whole clips, each heard once.

        Parameters
        ----------
        clips : mapping of Clip to float16 (n_mels, n_columns), dB
            The middle 29.12 s count; a shorter clip is repeated until it fills them. Of several
            clips of one song the longest counts.
        """
        n_columns = self._features.n_columns(round(MAX_FRAME_SECONDS * self._features.sample_rate))
        by_clip = {}
        for clip, log_mel in sorted(clips.items(), key=lambda item: item[1].shape[1]):
            heard = repeat_columns(middle(log_mel, n_columns), n_columns)[None].to(self._device)
            by_clip[clip.clip_id] = self._listen(heard)[0].cpu().numpy()
        return SavedTeacher(by_clip, len(next(iter(by_clip.values()), ())))

    @torch.no_grad()
    def _listen(self, log_mel: Tensor) -> Tensor:
        """Return scores float32 (B, n_genres) from (B, n_mels, T) in dB."""
        logits = self._model(clip_floor(log_mel, self._features))
        return (logits.float() / self._temperature).softmax(dim=1)


class SavedTeacher:
    """Scores of whole songs, whatever part of them is heard.

    Parameters
    ----------
    by_clip : mapping of clip id to float32 (n_genres,)
    n_genres : int
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
    path : str or Path
        A checkpoint, a published ten-genre .h5 file, or a score file (.json) as
        `python -m genre_core evaluate` writes it, of which the mean over the longest frames counts.
    genres : sequence of str
        That the pupil learns, in order.
    features : FeatureSettings
        That the pupil hears.
    device : str

    Returns
    -------
    Teacher

    Raises
    ------
    GenreError
        If the file cannot be read, or the teacher has other genres or hears differently.
    """
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


def _check_genres(path: str | Path, theirs: Sequence[str], ours: Sequence[str]) -> None:
    if tuple(theirs) != tuple(ours):
        raise ModelError(
            f"{path}: this teacher knows {', '.join(theirs)}; the training is for "
            f"{', '.join(ours)}."
        )
