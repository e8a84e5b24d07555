"""What a sound file was when it came in, and what was done to it, in plain sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from genre_core.types import AudioReceipt, FloatArray

MAX_NAME_LENGTH: int = 100  # characters of a file name that are shown
QUIET_DB: float = -30.0  # peaks of music are above; from about here on verdicts change
SILENT_DB: float = -96.0  # the last bit of 16; what is below counts as silence
MISSING_SECONDS: float = 0.25  # a file shorter than its header says by more than this is cut short


@dataclass(frozen=True, eq=False)
class DecodedSound:
    """A file as one decoder read it.

    `is_whole` is False if the decoder gave up. `channel` is the one that was taken alone.
    `has_end` as in `EncodedSound`.
    """

    samples: FloatArray
    container: str
    codec: str
    sample_rate_hz: int
    channels: int
    decoded_seconds: float
    declared_seconds: float | None
    is_cut: bool
    is_whole: bool
    n_replaced: int
    has_end: bool
    channel: int | None
    faults: tuple[str, ...]


def shown_name(source: object, name: str | None) -> str:
    """Return the last part of the name, in characters that can be printed."""
    if name is None:
        name = str(source) if isinstance(source, str | Path) else getattr(source, "name", None)
    if not isinstance(name, str):  # an open file may have a number for a name
        return "unnamed sound"
    base = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(character if character.isprintable() else "?" for character in base)
    if len(printable) > MAX_NAME_LENGTH:
        printable = printable[: MAX_NAME_LENGTH - 1] + "…"
    return printable or "unnamed sound"


def receipt(
    name: str, song: DecodedSound, target_rate: int, end_faults: Sequence[str] = ()
) -> AudioReceipt:
    """Return the receipt of a song that was resampled to `target_rate` Hz.

    `end_faults` are sentences about a missing end of the file, for where its length is unknown.
    """
    duration = song.decoded_seconds
    if song.is_cut:
        duration = max(duration, song.declared_seconds or 0.0)
    channels = {1: "mono", 2: "stereo"}.get(song.channels, f"{song.channels} channels")
    rate = song.sample_rate_hz
    seconds = len(song.samples) / target_rate

    steps = [
        f"Decoded {song.container}: {song.codec}, {rate:,} Hz, {channels}, {_clock(duration)}."
    ]
    warnings = list(song.faults)
    is_short = not song.is_cut and bool(
        song.declared_seconds and duration < song.declared_seconds - MISSING_SECONDS
    )
    if not is_short:
        warnings += [fault for fault in end_faults if fault not in warnings]
    if song.is_cut:
        length = f"{_clock(duration)} long" if duration > seconds + 1 else "longer"
        steps.append(f"Kept the first {_clock(seconds)}: the song is {length}.")
    elif is_short:
        warnings.append(
            f"The file is cut short or damaged: {_clock(duration)} could be decoded of the "
            f"{_clock(song.declared_seconds or 0.0)} that it declares."
        )
    if song.n_replaced:
        samples = "One sample was" if song.n_replaced == 1 else f"{song.n_replaced:,} samples were"
        warnings.append(f"{samples} not a finite number, or far beyond full scale, and became 0.")
    if song.channel is not None:
        warnings.append(
            f"The {song.channels} channels cancel one another: only number {song.channel + 1} is "
            "used."
        )
    elif song.channels > 1:
        steps.append(f"Averaged {song.channels} channels to mono.")
    peak_db = 20 * np.log10(max(float(np.abs(song.samples).max(initial=0.0)), 1e-10))
    if SILENT_DB < peak_db < QUIET_DB:
        warnings.append(
            f"The recording is very quiet, {-peak_db:.0f} dB below full scale at its loudest: its "
            "genre is less certain. Make it louder and try again."
        )
    if rate > target_rate:
        steps.append(f"Resampled from {rate:,} Hz to {target_rate:,} Hz.")
    elif rate < target_rate:
        steps.append(
            f"Resampled from {rate:,} Hz to {target_rate:,} Hz: the song holds nothing above "
            f"{rate // 2:,} Hz, so its verdict is less certain."
        )
    if not song.has_end:
        steps.append(
            "This format stores no length: a file that is cut short may not be known as such."
        )
    return AudioReceipt(
        name=name,
        container=song.container,
        codec=song.codec,
        sample_rate_hz=rate,
        channels=song.channels,
        duration_seconds=duration,
        steps=(steps[0], *warnings, *steps[1:]),
        warnings=tuple(warnings),
    )


def _clock(seconds: float) -> str:
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"
