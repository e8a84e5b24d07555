"""From a song to the scores of its frames: decode, spectrograms, score."""

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from genre_core.audio.frames import cut_frames
from genre_core.audio.load import Source, load_audio
from genre_core.checkpoints.bundled import default_model_path
from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.checkpoints.info import CheckpointInfo
from genre_core.config import FeatureSettings, FrameSettings
from genre_core.errors import ModelError
from genre_core.features.log_mel import log_mel_spectrogram
from genre_core.inference.analysis import Readings, SongAnalysis, Spectrograms
from genre_core.inference.early_frames import EarlyFrames, OnFrames
from genre_core.inference.threads import DEFAULT_THREADS
from genre_core.models.base import GenreNetwork
from genre_core.models.bfloat16 import bfloat16_copy, computes_bfloat16
from genre_core.models.folding import inference_copy
from genre_core.models.hidden_parts import Box, HiddenParts
from genre_core.types import FloatArray, ModelInfo, Waveform

OnStep = Callable[[str, float], None]  # what is done now, and the share of the work done, 0 to 1

# More frames at once than cores take as long as one after the other, and more memory; so users take
# turns, frame by frame.
_FRAMES_AT_A_TIME = threading.Semaphore(max(1, (os.cpu_count() or 1) // DEFAULT_THREADS))

# Shares of an analysis that are done when a song is decoded and when its spectrograms are there.
_DECODED = 0.8  # by then most frames are read too
_SPECTROGRAMS = 0.85


class GenreRecognizer:
    """A trained network with its settings. One recognizer serves any number of threads.

    Parameters
    ----------
    model : is copied, so later changes to it have no effect here
    is_fast : compute in bfloat16 where the processor does. Scores then differ by less than 0.01;
        without it they are the same on every machine, as evaluations want it. Log-odds never are
        in bfloat16: they are subtracted from one another.

    Attributes
    ----------
    info : name, SHA-256 of the content, genres
    checkpoint : all that the checkpoint says about the network
    """

    def __init__(self, model: GenreNetwork, info: CheckpointInfo, *, is_fast: bool = False) -> None:
        self._exact = inference_copy(model)
        fast = is_fast and computes_bfloat16()
        self._model = bfloat16_copy(self._exact) if fast else self._exact
        self.checkpoint = info
        self.info = ModelInfo(name=info.name, sha256=info.sha256, genres=info.genres)

    @classmethod
    def from_checkpoint(
        cls, source: str | Path | bytes | None = None, *, is_fast: bool = False
    ) -> "GenreRecognizer":
        """Load a checkpoint: a file, or its content; by default the one that comes along.

        Raises ModelError as `load_checkpoint`.
        """
        path = default_model_path() if source is None else source
        return cls(*load_checkpoint(path), is_fast=is_fast)

    @property
    def features(self) -> FeatureSettings:
        """How the network's log-mel-spectrograms are made."""
        return self.checkpoint.features

    @property
    def frame_settings(self) -> FrameSettings:
        """How a song is cut by default."""
        return self.checkpoint.frames

    def analyse(
        self,
        source: Source,
        frame_settings: FrameSettings | None = None,
        name: str | None = None,
        on_step: OnStep | None = None,
        on_frames: OnFrames | None = None,
    ) -> SongAnalysis:
        """Decode a song, cut it into frames, and score each of them.

        What is decoded goes through the network while another thread decodes the rest.

        Raises AudioError if the song cannot be read or is too short. Raises SettingsError if a
        frame setting is outside its limits. Raises ModelError if a score is not a finite number.

        Parameters
        ----------
        frame_settings : `self.frame_settings` by default
        name : of the song, for the receipt and for messages
        on_step : called with "Decoding", "Spectrograms", "Frame 3 of 7", and the share done
        on_frames : called at most once, early; see `EarlyFrames`
        """
        early = self.early_frames(frame_settings, on_frames)
        waveform = self.decode(source, name, on_step, early)
        cut = self.spectrograms(waveform, frame_settings, on_step, early)
        return self.combine(waveform, cut, self.read(cut.log_mel, on_step, early))

    def early_frames(
        self, frame_settings: FrameSettings | None = None, on_frames: OnFrames | None = None
    ) -> EarlyFrames:
        """Return the listener for `decode` that reads frames meanwhile; errors as in `analyse`."""

        def read(samples: FloatArray) -> tuple[FloatArray, Readings]:
            log_mel = self.log_mel(samples)
            return log_mel, self._read_frame(log_mel)

        settings = frame_settings or self.frame_settings
        return EarlyFrames(read, self.features.sample_rate, settings, on_frames)

    def decode(
        self,
        source: Source,
        name: str | None = None,
        on_step: OnStep | None = None,
        early: EarlyFrames | None = None,
    ) -> Waveform:
        """Decode a song to the network's sample rate; parameters and errors as in `analyse`.

        `early` reads frames meanwhile; give it to the other steps too.
        """
        step = on_step or _ignore
        step("Decoding", 0.0)
        return load_audio(
            source,
            name,
            sample_rate=self.features.sample_rate,
            on_progress=lambda share: step("Decoding", _DECODED * share),
            listener=early,
        )

    def spectrograms(
        self,
        waveform: Waveform,
        frame_settings: FrameSettings | None = None,
        on_step: OnStep | None = None,
        early: EarlyFrames | None = None,
    ) -> Spectrograms:
        """Cut a decoded song into frames; parameters and errors as in `analyse` and `decode`."""
        frames = cut_frames(waveform, frame_settings or self.frame_settings)
        (on_step or _ignore)("Spectrograms", _DECODED)
        if early is not None:
            early.settle(frames)
        known = early.log_mel if early else []
        rest = self.log_mel(frames.samples[len(known) :])
        return Spectrograms(frames, np.concatenate([*known, rest]))

    def log_mel(self, samples: FloatArray) -> FloatArray:
        """Return (n_frames, n_mels, n_columns) in dB of (n_frames, n_samples) sound."""
        return log_mel_spectrogram(samples, self.features)

    def score(self, log_mel: FloatArray, on_step: OnStep | None = None) -> FloatArray:
        """Return the scores alone of `read`, float32 (n_frames, n_genres)."""
        return self.read(log_mel, on_step).scores

    def read(
        self,
        log_mel: FloatArray,
        on_step: OnStep | None = None,
        early: EarlyFrames | None = None,
    ) -> Readings:
        """Run the network over each frame.

        Scores are softmax(logits / temperature).

        Raises ValueError if the shape does not suit the network. Raises ModelError if the network
        gives a number that is not finite.

        Parameters
        ----------
        log_mel : float32 (n_frames, n_mels, n_columns), dB, as `log_mel` returns it
        on_step : called before each frame and at the end, with shares as in `analyse`
        early : the frames that it has read are not read again, after `spectrograms` has had it
        """
        if log_mel.ndim != 3:
            raise ValueError(f"log_mel is (n_frames, n_mels, n_columns), not {log_mel.shape}")
        if not len(log_mel):
            none = np.empty((0, 0), dtype=np.float32)
            return Readings(np.empty((0, len(self.info.genres)), dtype=np.float32), none, none)
        parts = list(early.readings) if early else []
        for index in range(len(parts), len(log_mel)):
            _report_frame(on_step, index, len(log_mel))
            parts.append(self._read_frame(log_mel[index : index + 1]))
        _report_frame(on_step, len(log_mel), len(log_mel))
        readings = Readings.joined(parts)
        arrays = (readings.scores, readings.embeddings, readings.timbres)
        if not all(np.isfinite(each).all() for each in arrays):
            raise ModelError(f"{self.info.name}: the network gives numbers that are not finite.")
        return readings

    def _read_frame(self, log_mel: FloatArray) -> Readings:
        """Run the network over one frame, (1, n_mels, n_columns) in dB."""
        x = _as_batch(log_mel[0])
        with _FRAMES_AT_A_TIME, torch.inference_mode():
            summaries = self._model.summaries(x)
            logits = self._model.decide(summaries.embedding)  # (1, n_genres)
            scores = (logits.double() / self.checkpoint.temperature).softmax(1).float()
        return Readings(scores.numpy(), summaries.embedding.numpy(), summaries.timbre.numpy())

    def combine(self, waveform: Waveform, cut: Spectrograms, readings: Readings) -> SongAnalysis:
        """Put the results of the three steps together."""
        counted = readings.timbres[~cut.frames.silent]
        familiarity = self.checkpoint.familiarity
        known = familiarity is not None and familiarity.mean.shape == counted.shape[1:]
        return SongAnalysis(
            waveform,
            cut.frames,
            cut.log_mel,
            readings.scores,
            self.info,
            readings.embeddings,
            familiarity.unlikeness(counted) if familiarity is not None and known else None,
        )

    def log_odds(self, log_mel: FloatArray, genre: str) -> float:
        """Return log(p / (1 - p)) of the score p of one genre for one frame.

        Where scores are nearly 0 or 1, log-odds still differ.

        Raises ValueError if the shape does not suit the network, or it does not know the genre.

        Parameters
        ----------
        log_mel : float32 (n_mels, n_columns), dB
        """
        with _FRAMES_AT_A_TIME, torch.inference_mode():
            return float(self._log_odds(self._exact(_as_batch(log_mel)), genre))

    def hidden_parts(self, log_mel: FloatArray) -> HiddenParts:
        """Return one frame (n_mels, n_columns) in dB for `log_odds_without`."""
        with _FRAMES_AT_A_TIME, torch.inference_mode():
            return HiddenParts(self._exact, _as_batch(log_mel))

    def log_odds_without(self, frame: HiddenParts, boxes: Sequence[Box], genre: str) -> float:
        """Return `log_odds` with these parts of a frame hidden; errors as there."""
        with _FRAMES_AT_A_TIME, torch.inference_mode():
            return float(self._log_odds(frame.logits(boxes), genre))

    def log_odds_gradient(self, log_mel: FloatArray, genre: str) -> tuple[float, FloatArray]:
        """Return `log_odds`, and its gradient float32 (n_mels, n_columns) in 1 / dB.

        Parameters and errors are those of `log_odds`.
        """
        x = _as_batch(log_mel).requires_grad_(True)
        with _FRAMES_AT_A_TIME, torch.enable_grad():
            log_odds = self._log_odds(self._exact(x), genre)
            (gradient,) = torch.autograd.grad(log_odds, x)
        return float(log_odds.detach()), gradient[0].numpy()

    def _log_odds(self, logits: torch.Tensor, genre: str) -> torch.Tensor:
        """Return the log-odds, float64 (), of a genre from the logits (1, n_genres) of a frame."""
        index = self.info.genres.index(genre)
        logits = logits[0].double() / self.checkpoint.temperature  # (n_genres,)
        others = torch.cat([logits[:index], logits[index + 1 :]])
        return logits[index] - others.logsumexp(0)

    def trace(self, log_mel: FloatArray) -> dict[str, FloatArray]:
        """Return what every part of the network gives for one frame (n_mels, n_columns) in dB.

        Returns dict of str to float32 array: as `GenreNetwork.trace`, without the batch axis;
        "classifier" holds scores instead of logits: (n_steps, n_genres), the last row being what
        `score` returns. Raises ValueError if the shape does not suit the network.
        """
        x = _as_batch(log_mel)
        with _FRAMES_AT_A_TIME, torch.inference_mode():
            traced = {name: tensor[0] for name, tensor in self._model.trace(x).items()}
        logits = traced["classifier"].double()
        traced["classifier"] = (logits / self.checkpoint.temperature).softmax(dim=-1).float()
        return {name: tensor.contiguous().numpy() for name, tensor in traced.items()}


def _as_batch(log_mel: FloatArray) -> torch.Tensor:
    """Return a copy of one frame (n_mels, n_columns) as float32 (1, n_mels, n_columns)."""
    return torch.from_numpy(np.array(log_mel[np.newaxis], dtype=np.float32))


def _ignore(step: str, share: float) -> None:
    pass


def _report_frame(on_step: OnStep | None, done: int, total: int) -> None:
    """Report that `done` of `total` frames are done."""
    if on_step is not None and total:
        share = _SPECTROGRAMS + (1.0 - _SPECTROGRAMS) * done / total
        on_step(f"Frame {min(done + 1, total)} of {total}", share)
