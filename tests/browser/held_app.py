"""The app whose long work waits, as on a slow computer, while a file says so.

The files lie in the folder that the environment variable HOLD names: "finer" holds the finer
timeline after five windows, "analysis" a song before it is decoded.
"""

import os
import runpy
import time
from pathlib import Path
from typing import Any

from genre_core.inference.recognizer import GenreRecognizer, OnStep
from genre_core.inference.sliding import SlidingRun
from genre_core.types import Waveform

FIRST = 5  # windows
HOLD = Path(os.environ["HOLD"])
# A new run of the page runs this file once more.
_work = getattr(SlidingRun.work, "plain", SlidingRun.work)
_decode = getattr(GenreRecognizer.decode, "plain", GenreRecognizer.decode)


def work(run: SlidingRun, network: GenreRecognizer, waveform: Waveform, seconds: float) -> None:
    if not (HOLD / "finer").exists():
        _work(run, network, waveform, seconds)
    elif len(run.scores.scores) < FIRST:
        _work(run, network, waveform, 0.0)
    else:
        time.sleep(0.1)


def decode(
    network: GenreRecognizer, source: bytes, name: str, on_step: OnStep, *more: Any
) -> Waveform:
    while (HOLD / "analysis").exists():
        on_step("Waiting", 0.0)
        time.sleep(0.1)
    return _decode(network, source, name, on_step, *more)


work.plain, decode.plain = _work, _decode
SlidingRun.work, GenreRecognizer.decode = work, decode
runpy.run_path(str(Path(__file__).parents[2] / "app.py"))
