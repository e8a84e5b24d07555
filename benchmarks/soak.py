"""Let a thousand visitors come one after another, each with a song; draw the server's memory.

    python -m benchmarks.soak [--songs 1000] [--at-once 4] [--output docs/images/soak.png]

Every visitor opens the page, drops a short MP3 that nobody has had, sees the whole result, and
leaves. The server forgets who has left after 10 s instead of 90 s, for a soak has more visitors a
minute than a class.
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

FORGET_SECONDS = 10
EVERY = 5  # songs between two readings of the memory
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


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--songs", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=4, help="visitors at once")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "images" / "soak.png")
    args = parser.parse_args(argv)
    environment = os.environ | {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(FORGET_SECONDS)}
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        with serving_process(ROOT / "app.py", environment, log) as (url, pid):
            curve = asyncio.run(soak(url, pid, args.songs, args.at_once))
            time.sleep(3 * FORGET_SECONDS)
            at_end = resident_megabytes(pid)
    draw(curve, args.output)
    warm = [megabytes for number, megabytes in curve if number > WARM]
    print(f"{args.songs} songs in {time.monotonic() - started:.0f} s; commit {commit()}. Memory:")
    print(f"{min(warm):.0f} to {max(warm):.0f} MB after {WARM} songs,")
    print(f"{drift(curve):+.0f} MB a 1,000 songs, {at_end:.0f} MB when all had left.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
