"""The tables of `song`, and the text of docs/speed.md."""

import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from benchmarks.report import commit
from genre_core.markdown import markdown_table
from genre_core.training.run_record import machine

MOST_DECODINGS = 1.8  # aims, on two cores
LEAST_PLAIN = 4.5
MOST_PICTURE = 0.5
STAGES = ("decode and resample", "spectrograms", "network", "familiarity and verdict")


@dataclass(frozen=True)
class SongTimes:
    """Seconds for one song, the shortest of the rounds."""

    name: str
    song_seconds: float
    n_frames: int
    libsndfile: float | None  # None where it does not know the format
    libav: float
    plain: float | None
    stages: tuple[float, ...]  # STAGES, one after another
    picture: float
    verdict: float

    @property
    def decoding(self) -> float:
        """Seconds of the faster decoder alone."""
        return min(self.libav, self.libsndfile or self.libav)

    @property
    def decodings(self) -> float:
        """How often the song could be decoded until its verdict is there."""
        return self.verdict / self.decoding

    @property
    def times_faster(self) -> float | None:
        """How much faster than the plain pipeline."""
        return None if self.plain is None else self.plain / self.verdict


def spread(values: Sequence[float | None]) -> str:
    """Return the median, and the smallest and the largest of the values that are there."""
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    return f"{statistics.median(known):.2f} ({min(known):.2f} to {max(known):.2f})"


def song_table(songs: Sequence[SongTimes]) -> str:
    """Return a row a song; times in ms."""

    def ms(seconds: float | None) -> str:
        return "-" if seconds is None else f"{1_000 * seconds:.0f}"

    header = [
        *("song", "length, s", "frames", "libsndfile", "libav", "plain", "picture", "verdict"),
        *("of decoding", "faster than plain"),
    ]
    rows = [
        [
            song.name,
            f"{song.song_seconds:.0f}",
            str(song.n_frames),
            *map(ms, (song.libsndfile, song.libav, song.plain, song.picture, song.verdict)),
            f"{song.decodings:.2f}",
            "-" if song.times_faster is None else f"{song.times_faster:.1f}",
        ]
        for song in songs
    ]
    return markdown_table(header, rows, numbers=set(range(1, len(header))))


def summary_table(by_cores: dict[int, list[SongTimes]]) -> str:
    """Return the ratios and the stages, a column for each number of cores."""
    columns = list(by_cores.values())
    rows = [
        ["verdict, times decoding alone", *(spread([s.decodings for s in c]) for c in columns)],
        ["faster than plain, times", *(spread([s.times_faster for s in c]) for c in columns)],
        [
            "picture, share of the verdict's time",
            *(spread([s.picture / s.verdict for s in c]) for c in columns),
        ],
    ]
    for index, stage in enumerate(STAGES):
        ms = [[60_000 * s.stages[index] / s.song_seconds for s in c] for c in columns]
        rows.append([f"{stage}, ms a minute of song", *map(spread, ms)])
    whole = [[60_000 * s.verdict / s.song_seconds for s in c] for c in columns]
    rows.append(["bytes to verdict, ms a minute of song", *map(spread, whole)])
    header = ["", *("one core" if n == 1 else f"{n} cores" for n in by_cores)]
    return markdown_table(header, rows, numbers=set(range(1, len(header))))


def report(by_cores: dict[int, list[SongTimes]], rounds: int, cold: str, memory: str) -> str:
    """Return the text of docs/speed.md."""
    songs = by_cores[max(by_cores)]
    decodings = statistics.median(song.decodings for song in songs)
    faster = statistics.median([s.times_faster for s in songs if s.times_faster] or [0.0])
    picture = statistics.median(song.picture / song.verdict for song in songs)

    def met(is_met: bool) -> str:
        return "met" if is_met else "missed"

    return f"""# How long a song takes

Written by `python -m benchmarks.song`; do not edit by hand. {machine()}; Python
{platform.python_version()}, torch {torch.__version__}; commit {commit()}.

## Bytes to verdict

Median of {len(songs)} songs, and in brackets the least and the most; each song is the shortest
of at least {rounds} rounds in a process that is warm and tied to the cores. "Decoding alone" is the
faster of libsndfile and libav, to float32 at the file's own rate. "Plain" is the pipeline of the
ancestor: `librosa.load` at 12 kHz, its spectrograms, `crnn_choi` as it is stored, all frames in one
batch, with as many threads as cores.

{summary_table(by_cores)}

Aims on {max(by_cores)} cores: at most {MOST_DECODINGS:g} times decoding alone
({met(decodings <= MOST_DECODINGS)}), at least {LEAST_PLAIN:g} times as fast as plain
({met(faster >= LEAST_PLAIN)}), the first picture before half of the time
({met(picture < MOST_PICTURE)}).

## Each song, {max(by_cores)} cores, ms

{song_table(songs)}

## Cold: a process that has loaded nothing

{cold}

`{songs[0].name}`, on all cores.

## Memory

{memory}
"""
