"""What one network makes of one song, before and after its verdict."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from genre_core.inference import aggregate
from genre_core.types import FloatArray, Frames, ModelInfo, Verdict, Waveform


@dataclass(frozen=True, eq=False)
class Spectrograms:
    """A song cut into frames, and their `log_mel`, float32 (n_frames, n_mels, n_columns) in dB."""

    frames: Frames
    log_mel: FloatArray


@dataclass(frozen=True, eq=False)
class SongAnalysis:
    """One song and the scores of its frames.

    Attributes
    ----------
    waveform : Waveform
    frames : Frames
    log_mel : float32 (n_frames, n_mels, n_columns), dB
    scores : float32 (n_frames, n_genres), rows sum to 1; silent frames have scores too
    model : ModelInfo
    """

    waveform: Waveform
    frames: Frames
    log_mel: FloatArray
    scores: FloatArray
    model: ModelInfo

    def verdict(self, aggregation: str = "mean", left_out: Collection[int] = ()) -> Verdict:
        """Aggregate the scores of the frames that are not silent. No network runs.

        Parameters
        ----------
        aggregation : str, a key of `aggregate.AGGREGATES`
        left_out : indices of more frames that do not count

        Raises
        ------
        SettingsError
            If there is no such aggregation.
        AudioError
            If no frame is left.
        """
        excluded = self.frames.silent | np.isin(np.arange(len(self.scores)), list(left_out))
        return aggregate.verdict(self.scores, self.model.genres, aggregation, excluded)
