"""Whole clips as log-mel spectrograms, stored on disk so that no epoch decodes again."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from genre_core.audio.load import load_audio
from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip
from genre_core.errors import AudioError, GenreError
from genre_core.features.log_mel import log_mel_spectrogram
from genre_core.records import atomic_write, make_folder

CACHE_VERSION = 2  # raise it when decoding or features change their values
DEFAULT_DIRECTORY = Path("runs/cache")
# Frames are clipped under their own loudest point, so a whole clip must keep more than that.
WHOLE_CLIP_TOP_DB = 200.0

HalfArray = npt.NDArray[np.float16]
ProgressCallback = Callable[[int, int], None]


class FeatureCache:
    """Log-mel of whole clips, computed once for each content and settings.

    They are stored in `directory`, which may be deleted at any time.

    Attributes
    ----------
    warnings : a sentence for each doubt about the clips that were read so far, e.g. "cut short"
    """

    def __init__(
        self, settings: FeatureSettings, directory: str | Path = DEFAULT_DIRECTORY
    ) -> None:
        # The caller clips each frame that it cuts out of the clip.
        self.settings = replace(settings, top_db=WHOLE_CLIP_TOP_DB)
        self.directory = make_folder(directory)
        self.warnings: list[str] = []

    def log_mel(self, clip: Clip) -> HalfArray:
        """Return the whole clip, (n_mels, n_columns) in dB; GenreError if it cannot be read.

        It is not clipped at `top_db` under its loudest point, and within 0.04 dB of float32.
        """
        try:
            content = clip.path.read_bytes()
        except OSError as error:
            raise AudioError(f"{clip.path}: cannot be read ({error.strerror}).") from error
        path = self.directory / f"{self._key(content)}.npy"
        stored = _read(path, self.settings.n_mels)
        if stored is not None:
            self._warn(clip, _read_warnings(path))
            return stored
        waveform = load_audio(content, name=clip.path.name, sample_rate=self.settings.sample_rate)
        log_mel = log_mel_spectrogram(waveform.samples[None], self.settings)[0].astype(np.float16)
        # First, so that no spectrogram is ever stored without its warnings.
        _write_warnings(path, waveform.receipt.warnings)
        _write(path, log_mel)
        self._warn(clip, waveform.receipt.warnings)
        return log_mel

    def _warn(self, clip: Clip, warnings: Sequence[str]) -> None:
        self.warnings += [f"{clip.clip_id}: {warning}" for warning in warnings]

    def load(
        self, clips: Iterable[Clip], on_progress: ProgressCallback | None = None
    ) -> tuple[dict[Clip, HalfArray], tuple[str, ...]]:
        """Return every readable clip's log-mel, and a sentence for each that is not readable.

        `on_progress` is called with (done, total) after each clip.
        """
        clips = list(clips)
        features: dict[Clip, HalfArray] = {}
        problems: list[str] = []
        for done, clip in enumerate(clips, start=1):
            try:
                features[clip] = self.log_mel(clip)
            except GenreError as error:
                problems.append(f"{clip.clip_id}: {error}")
            if on_progress is not None:
                on_progress(done, len(clips))
        return features, tuple(problems)

    def _key(self, content: bytes) -> str:
        digest = hashlib.sha256(content)
        digest.update(json.dumps([CACHE_VERSION, asdict(self.settings)]).encode())
        return digest.hexdigest()


def _read(path: Path, n_mels: int) -> HalfArray | None:
    """Return the stored array, or None where there is no whole one."""
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return array if array.dtype == np.float16 and array.shape[:-1] == (n_mels,) else None


def _write(path: Path, array: HalfArray) -> None:
    with atomic_write(path) as file:
        np.save(file, array)


def _read_warnings(path: Path) -> list[str]:
    try:
        return path.with_suffix(".txt").read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return []  # most songs have none


def _write_warnings(path: Path, warnings: Sequence[str]) -> None:
    if warnings:
        with atomic_write(path.with_suffix(".txt")) as file:
            file.write("\n".join(warnings).encode())
