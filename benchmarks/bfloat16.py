"""Compare the scores in bfloat16 with those in float32.

    python -m benchmarks.bfloat16 ../shared/data/songs_more/songs.csv [DATASET ...]

Every song of the data sets goes through the bundled network twice. The table gives the largest
difference of a frame's scores, and how many songs get another verdict, or are unlike the training
songs in one of both alone.
"""

import argparse
from collections.abc import Iterator

import numpy as np

from genre_core.datasets.readers import load_dataset
from genre_core.errors import AudioError
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.threads import limit_threads
from genre_core.markdown import markdown_table
from genre_core.models.bfloat16 import computes_bfloat16


def analyses(dataset: str) -> Iterator[tuple[SongAnalysis, SongAnalysis]]:
    """Yield each song that can be read as float32 and as bfloat16 give it."""
    exact, fast = (GenreRecognizer.from_checkpoint(is_fast=is_fast) for is_fast in (False, True))
    for clip in load_dataset(dataset).clips:
        try:
            waveform = exact.decode(clip.path)
            cut = exact.spectrograms(waveform)
        except AudioError:
            continue
        yield (
            exact.combine(waveform, cut, exact.read(cut.log_mel)),
            fast.combine(waveform, cut, fast.read(cut.log_mel)),
        )


def row(dataset: str) -> list[str]:
    """Return a line of the table for one data set."""
    differences, n_verdicts, n_unlike, n_songs = [], 0, 0, 0
    for exact, fast in analyses(dataset):
        n_songs += 1
        differences.extend(np.abs(exact.scores - fast.scores).max(axis=1))
        n_verdicts += exact.verdict().genre != fast.verdict().genre
        n_unlike += exact.unlike_training != fast.unlike_training
    worst = np.quantile(differences, [0.5, 0.99, 1.0])
    return [
        dataset,
        *(str(n) for n in (n_songs, len(differences))),
        *(f"{value:.4f}" for value in worst),
        str(n_verdicts),
        str(n_unlike),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", metavar="DATASET")
    args = parser.parse_args()
    if not computes_bfloat16():
        raise SystemExit("skipped: this processor does not compute in bfloat16")
    limit_threads()
    header = ["songs of", "songs", "frames", "median", "99 %", "largest", "verdicts", "unlike"]
    rows = [row(dataset) for dataset in args.datasets]
    print(markdown_table(header, rows, numbers=set(range(1, len(header)))))


if __name__ == "__main__":
    main()
