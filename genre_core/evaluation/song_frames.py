"""The songs of a test set, cut into frames: clips of a data set and uploaded songs alike."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

import numpy as np

from genre_core.audio.frames import check_settings, cut_frames
from genre_core.audio.perturbations import load_perturbed
from genre_core.config import MAX_FRAME_SECONDS, FrameSettings
from genre_core.datasets.clips import Clip
from genre_core.datasets.uploads import OwnSong
from genre_core.errors import DatasetError, SettingsError
from genre_core.evaluation.score_set import ScoredClip
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.types import FloatArray, Waveform

FRAME_LENGTHS: tuple[float, ...] = (3.0, 5.0, 10.0, MAX_FRAME_SECONDS)  # s


@dataclass(frozen=True)
class CutSettings:
    """How the songs of a test set are cut. A song shorter than a frame is one short frame.

    Raises SettingsError if there is no frame length, or one is outside its limits.

    Attributes
    ----------
    frame_lengths : seconds, 3 to 29.12
    trim_seconds : left out at both ends, 20 for whole songs, as in the app. None is for the short
        clips of a data set: as many frames as fit, in the middle of the clip.
    perturbation : one of `perturbations.NAMES`, applied to the sound; or empty
    """

    frame_lengths: tuple[float, ...] = FRAME_LENGTHS
    trim_seconds: float | None = None
    perturbation: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "frame_lengths", tuple(sorted(set(self.frame_lengths))))
        if not self.frame_lengths:
            raise SettingsError("There is no frame length: choose at least one.")
        for seconds in self.frame_lengths:
            check_settings(FrameSettings(seconds, self.trim_seconds or 0.0))


@dataclass(frozen=True, eq=False)
class SongFrames:
    """The frames of one length that are not silent.

    Attributes
    ----------
    start_seconds : float32 (n_frames,)
    log_mel : float32 (n_frames, n_mels, n_columns), dB
    warnings : sentences about the song's file, see `AudioReceipt`
    """

    start_seconds: FloatArray
    log_mel: FloatArray
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class LabelledSong:
    """A song of a test set.

    Attributes
    ----------
    n_bytes : size, by which the work is estimated
    frames : returns a `SongFrames` for each frame length; GenreError if the song cannot be read, is
        too short, or is silent in every frame
    """

    clip: ScoredClip
    n_bytes: int
    frames: Callable[[], Iterator[SongFrames]]


def songs_of_clips(
    clips: Sequence[Clip], recognizer: GenreRecognizer, settings: CutSettings
) -> tuple[LabelledSong, ...]:
    """Return the clips of a data set as songs whose frames suit the network.

    Raises DatasetError if a song occurs twice.
    """
    if len({clip.clip_id for clip in clips}) != len(clips):
        raise DatasetError("A song is there twice: each needs an id of its own.")

    def frames(clip: Clip) -> Iterator[SongFrames]:
        if not settings.perturbation:
            return _frames(recognizer.decode(clip.path), recognizer, settings)
        rate = recognizer.features.sample_rate
        waveform = load_perturbed(clip.path, settings.perturbation, rate)
        return _frames(waveform, recognizer, settings)

    return tuple(
        LabelledSong(
            ScoredClip(clip.clip_id, clip.label, clip.artist, clip.title, "audio"),
            1,
            partial(frames, clip),
        )
        for clip in clips
    )


def songs_of_uploads(
    songs: Sequence[OwnSong], recognizer: GenreRecognizer, settings: CutSettings
) -> tuple[LabelledSong, ...]:
    """Return uploaded songs as songs whose frames suit the network; none is read yet."""

    def frames(song: OwnSong) -> Iterator[SongFrames]:
        return _frames(recognizer.decode(song.read(), song.name), recognizer, settings)

    return tuple(
        LabelledSong(
            ScoredClip(
                song.name,
                song.label,
                song.artist,
                song.title or PurePosixPath(song.name).stem,
                "audio",
            ),
            max(song.n_bytes, 1),
            partial(frames, song),
        )
        for song in songs
    )


def _frames(
    waveform: Waveform, recognizer: GenreRecognizer, settings: CutSettings
) -> Iterator[SongFrames]:
    rate = waveform.sample_rate
    for seconds in settings.frame_lengths:
        trim = settings.trim_seconds
        if trim is None:
            trim = _spare_samples(len(waveform.samples), seconds, rate) // 2 / rate
        frames = cut_frames(waveform, FrameSettings(seconds, trim))
        counted = ~frames.silent
        start = np.array([span.start_seconds for span in frames.spans], dtype=np.float32)
        log_mel = recognizer.log_mel(frames.samples[counted])
        yield SongFrames(start[counted], log_mel, waveform.receipt.warnings)


def _spare_samples(n_samples: int, frame_seconds: float, sample_rate: int) -> int:
    """Return how many samples are left over when a clip is cut into whole frames."""
    length = min(round(frame_seconds * sample_rate), n_samples)
    return n_samples % length
