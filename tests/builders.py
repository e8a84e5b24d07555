"""Values that many tests need: songs without a decoder, scores without a network."""

import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from genre_core import config
from genre_core.audio.frames import cut_frames
from genre_core.config import FrameSettings
from genre_core.datasets.archives import SongArchive
from genre_core.evaluation.score_set import (
    FrameScores,
    Provenance,
    ScoredClip,
    ScoreSet,
    stored_precision,
)
from genre_core.inference.analysis import SongAnalysis
from genre_core.types import AudioReceipt, FloatArray, ModelInfo, Waveform

GENRES = ("blues", "jazz", "rock")
PROVENANCE = Provenance(
    "a command", "2025-01-01T00:00:00+00:00", "net", "0" * 64, "d", "test", "given", None
)


def waveform(samples: FloatArray, sample_rate: int, name: str = "song.wav") -> Waveform:
    """Return samples as if they had been decoded from a mono WAV file."""
    seconds = len(samples) / sample_rate
    return Waveform(samples, sample_rate, AudioReceipt(name, "WAV", "PCM", sample_rate, 1, seconds))


def noise(seconds: float, sample_rate: int) -> FloatArray:
    """Return float32 (n_samples,), the same every time."""
    generator = np.random.default_rng(0)
    return generator.uniform(-0.5, 0.5, round(seconds * sample_rate)).astype(np.float32)


def song_analysis(
    samples: FloatArray,
    sample_rate: int,
    frame_seconds: float,
    trim_seconds: float,
    *,
    silent: Collection[int] = (),
    name: str = "song.wav",
) -> SongAnalysis:
    """Cut a song into frames, silence some, and give it random spectrograms and scores."""
    settings = FrameSettings(frame_seconds, trim_seconds)
    song = waveform(samples.copy(), sample_rate, name)
    for span in cut_frames(song, settings).spans:
        if span.index in silent:
            song.samples[span.start_sample : span.end_sample] = 0.0
    frames = cut_frames(song, settings)
    generator = np.random.default_rng(0)
    n_frames = len(frames.spans)
    return SongAnalysis(
        song,
        frames,
        generator.uniform(-60, 0, (n_frames, 96, 40)).astype(np.float32),
        generator.dirichlet(np.full(10, 0.4), n_frames).astype(np.float32),
        ModelInfo("test", "ab" * 32, config.GENRES),
        generator.standard_normal((n_frames, 8)).astype(np.float32),
    )


def score_set(
    labels: Sequence[int],
    frames: Mapping[float, Sequence[npt.ArrayLike]],
    *,
    genres: tuple[str, ...] = GENRES,
    artists: Sequence[str] | None = None,
    n_audio: int | None = None,
    prefix: str = "song",
    title: str = "Title",
    **provenance: Any,
) -> ScoreSet:
    """Return songs and the scores of their frames.

    `frames` maps seconds to an array (n_frames, n_genres) a song. The first `n_audio` songs, all by
    default, are sound, and the others converted. `provenance` changes fields of `PROVENANCE`.
    """
    clips = tuple(
        ScoredClip(
            f"{prefix}.{i:02}",
            genres[label],
            artists[i] if artists else "",
            title,
            "audio" if n_audio is None or i < n_audio else "converted",
        )
        for i, label in enumerate(labels)
    )
    scored = {seconds: frame_scores(songs, seconds) for seconds, songs in frames.items()}
    return ScoreSet("tiny", genres, clips, scored, replace(PROVENANCE, **provenance))


def frame_scores(songs: Sequence[npt.ArrayLike], seconds: float = 5.0) -> FrameScores:
    """Return songs of frames without gaps; `songs[i]` has the shape (n_frames, n_genres)."""
    counts = np.array([len(np.asarray(song)) for song in songs])
    starts = np.concatenate([seconds * np.arange(n, dtype=np.float32) for n in counts])
    return FrameScores(counts, starts, stored_precision(np.concatenate(songs)))


def random_score_set(n_songs: int = 40, seed: int = 0, n_frames: int | None = None) -> ScoreSet:
    """Return songs of 1 to 7 frames of 5 s, or of `n_frames`, scored better than by chance."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(3, size=n_songs).tolist()
    counts = [n_frames or int(n) for n in generator.integers(1, 8, n_songs)]
    songs = [
        generator.dirichlet(1 + 1.5 * np.eye(3)[label], count)
        for label, count in zip(labels, counts, strict=True)
    ]
    return score_set(labels, {5.0: songs}, artists=["Ärtist"] * n_songs)


def zip_of(files: dict[str, bytes]) -> bytes:
    """Return a ZIP archive with these contents by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def archive_of(*names: str, files: dict[str, bytes] | None = None) -> SongArchive:
    """Return an archive of `files`, or of files with these names and any content."""
    return SongArchive(zip_of(files or dict.fromkeys(names, b"x")), "mine.zip")
