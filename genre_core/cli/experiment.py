"""`python -m genre_core experiment`: compare networks, and ways to train them, on a data set."""

import argparse
import platform
from datetime import UTC, datetime
from pathlib import Path

from genre_core.cli.data_options import report_problems
from genre_core.cli.progress import progress_bar
from genre_core.cli.text import command_line
from genre_core.cli.train import prepare_torch
from genre_core.errors import SettingsError

EXPERIMENTS: dict[str, str] = {
    "size": "three families of networks, each at three sizes, by the same recipe",
    "transfer": "how much of the published tag network to keep, and how much to train",
    "optimizers": "Adam against gradient descent with Nesterov momentum",
    "protocol": "test songs drawn at random, compared with all songs of an artist on one side",
    "sources": "probes on published networks: what more songs, and songs from elsewhere, are worth",
    "lyrics": "genre from the words: accuracy against how many words, for five classifiers",
}
DESCRIPTION = """\
Run an experiment and write its results, a row a run, to a JSON file.

{names}

Ctrl-C stops the experiment. The same command continues it; after a change of a setting, only the
runs that depend on it are repeated. "sources" needs songs from elsewhere (--more) and takes any
number of published networks. "lyrics" takes a .parquet file of bags of words instead of songs.
"""
EXAMPLES = """\
examples:
  python -m genre_core experiment size songs/ --epochs 20 --threads 2
  python -m genre_core experiment transfer songs.csv --weights choi_msd_crnn_theano.h5
  python -m genre_core experiment sources gtzan/ --more songs.csv --weights *.h5 won_*.safetensors
  python -m genre_core experiment lyrics bags.parquet
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    names = "\n".join(f"  {name:11} {text}" for name, text in EXPERIMENTS.items())
    parser = subparsers.add_parser(
        "experiment",
        help="compare networks and ways to train them",
        description=DESCRIPTION.format(names=names),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", choices=EXPERIMENTS, help=", ".join(EXPERIMENTS))
    parser.add_argument("dataset", metavar="DATASET", help="folder or .csv; for lyrics a .parquet")
    parser.add_argument(
        "--weights",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="the published tag network, choi_msd_crnn_theano.h5, for transfer, optimizers and "
        "protocol; for sources several, the won_*.safetensors too",
    )
    parser.add_argument(
        "--more", type=Path, metavar="CSV", help="songs from elsewhere, for sources"
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="(default: assets/evaluations/experiments/)"
    )
    parser.add_argument("--seeds", type=int, metavar="N", help="runs of each kind")
    parser.add_argument("--epochs", type=int, metavar="N", help="of every training")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path("runs/experiments"),
        metavar="FOLDER",
        help="for the state of unfinished runs (default: runs/experiments)",
    )
    parser.add_argument("--cache", default="runs/cache", metavar="FOLDER", help="(runs/cache)")
    parser.add_argument(
        "--device", default="cpu", metavar="NAME", help="to train on, as torch names it (cpu)"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="CPU threads (default: torch's)")


def run(args: argparse.Namespace) -> int:
    """Do the missing runs of the experiment; return 0."""
    _check(args)
    if args.name == "lyrics":
        return _run_on_words(args)
    return _run_on_sources(args) if args.name == "sources" else _run_on_songs(args)


def _check(args: argparse.Namespace) -> None:
    """Raise SettingsError for what would fail after hours of work."""
    from genre_core.experiments.results import results_file
    from genre_core.records import make_folder

    for name in ("seeds", "epochs", "threads"):
        value = getattr(args, name)
        if value is not None and value < 1:
            raise SettingsError(f"--{name} must be at least 1, not {value}.")
    make_folder((args.output or results_file(args.name)).parent)
    if args.name != "lyrics":
        make_folder(args.work)
        make_folder(args.cache)
        prepare_torch(args.device, args.threads)


def _run_on_songs(args: argparse.Namespace) -> int:
    import torch

    from genre_core.experiments.catalogue import EXPERIMENTS as CATALOGUE
    from genre_core.experiments.context import Context
    from genre_core.experiments.results import do_runs, results_file
    from genre_core.experiments.songs import load_songs

    if len(args.weights) > 1:
        raise SettingsError(f"{args.name} starts from one network: give one --weights.")
    with progress_bar("spectrograms", "song") as show:
        songs = load_songs(args.dataset, args.cache, show)
    report_problems(songs.problems, songs.warnings)
    with (
        progress_bar("features", "song") as on_features,
        progress_bar(args.name, "run") as on_run,
    ):
        context = Context(
            songs,
            args.work,
            args.weights[0] if args.weights else None,
            args.seeds,
            args.epochs,
            device=args.device,
            on_features=on_features,
        )
        output = args.output or results_file(args.name)
        header = {
            **_header(args.name),
            "dataset": songs.dataset.name,
            "n_songs": len(songs.log_mel),
            "source": "audio",
            "genres": list(songs.dataset.genres),
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
        }
        record = do_runs(CATALOGUE[args.name](context), output, header, on_run)
    print(f"{output}: {len(record['runs'])} runs")
    return 0


def _run_on_sources(args: argparse.Namespace) -> int:
    import torch

    from genre_core.datasets.clips import select
    from genre_core.datasets.readers import load_dataset
    from genre_core.datasets.splits import given
    from genre_core.experiments.probe_features import NetworkFeatures
    from genre_core.experiments.results import do_runs, results_file
    from genre_core.experiments.sources import Sources, plan, sure_ids

    if args.more is None or not args.weights:
        raise SettingsError("sources needs songs from elsewhere and networks: --more, --weights.")
    home, elsewhere = load_dataset(args.dataset), load_dataset(args.more)
    report_problems((*home.problems, *elsewhere.problems))
    split = given(home)
    sources = Sources(
        train=select(home.clips, split.train),
        valid=select(home.clips, split.valid),
        elsewhere=select(elsewhere.clips),
        sure=sure_ids(args.more),
    )
    clips = (*sources.train, *sources.valid, *sources.elsewhere)
    output = args.output or results_file(args.name)
    header = {
        **_header(args.name),
        "dataset": home.name,
        "elsewhere": elsewhere.name,
        "n_songs": len(clips),
        "source": "audio",
        "genres": list(home.genres),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
    }
    with (
        progress_bar("features", "song") as on_features,
        progress_bar(args.name, "run") as on_run,
    ):
        networks = [
            NetworkFeatures(path, clips, Path(args.cache), on_features) for path in args.weights
        ]
        record = do_runs(plan(sources, networks), output, header, on_run)
    print(f"{output}: {len(record['runs'])} runs")
    return 0


def _run_on_words(args: argparse.Namespace) -> int:
    import sklearn

    from genre_core.experiments import lyrics
    from genre_core.experiments.results import do_runs, results_file
    from genre_core.lyrics.corpus import read_corpus

    corpus = read_corpus(args.dataset)
    output = args.output or results_file(args.name)
    header = {
        **_header(args.name),
        "dataset": corpus.name,
        "n_songs": len(corpus),
        "has_covers": corpus.has_covers,
        "scikit-learn": sklearn.__version__,
    }
    with progress_bar(args.name, "run") as on_run:
        record = do_runs(lyrics.plan(corpus), output, header, on_run)
    print(f"{output}: {len(record['runs'])} runs")
    return 0


def _header(name: str) -> dict[str, str]:
    return {
        "experiment": name,
        "command": command_line(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": platform.processor() or platform.machine(),
    }
