"""`python -m genre_core library scan`: the songs of folders into a store."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tqdm import tqdm

from genre_core.cli.frame_options import add_frame_options
from genre_core.cli.library import add_store_option
from genre_core.cli.model_option import add_model_option, model_path
from genre_core.cli.text import printable
from genre_core.errors import LibraryError

if TYPE_CHECKING:
    from genre_core.library.scan import Engine, ScanCounts

EXTRA = "Dask: pip install 'genre-core[library]'"
SOME_FAILED = 1  # exit status when at least one song could not be read
EXAMPLES = """\
examples:
  python -m genre_core library scan ~/Music
  python -m genre_core library scan ~/Music /mnt/more --store music.db --workers 4
  python -m genre_core library scan /shared/music --scheduler tcp://10.0.0.1:8786
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "scan",
        help="recognise the songs of folders, and keep the result in a store",
        description=(
            "Recognise every song in folders and below, and store the result. A song that has not\n"
            "changed since the last scan is skipped, so a scan that was stopped goes on where it\n"
            "was. A song that cannot be read is reported and the others are still done; the exit\n"
            "status is then 1."
        ),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="a folder with songs")
    add_store_option(parser)
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--workers",
        type=_positive,
        metavar="N",
        help="read in N processes on this machine (needs the extra `library`)",
    )
    where.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="read on a Dask cluster that sees the same files, tcp://HOST:PORT (likewise)",
    )
    add_model_option(parser)
    add_frame_options(parser)
    parser.add_argument(
        "--prune",
        action="store_true",
        help="remove songs from the store that are gone from these folders",
    )
    parser.add_argument(
        "--retry",
        action="store_true",
        help="read files again that could not be read and have not changed",
    )


def run(args: argparse.Namespace) -> int:
    """Scan; return 0, or 1 if any song could not be read."""
    from genre_core.inference.malloc import keep_freed_memory
    from genre_core.inference.threads import limit_threads
    from genre_core.library.reading import genre_reader
    from genre_core.library.scan import scan
    from genre_core.library.writer import LibraryWriter

    limit_threads()
    keep_freed_memory()
    reader = genre_reader(model_path(args.model), args.frame_seconds, args.trim_seconds)
    with (
        LibraryWriter.open(args.store) as writer,
        _engine(args) as engine,
        tqdm(unit=" songs", disable=None, leave=False, smoothing=0.05) as bar,
    ):
        counts = _Shown(bar)
        try:
            scan(
                writer,
                args.folders,
                reader,
                engine,
                prune=args.prune,
                retry=args.retry,
                on_progress=counts.show,
                on_problem=_complain,
                on_warning=_warn,
            )
        except KeyboardInterrupt:
            bar.close()
            print(f"Stopped. {_told(counts.last)} Scan again to go on.", file=sys.stderr)
            raise
        n_songs = writer.count()
    print(_told(counts.last))
    print(f"{n_songs:,} songs in {printable(args.store)}.")
    return SOME_FAILED if counts.last and counts.last.failed else 0


class _Shown:
    """The progress of a scan on a bar."""

    def __init__(self, bar: "tqdm[None]") -> None:
        self.bar = bar
        self.last: ScanCounts | None = None

    def show(self, counts: "ScanCounts") -> None:
        self.last = counts
        if counts.done == 0:
            if counts.found % 100 == 0:
                self.bar.set_description_str(f"looking for songs: {counts.found:,}")
            return
        if self.bar.total != counts.to_do:
            self.bar.reset(counts.to_do)
            self.bar.set_description_str("")
        if counts.failed:
            self.bar.set_postfix_str(f"{counts.failed:,} failed", refresh=False)
        self.bar.update(counts.done - self.bar.n)


def _told(counts: "ScanCounts | None") -> str:
    """Return the result of a scan in a line."""
    if counts is None:
        return "No song was found."
    read = counts.done - counts.failed - counts.moved - counts.duplicates
    parts = {
        "read": read,
        "unchanged": counts.unchanged,
        "moved": counts.moved,
        "copies of known songs": counts.duplicates,
        "failed": counts.failed,
        "failed before (--retry reads them again)": counts.failed_before,
        "removed from the store": counts.forgotten,
    }
    shown = [f"{n:,} {name}" for name, n in parts.items() if n or name == "read"]
    return f"{counts.found:,} songs found: {', '.join(shown)}."


@contextmanager
def _engine(args: argparse.Namespace) -> Iterator["Engine"]:
    """Yield what reads the songs: this process, processes of this machine, or a cluster."""
    from genre_core.library.scan import read_here

    if args.workers is None and args.scheduler is None:
        yield read_here
        return
    try:
        from genre_core.library.dask_engine import local_cluster, remote_cluster
    except ModuleNotFoundError as error:
        if args.scheduler is not None:
            raise LibraryError(f"A cluster needs {EXTRA}") from error
        print(f"One process reads the songs; several need {EXTRA}", file=sys.stderr)
        yield read_here
        return
    cluster = (
        local_cluster(args.workers)
        if args.workers
        else remote_cluster(args.scheduler, on_wait=_complain)
    )
    with cluster as engine:
        yield engine


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _complain(message: str) -> None:
    tqdm.write(f"error: {printable(message)}", file=sys.stderr)


def _warn(message: str) -> None:
    tqdm.write(f"warning: {printable(message)}", file=sys.stderr)
