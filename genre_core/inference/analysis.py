"""The result of one network on one song, before and after its verdict."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from genre_core.inference import aggregate
from genre_core.models.familiarity import UNLIKE_LEVEL
from genre_core.types import FloatArray, Frames, ModelInfo, Verdict, Waveform

UNLIKE = "unlike anything this network has learnt"


@dataclass(frozen=True, eq=False)
class Spectrograms:
    """A song cut into frames, and their `log_mel`, float32 (n_frames, n_mels, n_columns) in dB."""

    frames: Frames
    log_mel: FloatArray


@dataclass(frozen=True, eq=False)
class Readings:
    """The output of a network for each frame.

    Attributes
    ----------
    scores : float32 (n_frames, n_genres), rows sum to 1
    embeddings : float32 (n_frames, width), the input of its classifier
    timbres : float32 (n_frames, n_maps), means of the maps of its last two convolution blocks
    """

    scores: FloatArray
    embeddings: FloatArray
    timbres: FloatArray

    @classmethod
    def joined(cls, parts: Sequence["Readings"]) -> "Readings":
        """Return the readings of several frames in order."""
        return cls(
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.embeddings for part in parts]),
            np.concatenate([part.timbres for part in parts]),
        )


@dataclass(frozen=True, eq=False)
class SongAnalysis:
    """One song and the scores of its frames.

    Attributes
    ----------
    log_mel : float32 (n_frames, n_mels, n_columns), dB
    scores : float32 (n_frames, n_genres), rows sum to 1; silent frames have scores too
    embeddings : float32 (n_frames, width), the input of the network's classifier
    unlikeness : share of validation frames more like the training set, 0 to 1; None if unknown
    """

    waveform: Waveform
    frames: Frames
    log_mel: FloatArray
    scores: FloatArray
    model: ModelInfo
    embeddings: FloatArray
    unlikeness: float | None = None

    @property
    def unlike_training(self) -> bool:
        """Whether the song is unlike everything in the network's training set."""
        return self.unlikeness is not None and self.unlikeness > UNLIKE_LEVEL

    def verdict(self, aggregation: str = "mean", left_out: Collection[int] = ()) -> Verdict:
        """Aggregate the scores of the frames that are not silent. No network runs.

        Raises SettingsError if there is no such aggregation, AudioError if no frame is left.

        Parameters
        ----------
        aggregation : a key of `aggregate.AGGREGATES`
        left_out : indices of more frames that do not count
        """
        excluded = self.frames.silent | np.isin(np.arange(len(self.scores)), list(left_out))
        return aggregate.verdict(self.scores, self.model.genres, aggregation, excluded)
