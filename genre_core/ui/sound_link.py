"""What a link says of changes to the sound: `sound=keep300-3000~speed1.25~box3-5_200-800`.

The changes stand in the order in which they are applied. A box gives seconds, then Hz.
"""

import re

from genre_core.audio.sound_changes import Band, Box, SoundChanges
from genre_core.ui import url

_BETWEEN = "~"
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_BOX = re.compile(f"box{_NUMBER}-{_NUMBER}_{_NUMBER}-{_NUMBER}")
_BAND = re.compile(f"(keep|mute){_NUMBER}-{_NUMBER}")
_VALUE = re.compile(f"(speed|noise|level){_NUMBER}")
_FIELDS = {"speed": "speed", "noise": "noise_snr_db", "level": "level_db"}
_TELEPHONE = "telephone"
_DECIMALS = 2
_MOST_CHARACTERS = 2_000


def parameter(field: str) -> url.Parameter:
    """Return the parameter of a link for a field that holds `SoundChanges`."""
    allowed = "keep or mute, speed, telephone, noise, level and box, e.g. mute60-250~speed1.1"
    return url.Parameter(field, read_changes, lambda changes: changes, allowed, write_changes)


def write_changes(changes: SoundChanges) -> str:
    """Return the text of a link; empty where nothing is changed."""
    parts = [
        f"box{_text(box.start_seconds)}-{_text(box.end_seconds)}"
        f"_{_text(box.low_hz)}-{_text(box.high_hz)}"
        for box in changes.boxes
    ]
    if changes.band is not None:
        name = "keep" if changes.band.is_kept else "mute"
        parts.append(f"{name}{_text(changes.band.low_hz)}-{_text(changes.band.high_hz)}")
    if changes.speed != 1.0:
        parts.append(f"speed{_text(changes.speed)}")
    if changes.is_telephone:
        parts.append(_TELEPHONE)
    if changes.noise_snr_db is not None:
        parts.append(f"noise{_text(changes.noise_snr_db)}")
    if changes.level_db != 0.0:
        parts.append(f"level{_text(changes.level_db)}")
    return _BETWEEN.join(parts)


def read_changes(text: str) -> SoundChanges:
    """Return the changes that a link asks for; raises ValueError where it does not fit."""
    if len(text) > _MOST_CHARACTERS:
        raise ValueError("too long")
    boxes: list[Box] = []
    settings: dict[str, float] = {}
    band, is_telephone = None, False
    for part in text.split(_BETWEEN):
        if part == _TELEPHONE:
            is_telephone = True
        elif match := _BOX.fullmatch(part):
            boxes.append(Box(*map(_number, match.groups())))
        elif match := _BAND.fullmatch(part):
            band = Band(_number(match[2]), _number(match[3]), is_kept=match[1] == "keep")
        elif match := _VALUE.fullmatch(part):
            settings[_FIELDS[match[1]]] = _number(match[2])
        else:
            raise ValueError(part)
    return SoundChanges(tuple(boxes), band, is_telephone=is_telephone, **settings)


def _number(text: str) -> float:
    return round(float(text), _DECIMALS)


def _text(value: float) -> str:
    return f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".")
