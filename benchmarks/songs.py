"""Run whole songs through the recognizer and write the table of verdicts to docs/songs.md.

    python -m benchmarks.songs [--songs FOLDER] [--output FILE]

The folder holds sound files and an `index.csv` (file, genre, label_confidence, artist, title,
licence). No sound is copied: only names and numbers go into the table.
"""

import argparse
import csv
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import ROOT, commit
from genre_core.checkpoints.bundled import default_model_path
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.threads import limit_threads
from genre_core.markdown import markdown_table
from genre_core.training.run_record import machine
from genre_core.types import Verdict

SONGS = ROOT.parent / "shared" / "data" / "songs"
OUTPUT = ROOT / "docs" / "songs.md"
HEADER = (
    *("song", "artist", "licence", "label", "frames"),
    *("verdict", "confidence", "runner-up", "seconds"),
)


@dataclass(frozen=True)
class Result:
    """A row of `index.csv`, the verdict, and how many seconds it took."""

    facts: dict[str, str]
    n_frames: int
    verdict: Verdict
    seconds: float

    @property
    def correct(self) -> bool:
        return self.verdict.genre == self.facts["genre"]


def analyse(recognizer: GenreRecognizer, folder: Path, facts: dict[str, str]) -> Result:
    """Analyse one song of the folder with the settings of the model."""
    started = time.perf_counter()
    analysis = recognizer.analyse(folder / facts["file"])
    return Result(facts, len(analysis.scores), analysis.verdict(), time.perf_counter() - started)


def page(songs: Sequence[Result], recognizer: GenreRecognizer) -> str:
    """Return the text of docs/songs.md."""
    settings = recognizer.frame_settings
    rows = [
        [
            song.facts["title"],
            song.facts["artist"],
            song.facts["licence"],
            f"{song.facts['genre']} ({song.facts['label_confidence']})",
            str(song.n_frames),
            song.verdict.genre if song.correct else f"**{song.verdict.genre}**",
            f"{song.verdict.confidence:.0%}",
            f"{song.verdict.runner_up} {song.verdict.confidence - song.verdict.margin:.0%}",
            f"{song.seconds:.1f}",
        ]
        for song in songs
    ]
    table = markdown_table(HEADER, rows, numbers={4, 6, 8})
    n_correct = sum(song.correct for song in songs)
    return f"""# Whole songs through the recognizer

Written by `python -m benchmarks.songs`; do not edit by hand. Model `{recognizer.info.name}`
({recognizer.info.sha256[:12]}), frames of {settings.frame_seconds:g} s,
{settings.trim_seconds:g} s trimmed at both ends, mean over the frames; {machine()};
commit {commit()}.

{table}

**{n_correct} of {len(songs)}** verdicts agree with the label; the others are in bold. The certainty
of each label is in brackets. Twelve songs are an illustration, not a measure: one song changes the
share by eight points. "seconds" is the time for the whole
song, from the file to the verdict.
"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.songs", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--songs", type=Path, default=SONGS, metavar="FOLDER")
    parser.add_argument("--model", type=Path, metavar="FILE", help="default: the bundled one")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    args = parser.parse_args(argv)
    index = args.songs / "index.csv"
    if not index.is_file():
        print(f"error: {index} is missing: name a folder of songs with --songs", file=sys.stderr)
        return 1
    limit_threads()
    recognizer = GenreRecognizer.from_checkpoint(args.model or default_model_path())
    songs = []
    with index.open(encoding="utf-8", newline="") as lines:
        for facts in csv.DictReader(lines):
            song = analyse(recognizer, args.songs, facts)
            mark = " " if song.correct else "x"
            print(
                f"{mark} {facts['genre']:<10} {song.verdict.genre:<10} {facts['title']}", flush=True
            )
            songs.append(song)
    args.output.write_text(page(songs, recognizer), encoding="utf-8")
    print(f"{sum(song.correct for song in songs)} of {len(songs)} -> {args.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
