"""What every step of the lesson has at hand: the song, and how far it has been taken."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genre_core.audio.frames import cut_frames
from genre_core.config import FeatureSettings
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.lesson.inside import Inside, look_inside
from genre_core.lesson.spectra import piece
from genre_core.types import FloatArray, Frames, FrameSpan, Waveform
from genre_core.ui import services
from genre_core.ui.components.verdict_card import cancellable
from genre_core.ui.pages.lesson.link import LessonView
from genre_core.ui.pages.lesson.song import take_first_demo
from genre_core.ui.pages.lesson.state import LessonState
from genre_core.ui.songs import Song

PIECE_SECONDS = 3.0  # what the steps before the frames look at
_MAX_INSIDES = 24  # some 3 MB each
_TTL = "30m"


@dataclass(frozen=True)
class Lesson:
    """One run of the page; progress is shown in `place`, the way out of it in `button`."""

    state: LessonState
    song: Song
    waveform: Waveform
    network: GenreRecognizer
    place: DeltaGenerator
    button: DeltaGenerator

    @property
    def view(self) -> LessonView:
        """What the controls say."""
        return self.state.view

    @property
    def features(self) -> FeatureSettings:
        """How the network's log-mel-spectrograms are made."""
        return self.network.features

    def piece(self) -> tuple[float, FloatArray]:
        """Return the start in seconds and the samples of the short piece looked at."""
        return piece(self.waveform, self.view.at, PIECE_SECONDS)

    def frames(self) -> Frames:
        """Return the song cut into frames. Raises AudioError where it cannot be."""
        return cut_frames(self.waveform, self.view.frame_settings)

    def frame(self, spans: tuple[FrameSpan, ...]) -> FrameSpan:
        """Return the frame looked at: the chosen one, or the first that is not silent."""
        if 1 <= self.view.frame <= len(spans):
            return spans[self.view.frame - 1]
        return next((span for span in spans if not span.silent), spans[0])

    def analysis(self) -> SongAnalysis:
        """Return the song's scores and all before them; shows progress where that takes time."""
        analysis = services.analyse(
            self.song,
            self.view.frame_settings,
            cancellable(
                self.place,
                self.button,
                "lesson_cancel_analysis",
                lambda: take_first_demo(self.state),
            ),
        )
        self.place.empty()
        self.button.empty()
        return analysis

    def inside(self, analysis: SongAnalysis, index: int) -> Inside:
        """Return what goes on in the network for one frame."""
        return _inside(
            f"{self.song.digest} {self.view.frame_settings} {index}",
            self.network.info.sha256,
            self.network,
            analysis.log_mel[index],
        )

    def log_mel(self, samples: FloatArray) -> FloatArray:
        """Return one frame's log-mel-spectrogram, (n_mels, n_columns) in dB."""
        return self.network.log_mel(samples[None])[0]


@st.cache_resource(max_entries=_MAX_INSIDES, ttl=_TTL, show_spinner=False)
def _inside(frame: str, model: str, _network: GenreRecognizer, _log_mel: FloatArray) -> Inside:
    return look_inside(_network.trace(_log_mel))
