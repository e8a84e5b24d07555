"""Songs without a folder, dropped on the page: analysed step by step into a store."""

import hashlib
import io
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import PurePosixPath

from genre_core.errors import GenreError
from genre_core.inference.analysis import Readings
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.step_run import SongWork, StepRun, Steps
from genre_core.library.files import FoundFile
from genre_core.library.reading import library_model, now, scanned_song
from genre_core.library.songs import Failure, FileState, ScannedSong
from genre_core.library.tags import read_tags
from genre_core.library.writer import LibraryWriter

MAX_SONGS = 50  # at once
_StepsToSong = Generator[tuple[float, str], None, ScannedSong]
_DECODED = 0.2  # share of a song's work that is done when it is decoded


@dataclass(frozen=True)
class DroppedSong:
    """A file without a folder: the last part of its name, and its content."""

    name: str
    data: bytes = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, hex."""
        return hashlib.sha256(self.data).hexdigest()


class DroppedRun(StepRun):
    """The work on dropped songs: in a step, a song is decoded, or a frame is scored.

    A song is stored as soon as it is done; one that cannot be read becomes a failure, and the next
    one follows. Its path in the store is its name alone, with a number where another song has it.
    The same content again is not scored again.
    """

    def __init__(
        self, songs: Sequence[DroppedSong], recognizer: GenreRecognizer, writer: LibraryWriter
    ) -> None:
        work = [
            SongWork(song.name, len(song.data), partial(self._analyse, index, song))
            for index, song in enumerate(songs)
        ]
        super().__init__(work)
        self.songs = tuple(songs)
        self.genres = recognizer.info.genres
        self._recognizer = recognizer
        self._writer = writer
        self._settings = recognizer.frame_settings
        self._model_id = writer.begin_scan(library_model(recognizer, self._settings))
        self._done: dict[int, ScannedSong] = {}

    def done(self, index: int) -> ScannedSong | None:
        """Return a song as it was stored; None before that, or if it could not be read."""
        return self._done.get(index)

    def _analyse(self, index: int, song: DroppedSong) -> Steps:
        file = FileState(len(song.data), 0)
        try:
            alike = self._known(song)
            if alike is None:
                scanned = yield from self._score(song, FoundFile(self._path(song), file))
            else:
                copy = replace(alike.song, path=self._path(song), id=0)
                scanned = ScannedSong(copy, alike.readings)
            self._writer.store(self._model_id, [scanned])
            self._done[index] = scanned
        except GenreError as error:
            failure = Failure(self._path(song), file, str(error), now())
            self._writer.store(self._model_id, [], [failure])
            raise

    def _score(
        self, song: DroppedSong, found: FoundFile
    ) -> Generator[tuple[float, str], None, ScannedSong]:
        recognizer = self._recognizer
        waveform = recognizer.decode(song.data, song.name)
        cut = recognizer.spectrograms(waveform, self._settings)
        n_frames = len(cut.log_mel)
        readings = []
        for frame in range(n_frames):
            share = _DECODED + (1.0 - _DECODED) * frame / n_frames
            yield share, f"frame {frame + 1} of {n_frames}"
            readings.append(recognizer.read(cut.log_mel[frame : frame + 1]))
        analysis = recognizer.combine(waveform, cut, Readings.joined(readings))
        return scanned_song(analysis, found, song.sha256, read_tags(io.BytesIO(song.data)))

    def _known(self, song: DroppedSong) -> ScannedSong | None:
        """Return the song with the same content that this network has scored."""
        alike = self._writer.same_content(song.sha256, self._model_id)
        readings = self._writer.readings(alike[0].id) if alike else None
        return ScannedSong(alike[0], readings) if readings is not None else None

    def _path(self, song: DroppedSong) -> str:
        """Return the song's name; "song (2).mp3" where another song has it."""
        path, name, n = PurePosixPath(song.name), song.name, 1
        while self._is_other(name, song):
            n += 1
            name = f"{path.stem} ({n}){path.suffix}"
        return name

    def _is_other(self, name: str, song: DroppedSong) -> bool:
        """Return whether the store has another song, or another failure, of this name."""
        known, there = self._writer.known(name), self._writer.song_at(name)
        if there is not None:
            return there.sha256 != song.sha256
        return known is not None and known[0] != FileState(len(song.data), 0)
