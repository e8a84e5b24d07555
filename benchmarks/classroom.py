"""Measure a class on the page "Class": a teacher and many pupils over the WebSocket.

    python -m benchmarks.classroom [--pupils 40] [--songs 3]

Starts the app. All pupils join, guess every song and see it revealed. Seconds are from a click of
the teacher to the page of the last pupil; the processor time is that of the server.
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
from benchmarks.class_member import Member
from benchmarks.process import cpu_seconds, peak_megabytes
from benchmarks.report import ROOT, commit
from genre_core.markdown import markdown_table
from genre_core.training.run_record import machine

GUESSES = ("rock", "jazz", "blues", "No idea")
IDLE_SECONDS = 10.0


@dataclass
class Lesson:
    """What a class saw.

    Attributes
    ----------
    on_time : seconds from a click of the teacher until the last pupil saw what follows
    wall_seconds, cpu_seconds : of the whole lesson; of the server
    idle_share : of one core, that the server takes while nothing happens
    pupils_bytes : received by each pupil, on average
    """

    n_pupils: int
    on_time: list[float] = field(default_factory=list)
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    idle_share: float = 0.0
    pupils_bytes: float = 0.0


async def open_room(teacher: Member, n_songs: int) -> str:
    """Open a room with demo songs; return its code."""
    await teacher.slide("Demo songs", n_songs)
    await teacher.click(f"Open a room with {n_songs} songs")
    await teacher.until(lambda page: page.parameter("key") != "")
    return teacher.parameter("room")


async def join(url: str, code: str) -> Member:
    """Join a room without a name."""
    pupil = await Member.arrive(url, f"room={code}")
    await pupil.click("Join")
    await pupil.until(lambda page: page.title not in ("", "Join the class"))
    return pupil


async def lesson(url: str, pid: int, n_pupils: int, n_songs: int) -> Lesson:
    """Go through the songs of a room."""
    seen = Lesson(n_pupils)
    cpu, wall = cpu_seconds(pid), time.perf_counter()
    teacher = await Member.arrive(url)
    code = await open_room(teacher, n_songs)
    pupils = await asyncio.gather(*(join(url, code) for _ in range(n_pupils)))
    await teacher.click("Begin")
    everybody = (teacher, *pupils)
    for place in range(n_songs):
        title = f"Song {place + 1} of {n_songs}"
        await asyncio.gather(
            *(each.until(lambda page, t=title: page.title == t) for each in everybody)
        )
        await asyncio.gather(*(guess(pupil, GUESSES[i % 4]) for i, pupil in enumerate(pupils)))
        count = f"**{n_pupils}** of {n_pupils} pupils have answered"
        await teacher.until(lambda page, text=count: text in page.text)
        seen.on_time.append(await go_on(teacher, "Reveal", pupils, "gr-revealed"))
        if place + 1 < n_songs:
            await teacher.click(f"Song {place + 2}")
    seen.wall_seconds = time.perf_counter() - wall
    seen.cpu_seconds = cpu_seconds(pid) - cpu
    cpu = cpu_seconds(pid)
    await asyncio.sleep(IDLE_SECONDS)
    seen.idle_share = (cpu_seconds(pid) - cpu) / IDLE_SECONDS
    seen.pupils_bytes = statistics.mean(pupil.n_bytes for pupil in pupils)
    for each in everybody:
        await each.leave()
    return seen


async def guess(pupil: Member, genre: str) -> None:
    """Choose a genre, and wait until the page says so."""
    await pupil.click(genre)
    await pupil.until(lambda page: f"You said **{genre}**" in page.text)


async def go_on(teacher: Member, label: str, pupils: Sequence[Member], shows: str) -> float:
    """Press the teacher's button; return the seconds until every pupil's page shows something."""
    started = time.perf_counter()
    await teacher.click(label)
    await asyncio.gather(
        *(pupil.until(lambda page: f'class="{shows}"' in page.html) for pupil in pupils)
    )
    return time.perf_counter() - started


def report(lessons: Sequence[Lesson], n_songs: int) -> str:
    """Return the figures as Markdown."""
    header = ["pupils", "last pupil sees it, s", "worst, s", "lesson, s", "server, s"]
    header += ["idle, share of a core", "a pupil receives, kB"]
    rows = [
        [
            str(each.n_pupils),
            f"{statistics.median(each.on_time):.1f}",
            f"{max(each.on_time):.1f}",
            f"{each.wall_seconds:.0f}",
            f"{each.cpu_seconds:.0f}",
            f"{each.idle_share:.2f}",
            f"{each.pupils_bytes / 1000:.0f}",
        ]
        for each in lessons
    ]
    table = markdown_table(header, rows, numbers=set(range(len(header))))
    return f"{machine()}; commit {commit()}. {n_songs} songs.\n\n{table}"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classroom", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--pupils", type=int, nargs="+", default=[10, 40])
    parser.add_argument("--songs", type=int, default=3)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        with serving_process(ROOT / "server.py", os.environ, log) as (url, pid):
            asyncio.run(lesson(url, pid, 2, args.songs))  # the server has loaded all it needs then
            lessons = [asyncio.run(lesson(url, pid, n, args.songs)) for n in args.pupils]
            print(report(lessons, args.songs))
            print(f"peak {peak_megabytes(pid):.0f} MB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
