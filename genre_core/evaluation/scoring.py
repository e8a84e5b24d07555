"""Run a network over a test set."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from genre_core.audio.frames import check_settings, cut_frames
from genre_core.audio.load import load_audio
from genre_core.audio.perturbations import load_perturbed
from genre_core.config import MAX_FRAME_SECONDS, FeatureSettings, FrameSettings
from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import FeatureCache
from genre_core.errors import DatasetError, GenreError
from genre_core.evaluation.score_set import (
    FrameScores,
    Provenance,
    ScoredClip,
    ScoreSet,
    stored_precision,
)
from genre_core.features.log_mel import log_mel_spectrogram
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.types import FloatArray, Waveform

FRAME_LENGTHS: tuple[float, ...] = (3.0, 5.0, 10.0, MAX_FRAME_SECONDS)  # s

CutClip = tuple[FloatArray, FloatArray]  # start_seconds (n_frames,), log_mel (n_frames, ...)


def score_dataset(
    recognizer: GenreRecognizer,
    clips: Sequence[Clip],
    frame_lengths: Sequence[float] = FRAME_LENGTHS,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    name: str,
    dataset: str,
    list_name: str = "all",
    scheme: str = "",
    command: str = "",
    trim_seconds: float | None = None,
    perturbation: str = "",
    problems: Sequence[str] = (),
) -> ScoreSet:
    """Score every frame of every clip.

    Sound is cut as the app cuts a song; a converted clip is cut in the same places. A clip that is
    shorter than a frame is one short frame. Silent frames are left out.

    Parameters
    ----------
    recognizer : GenreRecognizer
    clips : sequence of Clip
        One for each song; their labels among the recognizer's genres.
    frame_lengths : sequence of float
        Seconds, 3 to 29.12.
    on_progress : callable of (songs done, songs), optional
        What it raises ends the work and reaches the caller.
    name, dataset, split, command : str
        For the record.
    trim_seconds : float, optional
        Left out at both ends, as the app does: 20 for whole songs. None is for the short clips of
        a data set: as many frames as fit, in the middle, what is left over shared by both ends.
    perturbation : str
        A key of `perturbations.PERTURBATIONS`, done to the sound first; only clips of sound can be.
    problems : sequence of str
        Already known, e.g. from reading the data set.

    Returns
    -------
    ScoreSet
        Clips that cannot be read are left out and named in `provenance.problems`.

    Raises
    ------
    DatasetError
        If a song is there twice, a label is unknown, or no clip could be scored.
    SettingsError
        If a setting is outside its limits.
    """
    _check(clips, recognizer.info.genres, perturbation)
    lengths = sorted(set(frame_lengths))
    for seconds in lengths:
        check_settings(FrameSettings(seconds, trim_seconds or 0.0))
    cache = FeatureCache(recognizer.features)
    scored: list[ScoredClip] = []
    starts: dict[float, list[FloatArray]] = {seconds: [] for seconds in lengths}
    scores: dict[float, list[FloatArray]] = {seconds: [] for seconds in lengths}
    found = list(problems)
    for done, clip in enumerate(clips, start=1):
        try:
            parts = cut_clip(clip, lengths, cache, trim_seconds, perturbation)
        except GenreError as error:
            found.append(f"{clip.clip_id}: {error}")
        else:
            for seconds, (start, log_mel) in zip(lengths, parts, strict=True):
                starts[seconds].append(start)
                scores[seconds].append(stored_precision(recognizer.score(log_mel)))
            scored.append(ScoredClip(clip.clip_id, clip.label, clip.artist, clip.title, clip.kind))
        if on_progress is not None:
            on_progress(done, len(clips))
    if not scored:
        raise DatasetError(f"{dataset}: no clip could be scored. {' '.join(found[:3])}")
    return ScoreSet(
        name=name,
        genres=recognizer.info.genres,
        clips=tuple(scored),
        frames={seconds: join_songs(starts[seconds], scores[seconds]) for seconds in lengths},
        provenance=Provenance(
            command=command,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            model=recognizer.info.name,
            model_sha256=recognizer.info.sha256,
            dataset=dataset,
            list_name=list_name,
            scheme=scheme,
            trim_seconds=trim_seconds,
            perturbation=perturbation,
            problems=tuple(found),
        ),
    )


def cut_clip(
    clip: Clip,
    frame_lengths: Sequence[float],
    cache: FeatureCache,
    trim_seconds: float | None = None,
    perturbation: str = "",
) -> list[CutClip]:
    """Cut one clip of a test set into frames, once for each length.

    Parameters
    ----------
    clip : Clip
    frame_lengths : sequence of float
        Seconds.
    cache : FeatureCache
        Its settings are the network's.
    trim_seconds, perturbation
        As in `score_dataset`.

    Returns
    -------
    list of (start_seconds, log_mel)
        For each length float32 (n_frames,) and (n_frames, n_mels, n_columns), dB. Silent frames
        are left out.

    Raises
    ------
    GenreError
        If the clip cannot be read, is too short, or silent in every frame.
    """
    if clip.kind == "converted":
        return _cut_converted(clip, frame_lengths, trim_seconds, cache)
    features = replace(cache.settings, top_db=cache.top_db)
    return _cut_sound(clip, frame_lengths, trim_seconds, features, perturbation)


def cut_heard(
    waveform: Waveform, frame_seconds: float, trim_seconds: float | None
) -> tuple[FloatArray, FloatArray]:
    """Cut a song of a test set into frames of one length, and leave the silent ones out.

    Parameters
    ----------
    waveform : Waveform
    frame_seconds, trim_seconds : float
        As in `score_dataset`.

    Returns
    -------
    start_seconds : float32 (n_frames,)
    samples : float32 (n_frames, n_samples)

    Raises
    ------
    AudioError
        If the song is too short, or silent in every frame.
    SettingsError
        If a length is outside its limits.
    """
    trim = trim_seconds
    if trim is None:
        rate = waveform.sample_rate
        trim = _spare_samples(len(waveform.samples), frame_seconds, rate) // 2 / rate
    frames = cut_frames(waveform, FrameSettings(frame_seconds, trim))
    heard = [span.index for span in frames.spans if not span.silent]
    start = np.array([frames.spans[index].start_seconds for index in heard], dtype=np.float32)
    return start, frames.samples[heard]


def join_songs(starts: Sequence[FloatArray], scores: Sequence[FloatArray]) -> FrameScores:
    """Put the frames of all songs, of one length, one after another.

    Parameters
    ----------
    starts : sequence of float32 (n_frames of a song,)
    scores : sequence of float32 (n_frames of a song, n_genres)
    """
    return FrameScores(
        counts=np.array([len(part) for part in starts], dtype=np.int64),
        start_seconds=np.concatenate(starts),
        scores=np.concatenate(scores),
    )


def _check(clips: Sequence[Clip], genres: Sequence[str], perturbation: str) -> None:
    ids = [clip.clip_id for clip in clips]
    if len(set(ids)) != len(ids):
        raise DatasetError("A song is there twice: choose one source for each.")
    unknown = sorted({clip.label for clip in clips} - set(genres))
    if unknown:
        raise DatasetError(f"The model does not know {unknown[0]!r}: leave such songs out.")
    if perturbation and any(clip.kind == "converted" for clip in clips):
        raise DatasetError("Only sound can be perturbed: leave converted clips out.")


def _cut_sound(
    clip: Clip,
    lengths: Sequence[float],
    trim_seconds: float | None,
    features: FeatureSettings,
    perturbation: str,
) -> list[CutClip]:
    rate = features.sample_rate
    waveform = (
        load_perturbed(clip.path, perturbation, rate)
        if perturbation
        else load_audio(clip.path, sample_rate=rate)
    )
    parts = []
    for seconds in lengths:
        start, samples = cut_heard(waveform, seconds, trim_seconds)
        parts.append((start, log_mel_spectrogram(samples, features)))
    return parts


def _cut_converted(
    clip: Clip, lengths: Sequence[float], trim_seconds: float | None, cache: FeatureCache
) -> list[CutClip]:
    """Cut in the same places as `cut_frames` would cut the sound, to a column."""
    whole = cache.log_mel(clip).astype(np.float32)  # (n_mels, n_columns)
    features, rate = cache.settings, cache.settings.sample_rate
    n_samples = whole.shape[1] * features.hop_length - 1  # most that make so many columns
    parts = []
    for seconds in lengths:
        length = min(round(seconds * rate), n_samples)
        trim = _spare_samples(n_samples, seconds, rate) // 2
        if trim_seconds is not None:
            trim = min(round(trim_seconds * rate), (n_samples - length) // 2)
        n_frames = (n_samples - 2 * trim) // length
        starts = trim + length * np.arange(n_frames)
        columns = starts[:, None] // features.hop_length + np.arange(features.n_columns(length))
        log_mel = whole[:, columns].transpose(1, 0, 2)  # (n_frames, n_mels, n_columns)
        loudest = log_mel.max(axis=(1, 2), keepdims=True)
        clipped = np.maximum(log_mel, loudest - cache.top_db)
        parts.append(((starts / rate).astype(np.float32), clipped))
    return parts


def _spare_samples(n_samples: int, frame_seconds: float, sample_rate: int) -> int:
    """Return how many samples are left over when a clip is cut into whole frames."""
    length = min(round(frame_seconds * sample_rate), n_samples)
    return n_samples % length
