"""Take the README's pictures of the app anew: docs/images/.

    python -m benchmarks.pictures

Two demo songs, one on a wide page in the light theme, one on a phone in the dark. Needs Chromium.
"""

import io
import os
import sys
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from benchmarks.browser import CHROMIUM, CHROMIUM_ARGUMENTS, serving
from benchmarks.report import ROOT

IMAGES = ROOT / "docs" / "images"
N_COLOURS = 256  # a palette: a fifth of the bytes, and no difference to be seen
PATIENCE_MS = 180_000


class Picture(NamedTuple):
    """A demo song, and how the page is seen: its theme, and the size of the picture in pixels."""

    name: str
    demo: str
    theme: Literal["light", "dark"]
    width: int
    height: int


PICTURES = (
    Picture("analyse-light", "medley", "light", 1280, 1300),
    Picture("analyse-phone-dark", "reggae", "dark", 390, 1500),
)


def take(chromium: Browser, url: str, picture: Picture) -> None:
    """Open the song, wait until nothing moves any more, and write the picture."""
    page = chromium.new_page(
        viewport={"width": picture.width, "height": picture.height}, color_scheme=picture.theme
    )
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}/?demo={picture.demo}")
    page.locator(".gr-verdict").wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    sound = page.locator(".player audio").element_handle()
    page.wait_for_function("audio => audio.readyState > 0", arg=sound)
    page.wait_for_timeout(1_000)  # fonts and the last of the charts
    shot = Image.open(io.BytesIO(page.screenshot()))
    palette = shot.convert("RGB").quantize(N_COLOURS, dither=Image.Dither.NONE)
    palette.save(IMAGES / f"{picture.name}.png", optimize=True)
    page.close()


def main() -> int:
    """Take every picture."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(ROOT / "app.py", os.environ, Path(folder) / "server.log") as url,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        for picture in PICTURES:
            take(chromium, url, picture)
            print(IMAGES / f"{picture.name}.png")
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
