"""Take the README's picture of the app again: docs/images/analyse-light.png.

    python -m benchmarks.pictures

Needs Chromium.
"""

import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from benchmarks.browser import CHROMIUM, CHROMIUM_ARGUMENTS, serving
from benchmarks.report import ROOT

PICTURE = ROOT / "docs" / "images" / "analyse-light.png"
N_COLOURS = 256  # a palette takes a fifth of the bytes and looks the same
PATIENCE_MS = 180_000


def take(chromium: Browser, url: str) -> None:
    """Open the medley, wait until the page is complete, and write the picture."""
    page = chromium.new_page(viewport={"width": 1280, "height": 1300}, color_scheme="light")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}/?demo=medley")
    page.locator(".gr-verdict").wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    sound = page.locator(".player audio").element_handle()
    page.wait_for_function("audio => audio.readyState > 0", arg=sound)
    page.wait_for_timeout(1_000)  # fonts and the last of the charts
    shot = Image.open(io.BytesIO(page.screenshot()))
    palette = shot.convert("RGB").quantize(N_COLOURS, dither=Image.Dither.NONE)
    palette.save(PICTURE, optimize=True)
    page.close()


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(ROOT / "app.py", os.environ, Path(folder) / "server.log") as url,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        take(chromium, url)
        chromium.close()
    print(PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
