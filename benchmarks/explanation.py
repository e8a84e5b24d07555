"""Measure how long "Why this genre?" takes for a frame, beside a pass of the network.

    python -m benchmarks.explanation [FILE] [--rounds N]

In times of one pass, measured in the same rounds on one thread, so that it holds on other machines
too. "Every map anew" is what the same explanation takes where no map of the whole frame serves
again: as many whole passes.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

from genre_core.assets import DEMO_FOLDER
from genre_core.inference.explain import Method, explain, n_passes
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.threads import limit_threads
from genre_core.markdown import markdown_table


def seconds_of(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def table(recognizer: GenreRecognizer, song: Path, rounds: int) -> str:
    """Return the times for the first frame of a song, each the shortest of the rounds."""
    analysis = recognizer.analyse(song)
    frame = analysis.log_mel[0]
    genre = recognizer.info.genres[int(analysis.scores[0].argmax())]
    methods: tuple[Method, ...] = get_args(Method)
    steps: dict[str, Callable[[], object]] = {
        "pass": lambda: recognizer.log_odds(frame, genre),
        **{
            method: lambda method=method: list(explain(recognizer, frame, genre, method))
            for method in methods
        },
    }
    for step in steps.values():
        step()
    seconds = {name: min(seconds_of(step) for _ in range(rounds)) for name, step in steps.items()}
    a_pass = seconds["pass"]
    rows = [
        [
            method.replace("_", " "),
            f"{n_passes(method)}",
            f"{seconds[method] / a_pass:.1f}",
            f"{1_000 * seconds[method]:.0f}",
        ]
        for method in methods
    ]
    header = ["", "evaluations", "time, in passes", "ms"]
    return markdown_table(header, rows, numbers={1, 2, 3}) + f"\nA pass: {1_000 * a_pass:.0f} ms."


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explanation", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("song", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args(argv)
    limit_threads()
    song = args.song or DEMO_FOLDER / "jazz.mp3"
    print(table(GenreRecognizer.from_checkpoint(), song, args.rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
