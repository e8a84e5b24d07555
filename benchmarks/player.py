"""Measure the page "Analyse a song" in Chromium; write docs/player.md.

    python -m benchmarks.player [--minutes 4] [--long-minutes 60] [--output FILE]

A synthetic stereo song is uploaded to the real app. Measured are the time to the first picture and
to the verdict, the bytes that reach the browser, and how often the playhead moves while it plays.
Needs Chromium and what is in requirements-dev.txt.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.browser import CHROMIUM, CHROMIUM_ARGUMENTS, serving
from benchmarks.report import ROOT, commit
from benchmarks.synthetic_song import write_song
from genre_core.markdown import markdown_table
from genre_core.training.run_record import machine

OUTPUT = ROOT / "docs" / "player.md"
AIM_BYTES = 3_000_000  # besides the sound, for a song of four minutes
PLAYED_SECONDS = 5
PATIENCE_MS = 600_000

ROUNDED_PX = 0.01  # player.js rounds the playhead's position to this

# The playhead's position in px of the page, and the sound's in seconds.
PLACE = """root => [
    root.querySelector('.playhead').getBoundingClientRect().left,
    root.querySelector('audio').currentTime,
]"""

# Over some seconds of playing: the largest distance of the playhead from the sound's position, the
# number of its different positions, and the ticks of the screen.
FOLLOW = """(root, [seconds, start, speed]) => new Promise(resolve => {
    const head = root.querySelector('.playhead');
    const audio = root.querySelector('audio');
    const started = performance.now();
    const positions = new Set();
    let ticks = 0;
    let off = 0;
    const look = now => {
        const x = head.getBoundingClientRect().left;
        off = Math.max(off, Math.abs(x - start - speed * audio.currentTime));
        positions.add(x);
        ticks += 1;
        if (now - started < 1000 * seconds) requestAnimationFrame(look);
        else resolve([off, positions.size, ticks, (now - started) / 1000]);
    };
    requestAnimationFrame(look);
})"""


@dataclass(frozen=True)
class Measurement:
    """One song in the browser, from the upload to the moving playhead."""

    minutes: float
    picture_seconds: float  # from the upload to the waveform with its frames
    verdict_seconds: float  # from the upload to the verdict
    data_bytes: int  # through Streamlit's connection
    image_bytes: int  # spectrograms and other pictures
    sound_bytes: int  # the song itself
    speed: float  # of the playhead, px a second
    off_px: float  # largest distance of the playhead from the position of the sound
    moves: float  # positions of the playhead a second
    ticks: float  # of the screen, a second

    @property
    def off_ms(self) -> float:
        """That distance as a time."""
        return 1000 * self.off_px / self.speed

    @property
    def most_moves(self) -> float:
        """Positions a second that differ once they are rounded, however fast the screen is."""
        return self.speed / ROUNDED_PX


def measure(url: str, song: Path, minutes: float) -> Measurement:
    """Upload a song, wait for its verdict, and play it."""
    from playwright.sync_api import Response, sync_playwright

    data: list[int] = []
    images: list[int] = []
    sounds: set[str] = set()

    def note(response: Response) -> None:
        if "/static/" in response.url or "/media/" not in response.url:
            return  # the app's own fonts are no part of the song
        if response.headers.get("content-type", "").startswith("audio"):
            sounds.add(response.url)
        else:
            images.append(int(response.headers.get("content-length", 0)))

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        page.on("websocket", lambda s: s.on("framereceived", lambda text: data.append(len(text))))
        page.on("response", note)
        page.goto(url)
        page.locator("input[type=file]").first.wait_for(state="attached")
        settled = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
        settled.wait_for()
        data.clear()
        images.clear()
        started = time.perf_counter()
        page.locator("input[type=file]").first.set_input_files(song)
        too_large = page.get_by_test_id("stFileUploaderFileErrorMessage")
        refused = page.get_by_role("alert").or_(too_large)
        page.locator(".player canvas").or_(refused).first.wait_for()
        if refused.count():
            raise RuntimeError(f"the page refused the song: {refused.first.text_content()}")
        picture_seconds = time.perf_counter() - started
        page.locator(".gr-verdict").wait_for()
        verdict_seconds = time.perf_counter() - started
        settled.wait_for()
        player = page.locator(".player")
        sound = player.locator("audio").element_handle()
        page.wait_for_function("audio => audio.readyState > 0", arg=sound)
        # Two known positions determine the position of every second of the song.
        player.locator(".stage").press("End")
        last_x, last_time = player.evaluate(PLACE)
        player.locator(".stage").press("Home")
        first_x, _ = player.evaluate(PLACE)
        speed = (last_x - first_x) / last_time
        player.locator(".play").click()
        page.wait_for_timeout(1_000)
        off, moves, ticks, seconds = player.evaluate(FOLLOW, [PLAYED_SECONDS, first_x, speed])
        chromium.close()
    if len(sounds) != 1:
        raise RuntimeError(f"the browser fetched {len(sounds)} sounds instead of the song alone")
    return Measurement(
        minutes,
        picture_seconds,
        verdict_seconds,
        sum(data),
        sum(images),
        song.stat().st_size,
        speed,
        off,
        moves / seconds,
        ticks / seconds,
    )


def table(measurements: Sequence[Measurement]) -> str:
    """Return a column a song."""
    rows = [
        ["upload to first picture, s", *(f"{m.picture_seconds:.1f}" for m in measurements)],
        ["upload to verdict, s", *(f"{m.verdict_seconds:.1f}" for m in measurements)],
        ["data to the browser, kB", *(f"{m.data_bytes / 1e3:.0f}" for m in measurements)],
        ["pictures to the browser, kB", *(f"{m.image_bytes / 1e3:.0f}" for m in measurements)],
        ["the song itself, kB", *(f"{m.sound_bytes / 1e3:.0f}" for m in measurements)],
        ["playhead off the sound at most, px", *(f"{m.off_px:.3f}" for m in measurements)],
        ["playhead off the sound at most, ms", *(f"{m.off_ms:.0f}" for m in measurements)],
        ["speed of the playhead, px a second", *(f"{m.speed:.2f}" for m in measurements)],
        ["positions of the playhead a second", *(f"{m.moves:.0f}" for m in measurements)],
        ["ticks of the screen a second", *(f"{m.ticks:.0f}" for m in measurements)],
    ]
    head = ["", *(f"{m.minutes:g} minutes" for m in measurements)]
    return markdown_table(head, rows, numbers=set(range(1, len(head))))


def chromium_version() -> str:
    done = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True, check=False)
    return " ".join(done.stdout.split()[:2])


def report(measurements: Sequence[Measurement], browser: str) -> str:
    """Return the text of docs/player.md; `browser` is the browser's name and version."""
    first, last = measurements[0], measurements[-1]
    besides = first.data_bytes + first.image_bytes
    met = "met" if besides < AIM_BYTES else "missed"
    following = textwrap.fill(
        f"On each tick of the screen in {PLAYED_SECONDS} s of playing, the playhead was within "
        f"{max(m.off_px for m in measurements):.2f} px of the position of the sound. Its positions "
        f"are written to {ROUNDED_PX:g} px: at {last.speed:.2f} px a second no more than "
        f"{last.most_moves:.0f} of them can differ, so fewer positions than ticks mean a long song "
        "and not a slow page.",
        width=100,
    )
    return f"""# The player in the browser

Written by `python -m benchmarks.player`; do not edit by hand. {machine()}, {os.getloadavg()[0]:.1f}
tasks waiting for them on average; {browser}, headless, 1280 x 900; commit {commit()}.

{table(measurements)}

Stereo MP3 at 44.1 kHz, uploaded to the app on the same machine. Besides the sound, the song of
{first.minutes:g} minutes took {besides / 1e3:.0f} kB; the aim of {AIM_BYTES / 1e6:g} MB is {met}.

{following}
"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.player", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--minutes", type=float, default=4.0, help="length of the song")
    parser.add_argument(
        "--long-minutes", type=float, default=60.0, help="of a second one; 0 for none"
    )
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    args = parser.parse_args(argv)
    if not Path(CHROMIUM).is_file():
        print(f"error: Chromium is not at {CHROMIUM}: install it", file=sys.stderr)
        return 1
    measurements = []
    with tempfile.TemporaryDirectory() as folder:
        for minutes in filter(None, (args.minutes, args.long_minutes)):
            # An hour of FLAC is over the page's limit for uploads.
            song = Path(folder) / f"song-{minutes:g}.mp3"
            write_song(song, minutes)
            # A fresh server each, with no cache and no network loaded, as for the first visitor.
            with serving(ROOT / "app.py", os.environ, Path(folder) / "server.log") as url:
                measurements.append(measure(url, song, minutes))
    text = report(measurements, chromium_version())
    args.output.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
