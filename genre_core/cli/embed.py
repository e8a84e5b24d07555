"""`python -m genre_core embed`: the songs of a list as points, for "Songs like this one"."""

import argparse
from pathlib import Path

from genre_core.checkpoints.bundled import DEFAULT_MODEL
from genre_core.cli.data_options import add_clip_options, chosen_clips, report_problems
from genre_core.cli.model_option import load_recognizer
from genre_core.cli.progress import progress_bar
from genre_core.cli.text import command_line

DESCRIPTION = """\
Write the embeddings of the songs of a list: the input of the network's classifier, a few dozen
numbers a song, no sound. The page's "Songs like this one" finds neighbours among them; it takes
the file in assets/evaluations/embeddings/ that was made with the network in use.

DATASET is a folder with a subfolder of songs for each genre, or a CSV file (path,label and, if
known, group,artist,title,split).
"""
EXAMPLES = """\
examples:
  python -m genre_core embed ../shared/data/gtzan
  python -m genre_core embed songs/ --model runs/mine.safetensors
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "embed",
        help='write the points that "Songs like this one" searches',
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dataset", metavar="DATASET", help="folder or .csv")
    parser.add_argument(
        "--model",
        metavar="NAME|PATH",
        help=f"a model that comes with the program, or a checkpoint (default: {DEFAULT_MODEL})",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="(default: assets/evaluations/embeddings/<model>.<data set>-<list>.json)",
    )
    add_clip_options(parser)


def run(args: argparse.Namespace) -> int:
    """Write the embeddings; return 0."""
    # Imported here: torch takes seconds, and --help should not.
    from genre_core.datasets.readers import load_dataset
    from genre_core.evaluation.embedding_set import embed_dataset, embeddings_file, save_embeddings
    from genre_core.evaluation.scoring import SongList

    recognizer = load_recognizer(args.model)
    dataset = load_dataset(args.dataset)
    clips, list_name, scheme = chosen_clips(dataset, args)
    output = args.output or embeddings_file(recognizer.info.name, dataset.name, list_name)
    command = command_line()
    with progress_bar("embeddings", "song") as show:
        embedded, problems = embed_dataset(
            recognizer,
            clips,
            SongList(output.stem, dataset.name, list_name, scheme, command),
            show,
        )
    save_embeddings(output, embedded)
    report_problems((*dataset.problems, *problems))
    print(f"{output}: {len(embedded.songs)} songs, {embedded.embeddings.shape[1]} numbers each")
    return 0
