"""Files that are no sound, read as songs: a stub decoder for the real store and engine."""

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre_core import config
from genre_core.errors import AudioError
from genre_core.inference.analysis import SongAnalysis
from genre_core.library.reading import ReadSong, Task, scanned_song
from genre_core.library.songs import LibraryModel, ScannedSong, SongTags
from genre_core.types import AudioReceipt, Frames, FrameSpan, ModelInfo, Waveform

STUB_MODEL = LibraryModel("stub", "ab" * 32, config.GENRES, 29.12, 20.0)
N_FRAMES, WIDTH = 7, 64


@dataclass(frozen=True)
class StubReader:
    """Reads a text file as a song that depends on its content alone.

    "bad ..." cannot be read, "crash ..." ends the process, "twice ..." does so the first two times
    (it needs the log); `log`, if given, gets a line a file.
    """

    model: LibraryModel = STUB_MODEL
    seconds: float = 0.0  # of work for each song
    log: str = ""

    def load(self) -> ReadSong:
        return self.read

    def read(self, task: Task) -> ScannedSong:
        data = Path(task.found.path).read_bytes()
        if self.log:
            with open(self.log, "ab") as log:  # noqa: PTH123  one line in one write
                log.write(os.fsencode(task.found.path) + b"\n")
        if data.startswith(b"crash") or (data.startswith(b"twice") and self._n_readings(task) <= 2):
            os._exit(1)
        if data.startswith(b"bad"):
            raise AudioError("holds no sound")
        busy_until = time.process_time() + self.seconds
        while time.process_time() < busy_until:
            pass
        digest = hashlib.sha256(data)
        title = data.decode("utf-8", "replace")[:50]
        tags = task.known.tags if task.known else SongTags("Artist", title, "", 2000, "Rock")
        analysis = _analysis(int.from_bytes(digest.digest()[:4]), self.model)
        return scanned_song(analysis, task.found, digest.hexdigest(), tags)

    def _n_readings(self, task: Task) -> int:
        return Path(self.log).read_bytes().splitlines().count(os.fsencode(task.found.path))


def _analysis(seed: int, model: LibraryModel) -> SongAnalysis:
    generator = np.random.default_rng(seed)
    spans = tuple(FrameSpan(i, 1000 * i, 1000 * (i + 1), 1000, False) for i in range(N_FRAMES))
    empty = np.zeros((N_FRAMES, 1), dtype=np.float32)
    return SongAnalysis(
        Waveform(empty[:, 0], 1000, AudioReceipt("stub", "STUB", "none", 1000, 1, 7.0)),
        Frames(empty, spans, 1.0, 0.0, 0.0, ()),
        empty,
        generator.dirichlet(np.full(len(model.genres), 0.4), N_FRAMES).astype(np.float32),
        ModelInfo(model.name, model.sha256, model.genres),
        generator.standard_normal((N_FRAMES, WIDTH)).astype(np.float32),
    )
