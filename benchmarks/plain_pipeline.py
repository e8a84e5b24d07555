"""The plain way from a song to scores, as the project's ancestor goes it: what to be faster than.

librosa loads the song at 12 kHz and makes the spectrograms; `crnn_choi`, as it is stored, takes all
frames in one batch.
"""

import io

import librosa
import numpy as np
import torch

from genre_core.config import GENRES, MAX_FRAME_SECONDS
from genre_core.models import registry
from genre_core.models.base import GenreNetwork

RATE = 12_000  # Hz
TRIM_SECONDS = 20.0  # of each end, as the ancestor does


def plain_network() -> GenreNetwork:
    """Return the network. Its weights are random: they change the scores, and not the time."""
    return registry.build("crnn_choi", len(GENRES)).eval()


@torch.no_grad()
def plain_scores(data: bytes, network: GenreNetwork) -> np.ndarray:
    """Return the mean scores of a song, (n_genres,)."""
    samples, _ = librosa.load(io.BytesIO(data), sr=RATE)
    n_frame = min(round(MAX_FRAME_SECONDS * RATE), len(samples))
    n_trim = min(round(TRIM_SECONDS * RATE), (len(samples) - n_frame) // 2)
    n_frames = (len(samples) - 2 * n_trim) // n_frame
    frames = samples[n_trim : n_trim + n_frames * n_frame].reshape(n_frames, n_frame)
    log_mel = [
        librosa.power_to_db(
            librosa.feature.melspectrogram(
                y=frame, sr=RATE, n_fft=512, hop_length=256, n_mels=96, pad_mode="constant"
            )
        )
        for frame in frames
    ]
    logits = network(torch.from_numpy(np.stack(log_mel).astype(np.float32)))
    return logits.softmax(1).mean(0).numpy()
