"""Seconds on the command line, within limits."""

import argparse
import math
from collections.abc import Callable


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
