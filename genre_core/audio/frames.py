"""A song is trimmed at its ends and cut into frames of equal length, exact to a sample."""

from dataclasses import replace

import numpy as np

from genre_core.config import (
    MAX_FRAME_SECONDS,
    MAX_TRIM_SECONDS,
    MIN_FRAME_SECONDS,
    MIN_SONG_SECONDS,
    SILENCE_PEAK,
    FrameSettings,
)
from genre_core.errors import AudioError, SettingsError
from genre_core.types import Frames, FrameSpan, Waveform

DEFAULT_SETTINGS = FrameSettings()


def check_settings(settings: FrameSettings) -> None:
    """Raise SettingsError unless a frame has 3 to 29.12 s and the trim 0 to 60 s."""
    # Written as `not (a <= x <= b)` so that NaN is refused too.
    if not MIN_FRAME_SECONDS <= settings.frame_seconds <= MAX_FRAME_SECONDS:
        raise SettingsError(
            f"The frame length is {settings.frame_seconds:g} s: choose one from "
            f"{MIN_FRAME_SECONDS:g} to {MAX_FRAME_SECONDS:g} s."
        )
    if not 0.0 <= settings.trim_seconds <= MAX_TRIM_SECONDS:
        raise SettingsError(
            f"The trim at each end is {settings.trim_seconds:g} s: choose one from "
            f"0 to {MAX_TRIM_SECONDS:g} s."
        )


def cut_frames(waveform: Waveform, settings: FrameSettings = DEFAULT_SETTINGS) -> Frames:
    """Trim both ends of a song and cut the rest into whole frames without overlap.

    Where the song is too short for that, less is trimmed, evenly, so that one frame is left in
    the middle; a song shorter than a frame is one short frame. The rest after the last whole
    frame is dropped. Both settings are rounded to whole samples. The samples of the frames are a
    view into the waveform: do not write to them.

    Raises SettingsError as `check_settings`, and AudioError if the song is shorter than 3 s or all
    its frames are silent.
    """
    frames = lay_out_frames(waveform, settings)
    samples = frames.samples
    peaks = np.maximum(samples.max(axis=1), -samples.min(axis=1))
    silent = peaks <= SILENCE_PEAK
    if silent.all():
        raise AudioError(
            f"“{waveform.receipt.name}” is silent in every frame: check that the recording has "
            "sound, or trim less from its ends."
        )
    if not silent.any():
        return frames
    numbers = ", ".join(str(index + 1) for index in np.flatnonzero(silent))
    step = f"Left silent frames out of the verdict: {numbers} of {len(silent)}."
    spans = tuple(
        replace(span, silent=bool(is_silent))
        for span, is_silent in zip(frames.spans, silent, strict=True)
    )
    return replace(frames, spans=spans, steps=(*frames.steps, step))


def frame_starts(n_song: int, sample_rate: int, settings: FrameSettings) -> tuple[range, int]:
    """Return where `cut_frames` starts the frames of such a song, and their length."""
    n_frame = min(round(settings.frame_seconds * sample_rate), n_song)
    n_trim = min(round(settings.trim_seconds * sample_rate), (n_song - n_frame) // 2)
    n_frames = (n_song - 2 * n_trim) // n_frame
    return range(n_trim, n_trim + n_frames * n_frame, n_frame), n_frame


def certain_starts(n_known: int, sample_rate: int, settings: FrameSettings) -> tuple[range, int]:
    """Return the same for the frames that are cut however a song of `n_known` samples goes on."""
    n_frame = round(settings.frame_seconds * sample_rate)
    n_trim = round(settings.trim_seconds * sample_rate)
    n_frames = max(0, (n_known - 2 * n_trim) // n_frame)
    return range(n_trim, n_trim + n_frames * n_frame, n_frame), n_frame


def lay_out_frames(waveform: Waveform, settings: FrameSettings = DEFAULT_SETTINGS) -> Frames:
    """Do what `cut_frames` does, but call no frame silent."""
    check_settings(settings)
    name = waveform.receipt.name
    rate = waveform.sample_rate
    n_song = len(waveform.samples)
    if n_song < round(MIN_SONG_SECONDS * rate):
        raise AudioError(
            f"“{name}” is {_seconds(n_song, rate)} long, too short to analyse: "
            f"choose a song of at least {MIN_SONG_SECONDS:g} s."
        )

    starts, n_frame = frame_starts(n_song, rate, settings)
    n_trim, n_frames = starts.start, len(starts)
    n_dropped = n_song - 2 * n_trim - n_frames * n_frame
    n_full_frame = round(settings.frame_seconds * rate)
    n_full_trim = round(settings.trim_seconds * rate)
    samples = waveform.samples[n_trim : n_trim + n_frames * n_frame].reshape(n_frames, n_frame)
    spans = tuple(
        FrameSpan(
            index=index,
            start_sample=start,
            end_sample=start + n_frame,
            sample_rate=rate,
            silent=False,
        )
        for index, start in enumerate(starts)
    )

    if n_trim == 0 and n_full_trim == 0:
        steps = ["Nothing trimmed from the ends."]
    elif n_trim == n_full_trim:
        steps = [f"Trimmed {_seconds(n_trim, rate)} from both ends."]
    elif n_trim == 0:
        steps = ["Nothing trimmed from the ends: the song is too short for it."]
    else:
        steps = [
            f"Trimmed only {_seconds(n_trim, rate)} from both ends instead of "
            f"{_seconds(n_full_trim, rate)}, so that one frame is left in the middle."
        ]
    if n_frame < n_full_frame:
        steps.append(
            f"Made one short frame of {_seconds(n_frame, rate)}: the song is shorter than "
            f"a frame of {_seconds(n_full_frame, rate)}."
        )
    else:
        count = "one frame" if n_frames == 1 else f"{n_frames} frames"
        steps.append(f"Cut {count} of {_seconds(n_frame, rate)}.")
    if n_dropped:
        steps.append(
            f"Dropped the last {_seconds(n_dropped, rate)} before the trimmed end: "
            "too short for another frame."
        )
    return Frames(
        samples=samples,
        spans=spans,
        frame_seconds=n_frame / rate,
        trim_seconds=n_trim / rate,
        dropped_seconds=n_dropped / rate,
        steps=tuple(steps),
    )


def _seconds(n_samples: int, sample_rate: int) -> str:
    seconds = n_samples / sample_rate
    if 0 < seconds < 0.01:
        return "less than 0.01 s"
    return f"{seconds:.2f}".rstrip("0").rstrip(".") + " s"
