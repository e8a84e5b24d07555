"""Times as people read them, minutes:seconds, and ticks at round times."""

import numpy as np

_STEPS_SECONDS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900)


def clock(seconds: float, decimals: int = 0) -> str:
    """Return seconds, rounded, as "m:ss" or "m:ss.d": 75.2 -> "1:15"; an hour is "60:00"."""
    minutes, rest = divmod(round(seconds, decimals), 60)
    width = 3 + decimals if decimals else 2
    return f"{minutes:.0f}:{rest:0{width}.{decimals}f}"


def time_ticks(
    start_seconds: float, end_seconds: float, most: int = 7
) -> tuple[list[float], list[str]]:
    """Return positions (s) and "m:ss" labels of at most `most` ticks at round times.

    Parameters
    ----------
    start_seconds, end_seconds : ends of the axis
    most : ticks that fit; seven "m:ss" labels fit a phone
    """
    span = end_seconds - start_seconds
    step = next((s for s in _STEPS_SECONDS if span / s <= most - 1), _STEPS_SECONDS[-1])
    first = np.ceil(start_seconds / step) * step
    positions = [float(t) for t in np.arange(first, end_seconds + 1e-6, step)]
    return positions, [clock(t) for t in positions]
