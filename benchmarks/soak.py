"""Let a thousand visitors come one after another, each with a song; draw the server's memory.

    python -m benchmarks.soak [--songs 1000] [--at-once 4] [--services] [--output FILE]

Every visitor opens the page, drops a short MP3 that nobody has had, sees the whole result, and
leaves. The server forgets who has left after 10 s instead of 90 s, for a soak has more visitors a
minute than a class.

With --services there is neither server nor session: the songs pass through the caches of the page
and its line in this process (start it with MALLOC_ARENA_MAX=1, as the server).
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from benchmarks.browser import serving_process
from benchmarks.process import resident_megabytes
from benchmarks.report import ROOT, commit
from benchmarks.users import Songs
from benchmarks.visitor import Visitor, genre_in
from genre_core.checkpoints.bundled import default_model_path
from genre_core.inference.threads import limit_threads
from genre_core.ui import services
from genre_core.ui.models import ModelSource
from genre_core.ui.songs import Song

FORGET_SECONDS = 10
EVERY = 5  # songs between two readings of the memory
FIRST = ModelSource("", "the bundled one", default_model_path())
WARM = 100  # songs until the caches are full


async def visit(url: str, song: bytes) -> None:
    """Come, see, leave. Raises RuntimeError if there is no verdict."""
    visitor = await Visitor.arrive(url)
    try:
        await visitor.drop("song.mp3", song)
        await visitor.watch()
        if not any(genre_in(html) for _, html in visitor.seen):
            raise RuntimeError("the page ended without a verdict")
    finally:
        await visitor.leave()


async def soak(url: str, pid: int, n_songs: int, at_once: int) -> list[tuple[int, float]]:
    """Return (songs so far, memory in MB) at intervals."""
    songs, numbers = Songs(0.5), iter(range(1, n_songs + 1))
    curve: list[tuple[int, float]] = []

    async def visitors(left: Iterator[int]) -> None:
        for number in left:
            await visit(url, songs.next())
            if number % EVERY == 0:
                curve.append((number, resident_megabytes(pid)))
            if number % 100 == 0:
                print(f"{number} songs, {curve[-1][1]:.0f} MB", file=sys.stderr, flush=True)

    await asyncio.gather(*(visitors(numbers) for _ in range(at_once)))
    return sorted(curve)


def soak_services(n_songs: int) -> list[tuple[int, float]]:
    """Return (songs so far, memory in MB) at intervals, without a server."""
    songs, curve = Songs(0.5), []
    limit_threads()
    settings = services.recognizer(FIRST).frame_settings
    for number in range(1, n_songs + 1):
        song = Song.from_bytes("song.mp3", songs.next())
        analysis = services.analyse(song, settings, lambda what, share: None, source=FIRST)
        services.overview(song.digest, song.file_name, analysis.waveform)
        services.decoded_sound(song.digest, song.file_name, analysis.waveform)
        if number % EVERY == 0:
            curve.append((number, resident_megabytes(os.getpid())))
    return curve


def draw(curve: Sequence[tuple[int, float]], path: Path) -> None:
    """Draw the memory over the songs."""
    figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
    axes.plot(*zip(*curve, strict=True), linewidth=1)
    axes.set(xlabel="songs", ylabel="memory of the server, MB", ylim=(0, None), xlim=(0, None))
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=100)


def drift(curve: Sequence[tuple[int, float]]) -> float:
    """Return the slope of a line through the curve after the first songs, in MB a 1,000 songs."""
    songs, megabytes = np.array([point for point in curve if point[0] > WARM]).T
    return float(1000 * np.polyfit(songs, megabytes, 1)[0])


def report(curve: Sequence[tuple[int, float]], args: argparse.Namespace, seconds: float) -> None:
    """Draw the curve and print its figures."""
    draw(curve, args.output)
    warm = [megabytes for number, megabytes in curve if number > WARM]
    print(f"{args.songs} songs in {seconds:.0f} s; commit {commit()}. Memory:")
    print(
        f"{min(warm):.0f} to {max(warm):.0f} MB after {WARM} songs, {warm[-1]:.0f} MB at the end,"
    )
    print(f"{drift(curve):+.0f} MB a 1,000 songs.")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--songs", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=4, help="visitors at once")
    parser.add_argument("--services", action="store_true", help="without a server")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "images" / "soak.png")
    args = parser.parse_args(argv)
    environment = os.environ | {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(FORGET_SECONDS)}
    started = time.monotonic()
    if args.services:
        curve = soak_services(args.songs)
        report(curve, args, time.monotonic() - started)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        with serving_process(ROOT / "server.py", environment, log) as (url, pid):
            curve = asyncio.run(soak(url, pid, args.songs, args.at_once))
            time.sleep(3 * FORGET_SECONDS)
            curve.append((args.songs + 1, resident_megabytes(pid)))  # when all had left
    report(curve, args, time.monotonic() - started)
    return 0


if __name__ == "__main__":
    sys.exit(main())
