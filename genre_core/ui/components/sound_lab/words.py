"""Changes to a sound in words."""

import numpy as np

from genre_core.audio.sound_changes import Band, Box, SoundChanges
from genre_core.plots.time_axis import clock
from genre_core.types import FloatArray

_SAME_DB = 0.5  # a difference that one hardly hears


def box_in_words(box: Box, start_seconds: float) -> str:
    """Return e.g. "0:27.0–0:29.5, 200–800 Hz"; `start_seconds` is that of the frame."""
    times = (clock(start_seconds + each, 1) for each in (box.start_seconds, box.end_seconds))
    return f"{'–'.join(times)}, {box.low_hz:,.0f}–{box.high_hz:,.0f} Hz"


def changes_in_words(changes: SoundChanges) -> str:
    """Return all changes in the order in which they are applied."""
    steps = []
    if n := len(changes.boxes):
        steps.append("one box rubbed out" if n == 1 else f"{n} boxes rubbed out")
    if changes.band is not None:
        steps.append(_band_in_words(changes.band))
    if changes.speed != 1.0:
        steps.append(f"{speed_in_words(changes.speed)} speed")
    if changes.is_telephone:
        steps.append("through a telephone")
    if changes.noise_snr_db is not None:
        steps.append(f"pink noise {changes.noise_snr_db:g} dB below the sound")
    if changes.level_db != 0.0:
        side = "louder" if changes.level_db > 0 else "quieter"
        steps.append(f"{abs(changes.level_db):g} dB {side}")
    return f"In this order: {', '.join(steps)}." if steps else "Nothing is changed yet."


def speed_in_words(speed: float) -> str:
    """Return e.g. "1.25 ×"."""
    return f"{speed:g} ×"


def levels_in_words(before: FloatArray, after: FloatArray) -> str:
    """Return how much louder or quieter a changed sound is, and how both are played."""
    policy = "Both are played at their own level, as the network gets them."
    powers = [float(np.mean(each.astype(np.float64) ** 2)) for each in (before, after)]
    if min(powers) <= 0.0:
        return policy
    change_db = 10.0 * float(np.log10(powers[1] / powers[0]))
    if abs(change_db) < _SAME_DB:
        return f"{policy} They are equally loud."
    side = "louder" if change_db > 0 else "quieter"
    return f"{policy} The changed one is {abs(change_db):.0f} dB {side}."


def _band_in_words(band: Band) -> str:
    what = "kept alone" if band.is_kept else "muted"
    return f"{band.low_hz:,.0f}–{band.high_hz:,.0f} Hz {what}"
