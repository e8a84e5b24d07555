"""Values that many tests need: songs without a decoder, scores without a network."""

import io
import itertools
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
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
from genre_core.inference import aggregate
from genre_core.inference.analysis import SongAnalysis
from genre_core.library.songs import (
    Failure,
    FileState,
    LibraryModel,
    LibrarySong,
    ScannedSong,
    SongReadings,
    SongTags,
    tag_differs,
)
from genre_core.library.writer import LibraryWriter
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
    prefix: str = "song",
    title: str = "Title",
    **provenance: Any,
) -> ScoreSet:
    """Return songs and the scores of their frames.

    `frames` maps seconds to an array (n_frames, n_genres) a song.
    `provenance` changes fields of `PROVENANCE`.
    """
    clips = tuple(
        ScoredClip(
            f"{prefix}.{i:02}",
            genres[label],
            artists[i] if artists else "",
            title,
            "audio",
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


def scanned_songs(
    n_songs: int, seed: int = 0, genres: tuple[str, ...] = config.GENRES, folder: str = "/music"
) -> Iterator[ScannedSong]:
    """Yield songs of a library, no file behind them: likely verdicts, clusters by genre."""
    generator = np.random.default_rng(seed)
    n_genres, width = len(genres), 64
    centres = generator.standard_normal((n_genres, width))
    for index in range(n_songs):
        genre = int(generator.integers(n_genres))
        n_frames = int(generator.integers(1, 12))
        weights = np.full(n_genres, 0.4) + 2.0 * np.eye(n_genres)[genre]
        frame_scores = generator.dirichlet(weights, n_frames).astype(np.float32)
        verdict = aggregate.verdict(frame_scores, genres)
        point = centres[genres.index(verdict.genre)] + generator.standard_normal(width)
        tag = genres[genre].title() if index % 4 else ""
        halves = [
            genres[int(half.mean(axis=0).argmax())]
            for half in (frame_scores[: (n_frames + 1) // 2], frame_scores[n_frames // 2 :])
        ]
        song = LibrarySong(
            path=f"{folder}/artist {index % 97:02}/song {index:06}.mp3",
            file=FileState(4_000_000 + index, 1_700_000_000_000_000_000 + index),
            sha256=f"{index:064x}",
            tags=SongTags(
                f"Artist {index % 97}",
                f"Song {index}",
                f"Album {index % 700}",
                1950 + index % 75 if index % 5 else None,
                tag,
            ),
            duration_seconds=40.0 + 29.12 * n_frames,
            genre=verdict.genre,
            runner_up=verdict.runner_up,
            confidence=verdict.confidence,
            margin=verdict.margin,
            disagreement=verdict.disagreement,
            n_frames=n_frames,
            first_half_genre=halves[0],
            second_half_genre=halves[1],
            unlike_training=index % 50 == 0,
            tag_differs=tag_differs(tag, verdict.genre),
            scanned_at="2026-01-01T00:00:00+00:00",
        )
        readings = SongReadings(
            frame_scores, np.zeros(n_frames, dtype=bool), 20.0, 29.12, verdict.scores,
            (point / np.linalg.norm(point)).astype(np.float32), ("Decoded MP3.",),
        )  # fmt: skip
        yield ScannedSong(song, readings)


def library_store(
    path: Path, n_songs: int, seed: int = 0, genres: tuple[str, ...] = config.GENRES
) -> Path:
    """Write a store of simulated songs and one failure; 20,000 songs take a few seconds."""
    with LibraryWriter.open(path) as writer:
        model = writer.begin_scan(LibraryModel("test", "ab" * 32, genres, 29.12, 20.0))
        songs = scanned_songs(n_songs, seed, genres)
        while batch := list(itertools.islice(songs, 1000)):
            writer.store(model, batch)
        writer.store(model, [], [Failure("/music/broken.mp3", FileState(1, 1), "no sound", "now")])
    return path
