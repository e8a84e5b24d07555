"""The app with pauses in long work, so that a test can cancel it on any machine."""

import functools
import runpy
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from genre_core.inference.recognizer import GenreRecognizer


def slow_down(name: str, seconds: float) -> None:
    """Let a method of the recognizer wait before it works; a second call changes nothing."""
    method: Callable[..., Any] = getattr(GenreRecognizer, name)
    if hasattr(method, "__wrapped__"):
        return

    @functools.wraps(method)
    def slow(*arguments: Any, **options: Any) -> Any:
        time.sleep(seconds)
        return method(*arguments, **options)

    setattr(GenreRecognizer, name, slow)


slow_down("log_odds_without", 0.3)  # for each of the passes of an explanation
slow_down("decode", 0.5)  # for each song
runpy.run_path(str(Path(__file__).resolve().parents[2] / "app.py"))
