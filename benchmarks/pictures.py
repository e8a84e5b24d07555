"""Take the README's picture of the app again: docs/images/analyse-light.png.

    python -m benchmarks.pictures

Needs Chromium.
"""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browser import CHROMIUM, CHROMIUM_ARGUMENTS, serving
from benchmarks.report import ROOT

PICTURE = ROOT / "docs" / "images" / "analyse-light.png"
N_COLOURS = 256
PATIENCE_MS = 180_000
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"


def take(chromium: Browser, url: str) -> None:
    """Open the medley, wait until the page is complete, and write the picture."""
    page = chromium.new_page(viewport={"width": 1280, "height": 1300}, color_scheme="light")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}/?demo=medley")
    page.locator(".gr-verdict").wait_for()
    page.locator(SETTLED).wait_for()
    sound = page.locator(".player audio").element_handle()
    page.wait_for_function("audio => audio.readyState > 0", arg=sound)
    page.wait_for_timeout(1_000)  # fonts and the last of the charts
    save_picture(page, PICTURE, N_COLOURS)
    page.close()


def save_picture(page: Page, path: Path, n_colours: int) -> None:
    """Write what is seen of a page as PNG; a palette takes a fifth of the bytes."""
    shot = Image.open(io.BytesIO(page.screenshot()))
    shot.convert("RGB").quantize(n_colours, dither=Image.Dither.NONE).save(path, optimize=True)


@contextmanager
def chromium_beside(script: Path) -> Iterator[tuple[Browser, str]]:
    """Serve a Streamlit script; yield Chromium and the server's address."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(script, os.environ, Path(folder) / "server.log") as url,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium, url
        chromium.close()


def main() -> int:
    with chromium_beside(ROOT / "app.py") as (chromium, url):
        take(chromium, url)
    print(PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
