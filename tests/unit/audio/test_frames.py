"""Frames tile the trimmed song, exact to a sample; short, silent and wrong input is handled."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre_core.audio.frames import cut_frames
from genre_core.config import SILENCE_PEAK, FrameSettings
from genre_core.errors import AudioError, GenreError
from genre_core.types import Waveform
from tests import builders

RATE = 12_000  # Hz
FRAME = 349_440  # samples in 29.12 s
TRIM = 240_000  # samples in 20 s


def song(n_samples: int, samples: np.ndarray | None = None) -> Waveform:
    """Every sample differs from its neighbours, so that a shift by one shows."""
    if samples is None:
        samples = ((np.arange(n_samples) % 1009 + 1) / 1010).astype(np.float32)
    return builders.waveform(samples, RATE)


@given(
    n_samples=st.integers(3 * RATE, 200 * RATE),
    frame_seconds=st.floats(3.0, 29.12),
    trim_seconds=st.floats(0.0, 60.0),
)
@settings(max_examples=150, deadline=None)
def test_frames_tile_the_trimmed_song(n_samples, frame_seconds, trim_seconds):
    waveform = song(n_samples)
    frames = cut_frames(waveform, FrameSettings(frame_seconds, trim_seconds))

    first, last = frames.spans[0], frames.spans[-1]
    n_trim = first.start_sample
    assert [span.index for span in frames.spans] == list(range(len(frames.spans)))
    for span, following in zip(frames.spans, frames.spans[1:], strict=False):
        assert span.end_sample == following.start_sample
    np.testing.assert_array_equal(
        frames.samples.ravel(), waveform.samples[first.start_sample : last.end_sample]
    )

    n_frame = min(round(frame_seconds * RATE), n_samples)
    n_dropped = n_samples - n_trim - last.end_sample
    assert frames.samples.shape == (len(frames.spans), n_frame)
    assert 0 <= n_dropped < n_frame
    assert n_trim <= round(trim_seconds * RATE)
    if n_trim < round(trim_seconds * RATE):  # trimmed less only to keep one frame, in the middle
        assert len(frames.spans) == 1
        assert n_dropped <= 1
    assert frames.frame_seconds == n_frame / RATE
    assert frames.trim_seconds == n_trim / RATE
    assert frames.dropped_seconds == n_dropped / RATE


@pytest.mark.parametrize(
    ("n_samples", "n_frames", "n_frame", "n_trim", "n_dropped"),
    [
        (3 * RATE, 1, 3 * RATE, 0, 0),  # the shortest song
        (FRAME - 1, 1, FRAME - 1, 0, 0),  # one sample short of a frame
        (FRAME, 1, FRAME, 0, 0),  # exactly 29.12 s: one frame
        (FRAME + 1, 1, FRAME, 0, 1),
        (FRAME + 2, 1, FRAME, 1, 0),
        (41 * RATE, 1, FRAME, (41 * RATE - FRAME) // 2, 0),
        (FRAME + 2 * TRIM - 1, 1, FRAME, TRIM - 1, 1),
        (FRAME + 2 * TRIM, 1, FRAME, TRIM, 0),  # exactly one frame between the trimmed ends
        (2 * FRAME + 2 * TRIM - 1, 1, FRAME, TRIM, FRAME - 1),
        (2 * FRAME + 2 * TRIM, 2, FRAME, TRIM, 0),
        (280 * RATE, 8, FRAME, TRIM, 240 * RATE - 8 * FRAME),
    ],
)
def test_frame_policy_to_the_sample(n_samples, n_frames, n_frame, n_trim, n_dropped):
    frames = cut_frames(song(n_samples))
    assert frames.samples.shape == (n_frames, n_frame)
    assert frames.spans[0].start_sample == n_trim
    assert n_samples - n_trim - frames.spans[-1].end_sample == n_dropped
    assert frames.dropped_seconds == n_dropped / RATE


def test_a_song_under_three_seconds_is_refused():
    with pytest.raises(AudioError, match=r"song\.wav.*at least 3 s"):
        cut_frames(song(3 * RATE - 1))


@pytest.mark.parametrize(
    ("frame_seconds", "trim_seconds", "message"),
    [
        (2.99, 20.0, "from 3 to 29.12 s"),
        (29.13, 20.0, "from 3 to 29.12 s"),
        (float("nan"), 20.0, "from 3 to 29.12 s"),
        (10.0, -0.1, "from 0 to 60 s"),
        (10.0, 60.1, "from 0 to 60 s"),
        (10.0, float("inf"), "from 0 to 60 s"),
    ],
)
def test_settings_outside_their_limits_are_refused(frame_seconds, trim_seconds, message):
    with pytest.raises(GenreError, match=message) as caught:
        cut_frames(song(60 * RATE), FrameSettings(frame_seconds, trim_seconds))
    assert isinstance(caught.value, ValueError)


def test_the_sample_rate_of_the_waveform_counts():
    song_at_8_khz = builders.waveform(np.ones(35 * 8_000, np.float32), 8_000)
    frames = cut_frames(song_at_8_khz, FrameSettings(10.0, 2.0))
    assert frames.samples.shape == (3, 80_000)
    assert [(span.start_seconds, span.end_seconds) for span in frames.spans] == [
        (2.0, 12.0),
        (12.0, 22.0),
        (22.0, 32.0),
    ]


def test_silent_frames_are_marked_and_told():
    samples = song(30 * RATE).samples.copy()
    samples[10 * RATE : 20 * RATE] = 0.0
    samples[15 * RATE] = -SILENCE_PEAK  # not above the limit
    frames = cut_frames(song(0, samples), FrameSettings(10.0, 0.0))
    assert [span.silent for span in frames.spans] == [False, True, False]
    assert "Left silent frames out of the verdict: 2 of 3." in frames.steps

    samples[15 * RATE] = -2 * SILENCE_PEAK
    assert not any(
        span.silent for span in cut_frames(song(0, samples), FrameSettings(10.0, 0.0)).spans
    )


def test_a_song_of_silence_is_refused():
    with pytest.raises(AudioError, match=r"song\.wav.*silent"):
        cut_frames(song(0, np.zeros(60 * RATE, np.float32)))


@pytest.mark.parametrize(
    ("n_samples", "frame_settings", "steps"),
    [
        (
            100 * RATE,
            FrameSettings(),
            (
                "Trimmed 20 s from both ends.",
                "Cut 2 frames of 29.12 s.",
                "Dropped the last 1.76 s before the trimmed end: too short for another frame.",
            ),
        ),
        (
            41 * RATE,
            FrameSettings(),
            (
                "Trimmed only 5.94 s from both ends instead of 20 s, "
                "so that one frame is left in the middle.",
                "Cut one frame of 29.12 s.",
            ),
        ),
        (
            FRAME,
            FrameSettings(),
            (
                "Nothing trimmed from the ends: the song is too short for it.",
                "Cut one frame of 29.12 s.",
            ),
        ),
        (
            5 * RATE,
            FrameSettings(10.0, 0.0),
            (
                "Nothing trimmed from the ends.",
                "Made one short frame of 5 s: the song is shorter than a frame of 10 s.",
            ),
        ),
    ],
)
def test_the_steps_tell_what_was_done(n_samples, frame_settings, steps):
    assert cut_frames(song(n_samples), frame_settings).steps == steps
