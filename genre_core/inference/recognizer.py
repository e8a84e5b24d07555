"""From a song to the scores of its frames: the steps in order, and the network among them."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch

from genre_core.audio.frames import cut_frames
from genre_core.audio.load import load_audio
from genre_core.checkpoints.checkpoint import CheckpointInfo, load_checkpoint
from genre_core.config import FeatureSettings, FrameSettings
from genre_core.errors import ModelError
from genre_core.features.log_mel import log_mel_spectrogram
from genre_core.models.base import GenreNetwork
from genre_core.models.folding import inference_copy
from genre_core.types import FloatArray, ModelInfo, SongAnalysis

DEFAULT_THREADS = 2
THREADS_VARIABLE = "GENRE_THREADS"

# Two frames at once on the same cores take as long as one after the other, and twice the memory;
# so several users take turns, frame by frame.
_ONE_FRAME_AT_A_TIME = threading.Semaphore(1)

# Where the parts of an analysis end on the progress bar (0 to 1).
_DECODED = 0.4
_SPECTROGRAMS = 0.6


def inference_threads() -> int:
    """Return how many CPU threads the network may use.

    The environment variable GENRE_THREADS says; else two, or fewer where torch has fewer.

    Raises
    ------
    ModelError
        If the variable is not a whole number of at least 1.
    """
    text = os.environ.get(THREADS_VARIABLE, "")
    if not text:
        return min(DEFAULT_THREADS, torch.get_num_threads())
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ModelError(f"{THREADS_VARIABLE} must be a whole number of at least 1, not {text!r}.")
    return int(text)


class GenreRecognizer:
    """A trained network with its settings, ready to listen.

    One recognizer serves any number of threads.

    Parameters
    ----------
    model : GenreNetwork
        Copied: later changes to it change nothing here.
    info : CheckpointInfo

    Attributes
    ----------
    info : ModelInfo
        Name, SHA-256 of the content, genres.
    checkpoint : CheckpointInfo
    """

    def __init__(self, model: GenreNetwork, info: CheckpointInfo) -> None:
        threads = inference_threads()
        if threads != torch.get_num_threads():
            torch.set_num_threads(threads)
        self._model = inference_copy(model)
        self.checkpoint = info
        self.info = ModelInfo(name=info.name, sha256=info.sha256, genres=info.genres)

    @classmethod
    def from_checkpoint(cls, source: str | Path | bytes) -> "GenreRecognizer":
        """Load a checkpoint: a file, or its content. Raises ModelError as `load_checkpoint`."""
        return cls(*load_checkpoint(source))

    @property
    def features(self) -> FeatureSettings:
        """How its log-mel-spectrograms must be made."""
        return self.checkpoint.features

    @property
    def frame_settings(self) -> FrameSettings:
        """How a song is cut unless told otherwise."""
        return self.checkpoint.frames

    def score(
        self, log_mel: FloatArray, on_frame: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        """Run the network over each frame.

        Parameters
        ----------
        log_mel : float32 (n_frames, n_mels, n_columns), dB
            As `features.log_mel_spectrogram` makes it with `self.features`.
        on_frame : callable, optional
            Called with (frames done, frames in all) after each frame. What it raises ends the
            work and reaches the caller.

        Returns
        -------
        float32 (n_frames, n_genres)
            softmax(logits / temperature): each row sums to 1.

        Raises
        ------
        ValueError
            If the shape is not one that the network takes.
        ModelError
            If the network answers with something that is not a number.
        """
        if log_mel.ndim != 3:
            raise ValueError(f"log_mel is (n_frames, n_mels, n_columns), not {log_mel.shape}")
        scores = np.empty((len(log_mel), len(self.info.genres)), dtype=np.float32)
        for index, frame in enumerate(log_mel):
            x = _as_batch(frame)
            with _ONE_FRAME_AT_A_TIME, torch.inference_mode():
                logits = self._model(x)[0]  # (n_genres,)
            scores[index] = (logits.double() / self.checkpoint.temperature).softmax(0).numpy()
            if on_frame is not None:
                on_frame(index + 1, len(log_mel))
        if not np.isfinite(scores).all():
            raise ModelError(f"{self.info.name}: the network's scores are not finite numbers.")
        return scores

    def embed(
        self, log_mel: FloatArray, on_frame: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        """Return what the network's classifier sees of each frame, float32 (n_frames, width).

        Parameters and errors are those of `score`.
        """
        embeddings = []
        for index, frame in enumerate(log_mel):
            x = _as_batch(frame)
            with _ONE_FRAME_AT_A_TIME, torch.inference_mode():
                embeddings.append(self._model.embed(x)[0].numpy())
            if on_frame is not None:
                on_frame(index + 1, len(log_mel))
        found = np.array(embeddings, dtype=np.float32)
        if not np.isfinite(found).all():
            raise ModelError(f"{self.info.name}: the network's embeddings are not finite numbers.")
        return found

    def log_odds(self, log_mel: FloatArray, genre: str) -> float:
        """Return log(p / (1 - p)) of the score p of one genre for one frame.

        Where `score` is nearly 0 or 1 this still tells differences.

        Parameters
        ----------
        log_mel : float32 (n_mels, n_columns), dB
        genre : str

        Raises
        ------
        ValueError
            If the shape is not one that the network takes, or it does not know the genre.
        """
        with _ONE_FRAME_AT_A_TIME, torch.inference_mode():
            return float(self._log_odds(_as_batch(log_mel), genre))

    def log_odds_gradient(self, log_mel: FloatArray, genre: str) -> tuple[float, FloatArray]:
        """Return `log_odds`, and how it changes with every point of the frame.

        Parameters and errors are those of `log_odds`.

        Returns
        -------
        log_odds : float
        gradient : float32 (n_mels, n_columns), 1 / dB
        """
        x = _as_batch(log_mel).requires_grad_(True)
        with _ONE_FRAME_AT_A_TIME, torch.enable_grad():
            log_odds = self._log_odds(x, genre)
            (gradient,) = torch.autograd.grad(log_odds, x)
        return float(log_odds.detach()), gradient[0].numpy()

    def _log_odds(self, x: torch.Tensor, genre: str) -> torch.Tensor:
        """Return the log-odds, float64 (), of a genre for one frame (1, n_mels, n_columns)."""
        index = self.info.genres.index(genre)
        logits = self._model(x)[0].double() / self.checkpoint.temperature  # (n_genres,)
        others = torch.cat([logits[:index], logits[index + 1 :]])
        return logits[index] - others.logsumexp(0)

    def trace(self, log_mel: FloatArray) -> dict[str, FloatArray]:
        """Look inside the network while it hears one frame.

        Parameters
        ----------
        log_mel : float32 (n_mels, n_columns), dB

        Returns
        -------
        dict of str to float32 array
            As `GenreNetwork.trace`, without the batch axis; "classifier" holds scores instead of
            logits: (n_steps, n_genres), the last row being what `score` gives.

        Raises
        ------
        ValueError
            If the shape is not one that the network takes.
        """
        x = _as_batch(log_mel)
        with _ONE_FRAME_AT_A_TIME, torch.inference_mode():
            traced = {name: tensor[0] for name, tensor in self._model.trace(x).items()}
        logits = traced["classifier"].double()
        traced["classifier"] = (logits / self.checkpoint.temperature).softmax(dim=-1).float()
        return {name: tensor.contiguous().numpy() for name, tensor in traced.items()}

    def analyse(
        self,
        source: str | Path | bytes | BinaryIO,
        frame_settings: FrameSettings | None = None,
        name: str | None = None,
        on_step: Callable[[str, float], None] | None = None,
    ) -> SongAnalysis:
        """Decode a song, cut it into frames, and score each of them.

        Parameters
        ----------
        source : path, bytes or binary file object
        frame_settings : FrameSettings, optional
            `self.frame_settings` by default.
        name : str, optional
            Of the song, for the receipt and for messages.
        on_step : callable, optional
            Called with what is being done ("Decoding", "Spectrograms", "Frame 3 of 7") and the
            share of the work that is behind, 0 to 1. What it raises ends the work and reaches the
            caller.

        Returns
        -------
        SongAnalysis

        Raises
        ------
        AudioError
            If the song cannot be read or is too short.
        SettingsError
            If a frame setting is outside its limits.
        ModelError
            If the network answers with something that is not a number.
        """
        step = on_step or (lambda text, fraction: None)
        step("Decoding", 0.0)
        waveform = load_audio(
            source,
            name,
            sample_rate=self.features.sample_rate,
            on_progress=lambda done: step("Decoding", _DECODED * done),
        )
        frames = cut_frames(waveform, frame_settings or self.frame_settings)
        step("Spectrograms", _DECODED)
        log_mel = log_mel_spectrogram(frames.samples, self.features)

        def on_frame(done: int, total: int) -> None:
            fraction = _SPECTROGRAMS + (1.0 - _SPECTROGRAMS) * done / total
            step(f"Frame {min(done + 1, total)} of {total}", fraction)

        step(f"Frame 1 of {len(log_mel)}", _SPECTROGRAMS)
        scores = self.score(log_mel, on_frame)
        return SongAnalysis(waveform, frames, log_mel, scores, self.info)


def _as_batch(log_mel: FloatArray) -> torch.Tensor:
    """Return a copy of one frame (n_mels, n_columns) as float32 (1, n_mels, n_columns)."""
    return torch.from_numpy(np.array(log_mel[np.newaxis], dtype=np.float32))
