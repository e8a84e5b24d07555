"""A teacher and a full room of pupils on a real server, each by a WebSocket of its own.

`python -m benchmarks.classroom` says how long it takes.
"""

import asyncio
import os
import re
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.browser import serving
from benchmarks.class_member import Member
from benchmarks.classroom import GUESSES, go_on, guess, join, open_room
from benchmarks.report import ROOT
from genre_core.ui.models import MODEL_VARIABLE
from genre_core.ui.rooms.room import MOST_PUPILS as N_PUPILS

N_SONGS = 3
PATIENCE_SECONDS = 560


@pytest.fixture
def url(tiny_checkpoint: Path, tmp_path: Path) -> Iterator[str]:
    environment = os.environ | {
        MODEL_VARIABLE: str(tiny_checkpoint),
        "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1",
    }
    with serving(ROOT / "server.py", environment, tmp_path / "server.log") as url:
        yield url


def sound_bytes(url: str) -> float:
    """Return the bytes of sound that the server holds."""
    with urllib.request.urlopen(f"{url}/_stcore/metrics") as answer:
        lines = answer.read().decode().splitlines()
    held = [line for line in lines if "st_memory_media" in line and "memory_bytes{" in line]
    return sum(float(line.split()[-1]) for line in held)


def counts(member: Member) -> list[str]:
    """Return how many pupils chose each answer, as the page shows it."""
    return re.findall("class='gr-n'>([0-9]+)<", member.html)


def shows_the_song(member: Member) -> bool:
    return 'class="gr-revealed"' in member.html


@pytest.mark.timeout(600)
def test_a_full_room_guesses_one_comes_back_and_nothing_stays(url: str) -> None:
    async def lesson() -> None:
        teacher = await Member.arrive(url)
        code = await open_room(teacher, N_SONGS)
        pupils = await asyncio.gather(*(join(url, code) for _ in range(N_PUPILS)))

        await teacher.click("Begin")
        title = f"Song 1 of {N_SONGS}"
        for each in (teacher, *pupils):
            await each.until(lambda page: page.title == title)
            assert not shows_the_song(each)
        await asyncio.gather(*(guess(pupil, GUESSES[i % 4]) for i, pupil in enumerate(pupils)))
        await teacher.until(lambda page: f"**{N_PUPILS}** of {N_PUPILS} pupils" in page.text)

        # One drops out and comes back by the address alone.
        lost = pupils.pop()
        await lost.leave()
        back = await Member.arrive(url, lost.query)
        await back.until(lambda page: "You said **No idea**" in page.text)
        pupils.append(back)

        await go_on(teacher, "Reveal", pupils, "gr-revealed")
        await teacher.until(shows_the_song)
        for each in (teacher, *pupils):
            assert counts(each) == [str(N_PUPILS // len(GUESSES))] * len(GUESSES)

        await teacher.click("Close it now")
        await teacher.until(lambda page: page.title == "Guess with a class")
        for pupil in pupils:
            await pupil.until(lambda page: page.title == "Guess with a class")
        for each in (teacher, *pupils):
            await each.leave()

    asyncio.run(asyncio.wait_for(lesson(), PATIENCE_SECONDS))
    deadline = time.monotonic() + 60
    while sound_bytes(url) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert sound_bytes(url) == 0
