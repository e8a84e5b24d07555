"""The options that cut songs into frames."""

import argparse
import math
from collections.abc import Callable

from genre_core.config import (
    MAX_FRAME_SECONDS,
    MAX_TRIM_SECONDS,
    MIN_FRAME_SECONDS,
    FrameSettings,
)


def add_frame_options(parser: argparse.ArgumentParser) -> None:
    """Add `--frame-seconds` and `--trim-seconds`; None: the model's own."""
    defaults = FrameSettings()
    parser.add_argument(
        "--frame-seconds",
        type=seconds_between(MIN_FRAME_SECONDS, MAX_FRAME_SECONDS),
        metavar="S",
        help=f"length of a frame, {MIN_FRAME_SECONDS:g} to {MAX_FRAME_SECONDS:g} s "
        f"(default: the model's own, mostly {defaults.frame_seconds:g})",
    )
    parser.add_argument(
        "--trim-seconds",
        type=seconds_between(0.0, MAX_TRIM_SECONDS),
        metavar="S",
        help=f"left out at both ends, 0 to {MAX_TRIM_SECONDS:g} s; less where the song is short "
        f"(default: the model's own, mostly {defaults.trim_seconds:g})",
    )


def seconds_between(lowest: float, highest: float) -> Callable[[str], float]:
    """Return an argument type: seconds from `lowest` to `highest`, inclusive."""

    def seconds(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not lowest <= value <= highest:  # false for NaN too
            raise argparse.ArgumentTypeError(
                f"{text!r} is not between {lowest:g} and {highest:g} seconds"
            )
        return value

    return seconds
