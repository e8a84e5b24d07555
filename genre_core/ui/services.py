"""All caching of the app. Shared by every session: nothing here belongs to one user.

A song goes through three stages, each kept under what it depends on alone:

    decode              bytes, sample rate of the network
    frames + features   bytes, frame length, trim
    scores              bytes, frame length, trim, network
    finer scores        bytes, window, hop, network

So another aggregation runs nothing, another frame length decodes nothing, and the same song again
comes back at once. The caches are bounded and forget after half an hour.

Progress cannot be drawn inside a function that Streamlit caches (it would replay it), so what is
cached is a `_Slot`, and its value is made outside. Where making it is cancelled or fails, the slot
stays empty: nothing is ever half done.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import streamlit as st

from genre_core.assets import EMBEDDINGS_FOLDER
from genre_core.audio.frames import cut_frames
from genre_core.audio.load import load_audio
from genre_core.audio.peaks import peaks
from genre_core.audio.wav import wav_bytes
from genre_core.checkpoints.limits import load_upload
from genre_core.config import GENRES, FrameSettings, SlidingSettings
from genre_core.evaluation.embedding_set import EmbeddingSet, read_embedding_files
from genre_core.features.log_mel import log_mel_spectrogram
from genre_core.inference.explain import Explanation, Method
from genre_core.inference.explain import explain as explain_frame
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.similarity import SongSpace, song_embedding
from genre_core.inference.sliding import SlidingScores, sliding_spans, window_scores
from genre_core.models import registry
from genre_core.models.blocks import Architecture, architecture
from genre_core.plots import mel
from genre_core.types import FloatArray, Frames, SongAnalysis, Waveform
from genre_core.ui import models, session
from genre_core.ui.models import MODEL_VARIABLE, ModelSource  # noqa: F401 - tests name it here
from genre_core.ui.songs import Song

_TTL = "30m"
_MAX_WAVEFORMS = 4  # 2.9 MB a minute of song each
_MAX_FEATURES = 6  # 1.1 MB a minute of song each
_MAX_SCORES = 256
_MAX_SLIDING = 32  # 0.1 MB an hour of song each
_MAX_EXPLANATIONS = 128  # 10 kB each
_MAX_EMBEDDINGS = 256
_MAX_THUMBNAIL_PAGES = 64
_MAX_OVERVIEWS = 64
_MAX_NETWORKS = 4  # 64 MiB each at most, mostly some MB
_MAX_DECODED_SOUNDS = 2  # 1.4 MB a minute of song each

_WAITING = "Waiting for the same song in another window"

Value = TypeVar("Value")
OnStep = Callable[[str, float], None]  # (what is being done, share done from 0 to 1)
OnFrames = Callable[[Waveform, Frames], None]


@dataclass(eq=False)
class _Slot(Generic[Value]):
    """A place in a bounded cache, filled by the first session that needs it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    value: Value | None = None

    def fill(self, make: Callable[[], Value], on_wait: Callable[[], None]) -> Value:
        """Return the value, made once; a second session waits, and can be cancelled meanwhile."""
        if self.value is not None:
            return self.value
        while not self.lock.acquire(timeout=0.2):
            on_wait()
        try:
            if self.value is None:
                self.value = make()
            return self.value
        finally:
            self.lock.release()


@dataclass(frozen=True, eq=False)
class _Heard:
    """A song cut into frames, and their log-mel-spectrograms (n_frames, n_mels, n_columns), dB."""

    frames: Frames
    log_mel: FloatArray


@st.cache_resource(max_entries=_MAX_WAVEFORMS, ttl=_TTL, show_spinner=False)
def _waveform_slot(digest: str, name: str, sample_rate: int) -> _Slot[Waveform]:
    return _Slot()


@st.cache_resource(max_entries=_MAX_FEATURES, ttl=_TTL, show_spinner=False)
def _heard_slot(digest: str, name: str, settings: FrameSettings, features: str) -> _Slot[_Heard]:
    return _Slot()


@st.cache_resource(max_entries=_MAX_SCORES, ttl=_TTL, show_spinner=False)
def _scores_slot(digest: str, settings: FrameSettings, model: str) -> _Slot[FloatArray]:
    return _Slot()


@st.cache_resource(max_entries=_MAX_SLIDING, ttl=_TTL, show_spinner=False)
def _sliding_slot(digest: str, settings: SlidingSettings, model: str) -> _Slot[SlidingScores]:
    return _Slot()


@dataclass(frozen=True)
class ExplanationKey:
    """What an explanation depends on: song (its hash), cut, network (its hash), frame, question."""

    digest: str
    settings: FrameSettings
    model: str
    index: int
    genre: str
    method: Method


@st.cache_resource(max_entries=_MAX_EXPLANATIONS, ttl=_TTL, show_spinner=False)
def _explanation_slot(what: ExplanationKey) -> _Slot[Explanation]:
    return _Slot()


@st.cache_resource(max_entries=_MAX_EMBEDDINGS, ttl=_TTL, show_spinner=False)
def _embedding_slot(digest: str, settings: FrameSettings, model: str) -> _Slot[FloatArray]:
    return _Slot()


@st.cache_resource(max_entries=2, show_spinner=False)
def _embedding_sets(
    folder: Path, changed_ns: tuple[int, ...]
) -> tuple[tuple[EmbeddingSet, SongSpace], ...]:
    return tuple((each, SongSpace(each.embeddings)) for each in read_embedding_files(folder))


@st.cache_resource(max_entries=_MAX_NETWORKS, show_spinner=False)
def _load_recognizer(path: str, changed_ns: int) -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(Path(path))


@st.cache_resource(max_entries=_MAX_NETWORKS, ttl=_TTL, show_spinner=False)
def _load_uploaded(key: str, _data: bytes) -> GenreRecognizer:
    return load_upload(_data)


@st.cache_resource(max_entries=1, show_spinner=False)
def architectures() -> dict[str, Architecture]:
    """Return every network that the program can build, as it is without further settings."""
    return {name: architecture(registry.build(name, len(GENRES))) for name in registry.names()}


def recognizer(source: ModelSource | None = None) -> GenreRecognizer:
    """Return a network, loaded once for all sessions and again when its file changes.

    Parameters
    ----------
    source : ModelSource, optional
        The one that this browser session has chosen by default.

    Raises
    ------
    ModelError
        The checkpoint is missing or damaged, or an uploaded one asks for too much.
    """
    source = source or session.model_choice().chosen()
    if source is not None and source.path is None:
        return _load_uploaded(source.key, source.data)
    path = models.model_path() if source is None or source.path is None else source.path
    changed_ns = path.stat().st_mtime_ns if path.is_file() else 0
    return _load_recognizer(str(path), changed_ns)


def decode(song: Song, on_step: OnStep, source: ModelSource | None = None) -> Waveform:
    """Decode a song as a network hears it, or find it decoded.

    Parameters
    ----------
    song : Song
    on_step, source
        As in `analyse`.

    Raises
    ------
    AudioError, ModelError
    """
    rate = recognizer(source).features.sample_rate

    def make() -> Waveform:
        on_step("Decoding", 0.0)
        decoded = load_audio(
            song.data,
            song.file_name,
            sample_rate=rate,
            on_progress=lambda share: on_step("Decoding", 0.3 * share),
        )
        decoded.samples.setflags(write=False)
        return decoded

    slot = _waveform_slot(song.digest, song.file_name, rate)
    return slot.fill(make, lambda: on_step(_WAITING, 0.0))


def analyse(
    song: Song,
    settings: FrameSettings,
    on_step: OnStep,
    on_frames: OnFrames | None = None,
    source: ModelSource | None = None,
) -> SongAnalysis:
    """Take a song through the stages; those that are known already cost nothing.

    Parameters
    ----------
    song : Song
    settings : FrameSettings
    on_step : callable
        Called with what is being done and the share done, 0 to 1, only where there is something
        to do. It may raise to cancel.
    on_frames : callable, optional
        Called with the waveform and its frames before the network runs, where it has to.
    source : ModelSource, optional
        The network; the one that this browser session has chosen by default.

    Raises
    ------
    AudioError, SettingsError, ModelError
    """
    network = recognizer(source)

    def wait() -> None:
        on_step(_WAITING, 0.0)

    waveform = decode(song, on_step, source)

    def hear() -> _Heard:
        frames = cut_frames(waveform, settings)
        on_step("Spectrograms", 0.3)
        log_mel = log_mel_spectrogram(frames.samples, network.features)
        log_mel.setflags(write=False)
        return _Heard(frames, log_mel)

    heard = _heard_slot(song.digest, song.file_name, settings, repr(network.features)).fill(
        hear, wait
    )

    def score() -> FloatArray:
        def on_frame(done: int, total: int) -> None:
            if done < total:
                on_step(f"Frame {done + 1} of {total}", 0.4 + 0.6 * done / total)

        if on_frames is not None:
            on_frames(waveform, heard.frames)
        on_frame(0, len(heard.frames.spans))
        scores = network.score(heard.log_mel, on_frame=on_frame)
        scores.setflags(write=False)
        return scores

    scores = _scores_slot(song.digest, settings, network.info.sha256).fill(score, wait)
    return SongAnalysis(waveform, heard.frames, heard.log_mel, scores, network.info)


def thumbnails(
    digest: str, settings: FrameSettings, first: int, last: int, log_mel: FloatArray
) -> tuple[bytes, ...]:
    """Return the small mel-spectrograms (PNG) of frames `first` to `last` (exclusive)."""
    features = repr(recognizer().features)
    return _thumbnails(digest, settings, features, first, last, log_mel)


@st.cache_data(max_entries=_MAX_THUMBNAIL_PAGES, ttl=_TTL, show_spinner=False)
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


def known_sliding(song: Song, settings: SlidingSettings) -> SlidingScores | None:
    """Return a song's scores over a sliding window where they are there already."""
    return _sliding_slot(song.digest, settings, recognizer().info.sha256).value


def slide(song: Song, waveform: Waveform, settings: SlidingSettings, on_step: OnStep) -> None:
    """Score a song over a sliding window, for `known_sliding`.

    Parameters
    ----------
    song : Song
    waveform : Waveform
        The song's.
    settings : SlidingSettings
    on_step : callable
        As in `analyse`: called before each window, and may raise to cancel.

    Raises
    ------
    SettingsError, ModelError
    """
    network = recognizer()

    def score() -> SlidingScores:
        spans = sliding_spans(waveform, settings)
        windows = window_scores(network, waveform, spans)
        scores = np.zeros((len(spans), len(network.info.genres)), dtype=np.float32)
        for done in range(len(spans)):
            on_step(f"Window {done + 1} of {len(spans)}", done / len(spans))
            scores[done] = next(windows)
        scores.setflags(write=False)
        return SlidingScores(spans, scores, settings)

    def wait() -> None:
        on_step(_WAITING, 0.0)

    _sliding_slot(song.digest, settings, network.info.sha256).fill(score, wait)


def overview(digest: str, name: str, waveform: Waveform) -> tuple[FloatArray, FloatArray]:
    """Return the song's peaks, as `overview.peaks` does."""
    return _overview(digest, name, waveform.sample_rate, waveform)


@st.cache_data(max_entries=_MAX_OVERVIEWS, ttl=_TTL, show_spinner=False)
def _overview(
    digest: str, name: str, sample_rate: int, _waveform: Waveform
) -> tuple[FloatArray, FloatArray]:
    return peaks(_waveform.samples)


def decoded_sound(digest: str, name: str, waveform: Waveform) -> bytes:
    """Return the song as the network hears it, as a WAV file, which every browser plays."""
    return _decoded_sound(digest, name, waveform.sample_rate, waveform)


@st.cache_resource(max_entries=_MAX_DECODED_SOUNDS, ttl=_TTL, show_spinner=False)
def _decoded_sound(digest: str, name: str, sample_rate: int, _waveform: Waveform) -> bytes:
    return wav_bytes(_waveform.samples, _waveform.sample_rate)


def known_explanation(what: ExplanationKey) -> Explanation | None:
    """Return an explanation where it is there already."""
    return _explanation_slot(what).value


def explain(what: ExplanationKey, analysis: SongAnalysis) -> Iterator[float]:
    """Explain one frame of `analysis`, for `known_explanation`.

    Yields
    ------
    float
        Share done, 0 to 1, after each pass of the network. Who stops asking, stops the work.

    Raises
    ------
    ModelError
    """
    slot = _explanation_slot(what)
    if slot.value is None:
        log_mel = analysis.log_mel[what.index]
        slot.value = yield from explain_frame(recognizer(), log_mel, what.genre, what.method)


def embedding_sets() -> tuple[tuple[EmbeddingSet, SongSpace], ...]:
    """Return the songs that come with the app as embeddings, by whichever networks.

    Raises
    ------
    DatasetError
        A file of them is damaged.
    """
    changed = tuple(path.stat().st_mtime_ns for path in sorted(EMBEDDINGS_FOLDER.glob("*.json")))
    return _embedding_sets(EMBEDDINGS_FOLDER, changed)


def embedding(
    song: Song, settings: FrameSettings, analysis: SongAnalysis, on_step: OnStep
) -> FloatArray:
    """Return a song's embedding, float32 (width,) of length 1, of the frames that are not silent.

    Parameters
    ----------
    song : Song
    settings : FrameSettings
    analysis : SongAnalysis
        Of this song, cut so; at least one frame is not silent.
    on_step : callable
        As in `analyse`.

    Raises
    ------
    ModelError
    """

    def embed() -> FloatArray:
        heard = [span.index for span in analysis.frames.spans if not span.silent]

        def on_frame(done: int, total: int) -> None:
            on_step(f"Frame {min(done + 1, total)} of {total}", done / total)

        on_frame(0, len(heard))
        embedded = song_embedding(recognizer().embed(analysis.log_mel[heard], on_frame))
        embedded.setflags(write=False)
        return embedded

    slot = _embedding_slot(song.digest, settings, analysis.model.sha256)
    return slot.fill(embed, lambda: on_step(_WAITING, 0.0))
