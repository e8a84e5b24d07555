"""Measure the page with many visitors at once, each with a song of its own.

    python -m benchmarks.users [--visitors 1 8 30 100] [--rounds 1] [--pause 0] [--long-song 60]

Starts the app, and opens that many sessions over its WebSocket. All drop a song of 3 minutes at the
same moment; every file differs, so no cache helps. Perfect sharing is the processor time of the
server for one visitor alone, times the visitors, by the cores that other programs left to it.
Memory is that of the server.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.browser import serving_process
from benchmarks.process import cpu_seconds, machine_seconds, peak_megabytes, resident_megabytes
from benchmarks.report import ROOT, commit
from benchmarks.synthetic_song import write_song
from benchmarks.visitor import Visitor, genre_in, place_in
from genre_core.markdown import markdown_table
from genre_core.training.run_record import machine

N_ALONE = 5  # visitors one by one, for perfect sharing
CORES = len(os.sched_getaffinity(0))


@dataclass
class Crowd:
    """What a number of visitors at once saw.

    Attributes
    ----------
    seconds : from the drop to the verdict, of those who got one
    long_seconds : the same of the long song, None without one
    errors : a sentence for each of the others
    longest_place : the last place in the queue that somebody saw
    wall_seconds, cpu_seconds : until every page was complete; of the server
    other_cores : what other programs used meanwhile, on average
    """

    seconds: list[float] = field(default_factory=list)
    long_seconds: float | None = None
    errors: list[str] = field(default_factory=list)
    longest_place: int = 0
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    other_cores: float = 0.0

    def percentile(self, share: float) -> float:
        """Return a percentile of the times, the share from 0 to 1."""
        ordered = sorted(self.seconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


class Songs:
    """Songs that sound alike and are different files: each ends in a tag of its own."""

    def __init__(self, minutes: float) -> None:
        self._minutes = minutes
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "song.mp3"
            write_song(path, minutes)
            self._data = path.read_bytes()
        self._n_made = 0

    def next(self, minutes: float = 0.0) -> bytes:
        """Return a song that nobody has had: the usual one, or as often as fills some minutes."""
        self._n_made += 1
        n_times = max(1, round(minutes / self._minutes))
        return n_times * self._data + b"TAG" + f"{self._n_made:030d}".encode().ljust(125, b"\0")


async def visit(
    crowd: Crowd, url: str, song: bytes, start: asyncio.Barrier, is_long: bool = False
) -> None:
    """Arrive, drop a song with the others, wait for the complete page, and leave."""
    visitor = await Visitor.arrive(url)
    await start.wait()
    started = time.perf_counter()
    try:
        await visitor.drop("song.mp3", song)
        await visitor.watch(lambda html: genre_in(html) is not None)
        if not visitor.seen or genre_in(visitor.seen[-1][1]) is None:
            crowd.errors.append("the page ended without a verdict")
        elif is_long:
            crowd.long_seconds = time.perf_counter() - started
        else:
            crowd.seconds.append(time.perf_counter() - started)
        places = [place_in(html) or 0 for _, html in visitor.seen]
        crowd.longest_place = max([crowd.longest_place, *places])
        await visitor.watch()
    except Exception as error:  # the next visitor is not to suffer
        crowd.errors.append(repr(error)[:200])
    await start.wait()
    await visitor.leave()


async def crowd(url: str, pid: int, songs: Sequence[bytes], long: Sequence[bytes] = ()) -> Crowd:
    """Let a visitor a song come at once; at most one song is `long`."""
    seen = Crowd()
    barrier = asyncio.Barrier(len(songs) + len(long))
    cpu, wall = cpu_seconds(pid), time.perf_counter()
    everything = machine_seconds()
    await asyncio.gather(
        *(visit(seen, url, song, barrier, is_long=True) for song in long),
        *(visit(seen, url, song, barrier) for song in songs),
    )
    seen.wall_seconds = time.perf_counter() - wall
    seen.cpu_seconds = cpu_seconds(pid) - cpu
    others = machine_seconds() - everything - seen.cpu_seconds
    seen.other_cores = max(others, 0.0) / seen.wall_seconds
    return seen


async def alone(url: str, pid: int, songs: Songs) -> tuple[float, float]:
    """Return seconds to the verdict and processor seconds of the server, of one visitor alone."""
    visits = [await crowd(url, pid, [songs.next()]) for _ in range(N_ALONE)]
    seconds = [second for each in visits for second in each.seconds]
    return statistics.median(seconds), statistics.median(each.cpu_seconds for each in visits)


async def measure(url: str, pid: int, args: argparse.Namespace) -> str:
    songs = Songs(args.minutes)
    fresh = resident_megabytes(pid)
    await crowd(url, pid, [songs.next()])
    start = resident_megabytes(pid)
    alone_seconds, alone_cpu = await alone(url, pid, songs)
    rows = []
    for n_visitors in args.visitors:
        for _ in range(args.rounds):
            long = [songs.next(args.long_song)] if args.long_song else []
            usual = [songs.next() for _ in range(n_visitors - len(long))]
            seen = await crowd(url, pid, usual, long)
            at_once = resident_megabytes(pid)
            await asyncio.sleep(args.pause)
            perfect = n_visitors * alone_cpu / max(CORES - seen.other_cores, 0.1)
            rows.append(
                [
                    str(n_visitors),
                    f"{statistics.median(seen.seconds or [0.0]):.1f}",
                    f"{seen.percentile(0.95):.1f}",
                    f"{perfect:.1f}",
                    f"{seen.percentile(0.95) / perfect:.2f}",
                    str(len(seen.errors)),
                    str(seen.longest_place),
                    f"{peak_megabytes(pid):.0f}",
                    f"{at_once:.0f}",
                    f"{resident_megabytes(pid):.0f}",
                    f"{seen.cpu_seconds:.0f}",
                    f"{seen.other_cores:.1f}",
                    *([f"{max(seen.seconds):.1f}"] if long and seen.seconds else []),
                    *([f"{seen.long_seconds or 0.0:.1f}"] if long else []),
                ]
            )
            for error in seen.errors[:3]:
                print(error, file=sys.stderr)
            print(rows[-1], file=sys.stderr)
    header = ["visitors", "median, s", "95th, s", "perfect, s", "ratio", "errors", "last place"]
    header += ["peak, MB", "they leave, MB", f"{args.pause:g} s later, MB", "server, s"]
    header += ["other cores"]
    header += ["last of the usual songs, s", "long song, s"] if args.long_song else []
    return f"""{machine()}; commit {commit()}. Songs of {args.minutes:g} minutes, MP3.

{markdown_table(header, rows, numbers=set(range(len(header))))}

Alone, a visitor waits {alone_seconds:.2f} s for the verdict, and the page takes {alone_cpu:.2f} s
of processor time. Memory before the first visitor {fresh:.0f} MB, after it {start:.0f} MB."""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.users", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--visitors", type=int, nargs="+", default=[1, 8, 30, 100])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds after each round")
    parser.add_argument("--minutes", type=float, default=3.0, help="length of a song")
    parser.add_argument("--long-song", type=float, default=0.0, help="minutes of one of the songs")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        with serving_process(ROOT / "server.py", os.environ, log) as (url, pid):
            print(asyncio.run(measure(url, pid, args)))
        print(log.read_text(errors="replace")[-2000:], file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
