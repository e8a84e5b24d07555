"""The steps of a song's analysis, each cached by what it depends on alone.

    waveform            bytes, sample rate of the network
    spectrograms        bytes, frame length, trim, feature settings
    scores, embeddings  bytes, frame length, trim, network
    finer scores        bytes, window, hop, network

So another aggregation runs nothing, another frame length decodes nothing, and the same song again
comes back at once. The caches are bounded and forget after half an hour. The first frames of a new
song are read while the rest is decoded.
"""

import time
from collections.abc import Callable, Hashable

import streamlit as st

from genre_core.audio.peaks import peaks
from genre_core.audio.wav import wav_bytes
from genre_core.config import FrameSettings, SlidingSettings
from genre_core.inference.analysis import Readings, SongAnalysis, Spectrograms
from genre_core.inference.early_frames import EarlyFrames, OnFrames
from genre_core.inference.recognizer import OnStep
from genre_core.inference.sliding import SlidingRun
from genre_core.plots import mel
from genre_core.types import FloatArray, Waveform
from genre_core.ui.models import ModelSource, model_choice
from genre_core.ui.services.line import spare_turn, turn
from genre_core.ui.services.networks import recognizer
from genre_core.ui.services.slots import TTL, Slot, Slots
from genre_core.ui.songs import Song

_MAX_WAVEFORMS = 4  # 2.9 MB a minute of song each
_MAX_SPECTROGRAMS = 6  # 1.1 MB a minute of song each
_MAX_READINGS = 256
_MAX_SLIDING = 32  # 0.1 MB an hour of song each
_MAX_THUMBNAIL_PAGES = 64
_MAX_PICTURES = 32  # 0.1 MB each
_MAX_OVERVIEWS = 64
_MAX_DECODED_SOUNDS = 2  # 1.4 MB a minute of song each


def decode(
    song: Song,
    on_step: OnStep,
    source: ModelSource | None = None,
    early: EarlyFrames | None = None,
) -> Waveform:
    """Return a song at a network's sample rate; parameters and errors as in `analyse`.

    `early` reads frames meanwhile, if the song has to be decoded.
    """
    network = recognizer(source)

    def make() -> Waveform:
        waveform = network.decode(song.data, song.file_name, on_step, early)
        waveform.samples.setflags(write=False)
        return waveform

    slot = _waveforms.at(song.digest, song.file_name, network.features.sample_rate)
    with turn(on_step) as on_step:
        return slot.fill(make, on_step)


def analyse(
    song: Song,
    settings: FrameSettings,
    on_step: OnStep,
    on_frames: OnFrames | None = None,
    source: ModelSource | None = None,
) -> SongAnalysis:
    """Decode a song, make its spectrograms and score them; each step is cached.

    Parameters
    ----------
    on_step : called with what is being done and the share done, 0 to 1; may raise to cancel
    on_frames : called once with the waveform and its frames, if the network has to run: early, see
        `EarlyFrames`, or when the song is decoded
    source : the network, by default the one that this browser session has chosen

    Raises AudioError, SettingsError or ModelError, as `GenreRecognizer.analyse`, and BusyError.
    """
    with turn(on_step) as on_step:
        network = recognizer(source)
        features = repr(network.features)
        spectrograms_slot = _spectrograms.at(song.digest, song.file_name, settings, features)
        readings_slot = _readings.at(song.digest, settings, network.info.sha256)
        is_new = spectrograms_slot.value is None and readings_slot.value is None
        early = network.early_frames(settings, on_frames) if is_new else None
        waveform = decode(song, on_step, source, early)

        def cut() -> Spectrograms:
            made = network.spectrograms(waveform, settings, on_step, early)
            made.log_mel.setflags(write=False)
            return made

        spectrograms = spectrograms_slot.fill(cut, on_step)

        def read() -> Readings:
            if on_frames is not None and (early is None or not early.is_shown):
                on_frames(waveform, spectrograms.frames)
            readings = network.read(spectrograms.log_mel, on_step, early)
            readings.scores.setflags(write=False)
            readings.embeddings.setflags(write=False)
            readings.timbres.setflags(write=False)
            return readings

        readings = readings_slot.fill(read, on_step)
        return network.combine(waveform, spectrograms, readings)


def recall(song: Song, settings: FrameSettings) -> Callable[[], SongAnalysis]:
    """Return a function that gives an analysis of this session again, from the cache or anew.

    What a page hands to Streamlit for later stays until the session ends, so it must not hold the
    tens of megabytes of an analysis.
    """
    source = model_choice().chosen()
    return lambda: analyse(song, settings, lambda what, share: None, source=source)


def sliding(song: Song, waveform: Waveform, settings: SlidingSettings) -> SlidingRun:
    """Return a song's scores over a sliding window, as far as any session has made them.

    Raises SettingsError if the window does not fit.
    """
    network = recognizer().info
    return _sliding(song.digest, settings, network.sha256, len(network.genres), waveform)


def slide(run: SlidingRun, waveform: Waveform, seconds: float) -> None:
    """Go on with a song's finer scores for so long; songs that wait for their verdict go first.

    Raises ModelError.
    """
    with spare_turn() as is_free:
        if is_free:
            run.work(recognizer(), waveform, seconds)
        else:
            time.sleep(seconds)


def thumbnails(
    digest: str, settings: FrameSettings, first: int, last: int, log_mel: FloatArray
) -> tuple[bytes, ...]:
    """Return the small mel-spectrograms (PNG) of frames `first` to `last` (exclusive)."""
    features = repr(recognizer().features)
    return _thumbnails(digest, settings, features, first, last, log_mel)


def song_picture(digest: str, settings: FrameSettings, log_mel: FloatArray) -> bytes:
    """Return the mel-spectrograms of all frames as one picture (PNG)."""
    return _song_picture(digest, settings, repr(recognizer().features), log_mel)


def overview(digest: str, name: str, waveform: Waveform) -> tuple[FloatArray, FloatArray]:
    """Return the song's peaks, as `peaks.peaks` does."""
    return _overview(digest, name, waveform.sample_rate, waveform)


def decoded_sound(digest: str, name: str, waveform: Waveform) -> bytes:
    """Return the song at the network's sample rate as a WAV file, which every browser plays."""
    return _decoded_sound(digest, name, waveform.sample_rate, waveform)


def forget() -> None:
    """Empty the caches of songs; what is in use stays with its user."""
    _keep_waveform.clear()
    _keep_spectrograms.clear()
    _keep_readings.clear()
    _sliding.clear()
    _thumbnails.clear()
    _song_picture.clear()
    _overview.clear()
    _decoded_sound.clear()


@st.cache_resource(max_entries=_MAX_WAVEFORMS, ttl=TTL, show_spinner=False)
def _keep_waveform(key: Hashable, _slot: Slot[Waveform]) -> Slot[Waveform]:
    return _slot


@st.cache_resource(max_entries=_MAX_SPECTROGRAMS, ttl=TTL, show_spinner=False)
def _keep_spectrograms(key: Hashable, _slot: Slot[Spectrograms]) -> Slot[Spectrograms]:
    return _slot


@st.cache_resource(max_entries=_MAX_READINGS, ttl=TTL, show_spinner=False)
def _keep_readings(key: Hashable, _slot: Slot[Readings]) -> Slot[Readings]:
    return _slot


_waveforms = Slots(_keep_waveform)  # by digest, name, sample rate
_spectrograms = Slots(_keep_spectrograms)  # by digest, name, frame settings, features
_readings = Slots(_keep_readings)  # by digest, frame settings, network


@st.cache_resource(max_entries=_MAX_SLIDING, ttl=TTL, show_spinner=False)
def _sliding(
    digest: str, settings: SlidingSettings, model: str, n_genres: int, _waveform: Waveform
) -> SlidingRun:
    return SlidingRun(_waveform, settings, n_genres)


@st.cache_data(max_entries=_MAX_THUMBNAIL_PAGES, ttl=TTL, show_spinner=False)
def _thumbnails(
    digest: str,
    settings: FrameSettings,
    features: str,
    first: int,
    last: int,
    _log_mel: FloatArray,
) -> tuple[bytes, ...]:
    low, high = mel.decibel_range(_log_mel)
    return tuple(mel.thumbnail_png(frame, low, high) for frame in _log_mel[first:last])


@st.cache_data(max_entries=_MAX_PICTURES, ttl=TTL, show_spinner=False)
def _song_picture(
    digest: str, settings: FrameSettings, features: str, _log_mel: FloatArray
) -> bytes:
    return mel.song_png(_log_mel, *mel.decibel_range(_log_mel))


@st.cache_data(max_entries=_MAX_OVERVIEWS, ttl=TTL, show_spinner=False)
def _overview(
    digest: str, name: str, sample_rate: int, _waveform: Waveform
) -> tuple[FloatArray, FloatArray]:
    return peaks(_waveform.samples)


@st.cache_resource(max_entries=_MAX_DECODED_SOUNDS, ttl=TTL, show_spinner=False)
def _decoded_sound(digest: str, name: str, sample_rate: int, _waveform: Waveform) -> bytes:
    return wav_bytes(_waveform.samples, _waveform.sample_rate)
