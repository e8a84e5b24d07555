"""`python -m genre_core lyrics evaluate`: measure the model of words on bags of words."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from genre_core.cli.text import command_line
from genre_core.errors import DatasetError, SettingsError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from genre_core.lyrics.corpus import Corpus

DESCRIPTION = """\
Score songs whose genre is known by their words, print how good the scores are, and write a score
file that the page "Lyrics" opens.

BAGS is a .parquet file with the columns song_id, artist, title, genre and words ("word:count"
parted by spaces). Songs of a genre that the model does not know are counted and left out.

Where the file lacks some of the model's genres, the model chooses among the file's genres, for no
song could be right with another. Its accuracy among all its genres is printed too.
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure the model of words on songs whose genre is known",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bags", metavar="BAGS", help=".parquet")
    parser.add_argument(
        "--output", metavar="RESULT", help=".json file to write (default: BAGS.scores.json)"
    )
    parser.add_argument(
        "--model", metavar="FILE", help="a model of words (default: the one that comes along)"
    )
    parser.add_argument(
        "--among",
        choices=("file", "model"),
        default="file",
        help="genres to choose among in the score file: the file's or all of the model's "
        "(default: file)",
    )


def run(args: argparse.Namespace) -> int:
    """Score, print and write as `args` says; return 0."""
    import numpy as np

    from genre_core.evaluation.lyrics_scores import among, lyrics_score_set, score_corpus
    from genre_core.evaluation.score_file import save_score_set
    from genre_core.evaluation.score_set import Provenance
    from genre_core.lyrics.bundled import bundled_model
    from genre_core.lyrics.corpus import read_corpus
    from genre_core.lyrics.model import load_model

    output = Path(args.output or f"{Path(args.bags).stem}.scores.json")
    if output.suffix != ".json":
        raise SettingsError(f"{output}: a score file's name ends in .json.")
    model = load_model(args.model) if args.model else bundled_model()
    corpus, problems = known_songs(read_corpus(args.bags), model.genres)
    every = score_corpus(model, corpus)
    chosen = np.isin(model.genres, corpus.genres)
    few = among(every, chosen)
    print(f"{len(corpus):,} songs, model {model.name}")
    for problem in problems:
        print(f"left out: {problem}")
    print("\n".join(table(corpus, model.genres, few, int(chosen.sum()), "of the file")))
    if not chosen.all():
        whole = table(corpus, model.genres, every, len(model.genres), "of the model")
        print(whole[-1])
    score_set = lyrics_score_set(
        output.stem,
        model.genres,
        corpus.songs,
        few if args.among == "file" else every,
        Provenance(
            command=command_line(),
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            model=model.name,
            model_sha256=model.sha256,
            dataset=corpus.name,
            list_name="all",
            scheme="",
            trim_seconds=None,
            problems=tuple(problems),
        ),
    )
    save_score_set(output, score_set)
    print(f"{output}: open it on the page Lyrics")
    return 0


def known_songs(corpus: "Corpus", genres: tuple[str, ...]) -> tuple["Corpus", list[str]]:
    """Return the songs whose genre is among `genres`, and a sentence on each genre left out.

    Raises
    ------
    DatasetError
        If no song is left.
    """
    import numpy as np

    labels = corpus.labels
    known = np.isin(labels, genres)
    if not known.any():
        raise DatasetError(
            f"{corpus.name}: no song of a genre that the model knows ({', '.join(genres)})."
        )
    problems = [
        f"{int((labels == genre).sum())} songs of {genre or 'no genre'}: not a genre of the model"
        for genre in sorted(set(labels[~known].tolist()))
    ]
    return corpus.take(known), problems


def table(
    corpus: "Corpus",
    genres: tuple[str, ...],
    scores: "npt.NDArray[np.float64]",
    n_genres: int,
    whose: str,
) -> list[str]:
    """Return a line with accuracy and macro F1, and above it a header."""
    import numpy as np
    from sklearn.metrics import accuracy_score, f1_score

    from genre_core.evaluation.calibration import expected_calibration_error
    from genre_core.evaluation.metrics import song_accuracy

    labels = np.array([genres.index(label) for label in corpus.labels])
    best = scores.argmax(axis=1)
    present = np.unique(labels)
    interval = song_accuracy(labels, best)
    return [
        f"{'chosen among':<26} {'accuracy':>8} {'95 % (Wilson)':>16} {'macro F1':>9} {'ECE':>6}",
        f"{f'{n_genres} genres {whose}':<26} {accuracy_score(labels, best):>8.3f} "
        f"{f'{interval.low:.3f} - {interval.high:.3f}':>16} "
        f"{f1_score(labels, best, labels=present, average='macro'):>9.3f} "
        f"{expected_calibration_error(labels, scores):>6.3f}",
    ]
