"""`python -m genre_core lyrics train`: fit the model of words on bags of words."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genre_core.cli.text import command_line
from genre_core.errors import SettingsError

if TYPE_CHECKING:
    from genre_core.lyrics.corpus import Corpus
    from genre_core.lyrics.fitting import Trial

MIN_SONGS = 500  # of a genre, to be learnt
DESCRIPTION = """\
Cross-validate ways to tell a genre from words, on folds that keep the songs of an artist and the
covers of a song together; fit the best by macro F1 on all songs; write it as weights over a
vocabulary. The file holds no song, and runs no code when it is loaded.

BAGS is a .parquet file with the columns song_id, artist, title, genre, words ("word:count" parted
by spaces) and, if known, text_kind and year. Covers are known where song_stats.parquet lies beside.
"""
EXAMPLES = """\
examples:
  python -m genre_core lyrics train bags.parquet --output runs/words.json
  python -m genre_core lyrics train bags.parquet --output runs/words.json \\
      --classifiers logistic_regression --n 500 1000 all
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "train",
        help="fit the model of words on bags of words",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bags", metavar="BAGS", help=".parquet")
    parser.add_argument("--output", required=True, metavar="MODEL", help=".json file to write")
    parser.add_argument(
        "--scores", metavar="FILE", help="also write the out-of-fold scores as a score file"
    )
    parser.add_argument(
        "--text-kind",
        default="raw",
        metavar="KIND",
        help="raw or processed: the two never mix (default: raw, as people paste it)",
    )
    parser.add_argument(
        "--genres",
        nargs="+",
        metavar="GENRE",
        help=f"(default: those with at least {MIN_SONGS} songs)",
    )
    parser.add_argument(
        "--most", type=int, metavar="N", help="songs a genre, drawn at random (default: all)"
    )
    parser.add_argument(
        "--classifiers",
        nargs="+",
        default=["logistic_regression", "naive_bayes", "linear_svm"],
        metavar="NAME",
        help="to compare (default: logistic_regression naive_bayes linear_svm)",
    )
    parser.add_argument(
        "--n",
        nargs="+",
        default=["1000", "all"],
        metavar="N",
        help="most frequent words of each genre, 10 to 2000, or all (default: 1000 all)",
    )
    parser.add_argument(
        "--prior",
        type=float,
        default=0.0,
        metavar="P",
        help="0: genres weigh the same, 1: as they are frequent in BAGS, between: by that power of "
        "their share (default: 0)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the folds (0)")


def run(args: argparse.Namespace) -> int:
    """Compare, fit and write as `args` says; return 0."""
    from genre_core.evaluation.calibration import fit_temperature
    from genre_core.evaluation.lyrics_scores import calibrated, lyrics_score_set
    from genre_core.evaluation.score_file import save_score_set
    from genre_core.evaluation.score_set import CROSS_VALIDATION, Provenance
    from genre_core.lyrics.corpus import read_corpus
    from genre_core.lyrics.fitting import Candidate, compare, fit_model
    from genre_core.lyrics.model import save_model
    from genre_core.lyrics.validation import cross_validate, grouped_folds, quality, random_folds

    output = Path(args.output)
    if output.suffix != ".json":
        raise SettingsError(f"{output}: a model of words is named .json.")
    if not 0 <= args.prior <= 1:
        raise SettingsError(f"--prior is from 0 to 1, not {args.prior}.")
    sizes = [_size(text) for text in args.n]
    candidates = [Candidate(name, n) for name in args.classifiers for n in sizes]
    corpus = chosen_songs(read_corpus(args.bags), args.text_kind, args.genres, args.most)
    folds = grouped_folds(corpus, seed=args.seed)
    print(f"{len(corpus):,} songs of {len(corpus.genres)} genres, {len(folds)} folds by artist")
    trials = compare(corpus, candidates, folds, _print_trial)
    best = trials[0]
    mixed = quality(
        cross_validate(corpus, best.candidate.make, random_folds(corpus, seed=args.seed))
    )
    print(f"{best.candidate}, songs drawn at random: {mixed.accuracy:.3f} / {mixed.macro_f1:.3f}")
    temperature = fit_temperature(best.result.logits, best.result.labels)
    command = command_line()
    date = datetime.now(UTC).isoformat(timespec="seconds")
    facts = {
        "command": command,
        "date": date,
        "corpus": corpus.name,
        "text_kind": args.text_kind,
        "songs": {genre: int((corpus.labels == genre).sum()) for genre in corpus.genres},
        "artists_and_covers_kept_together": corpus.has_covers,
        "folds": len(folds),
        "prior": args.prior,
        "classifier": best.candidate.classifier,
        "n": best.candidate.n,
        "compared": [trial_record(trial) for trial in trials],
        "songs_drawn_at_random": {"accuracy": mixed.accuracy, "macro_f1": mixed.macro_f1},
    }
    model = fit_model(corpus, best.candidate, temperature, output.stem, facts, args.prior)
    save_model(output, model)
    print(f"{output}: {best.candidate}, {len(model.vocabulary):,} words in the model")
    if args.scores:
        score_set = lyrics_score_set(
            Path(args.scores).stem,
            corpus.genres,
            corpus.songs,
            calibrated(best.result, args.prior),
            Provenance(
                command=command,
                date=date,
                model=model.name,
                model_sha256=model.sha256,
                dataset=corpus.name,
                list_name=CROSS_VALIDATION,
                scheme=f"{len(folds)} folds by artist and cover",
                trim_seconds=None,
            ),
        )
        save_score_set(args.scores, score_set)
        print(f"{args.scores}: what each song was given by the model fitted without its artist")
    return 0


def chosen_songs(
    corpus: "Corpus", text_kind: str, genres: list[str] | None, most: int | None
) -> "Corpus":
    """Return the songs to learn from.

    Raises
    ------
    SettingsError
        If fewer than two genres are left.
    """
    part = corpus.of_kind(text_kind) if (corpus.songs["text_kind"] != "").any() else corpus
    counts = {genre: int((part.labels == genre).sum()) for genre in part.genres}
    wanted = genres or [genre for genre, n in counts.items() if n >= MIN_SONGS]
    missing = [genre for genre in wanted if genre not in counts]
    if missing or len(wanted) < 2:
        known = ", ".join(f"{genre} {n:,}" for genre, n in counts.items()) or "none"
        problem = f"no songs of {', '.join(missing)}" if missing else "fewer than two genres"
        raise SettingsError(f"{problem} with text_kind {text_kind!r}; there are: {known}.")
    part = part.of_genres(wanted)
    return part.balanced(most) if most else part


def trial_record(trial: "Trial") -> dict[str, Any]:
    """Return what cross-validation says of a candidate, as JSON can hold it."""
    return {
        "classifier": trial.candidate.classifier,
        "n": trial.candidate.n,
        "accuracy": round(trial.quality.accuracy, 4),
        "macro_f1": round(trial.quality.macro_f1, 4),
    }


def _print_trial(trial: "Trial") -> None:
    print(
        f"{trial.candidate}: accuracy {trial.quality.accuracy:.3f}, "
        f"macro F1 {trial.quality.macro_f1:.3f}",
        flush=True,
    )


def _size(text: str) -> int | None:
    if text == "all":
        return None
    if not text.isdecimal():
        raise SettingsError(f"--n takes whole numbers and all, not {text!r}.")
    return int(text)
