"""The notation in which the songs are written: melodies, chords, strums and drum grids.

Times are beats (quarter notes) from the start.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from .score import Note, Notes

DRUMS = {
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "snare2": 40,
    "floor": 41,
    "hat": 42,
    "low": 45,
    "pedal": 44,
    "open": 46,
    "mid": 47,
    "crash": 49,
    "high": 50,
    "ride": 51,
    "china": 52,
    "bell": 53,
    "tamb": 54,
    "splash": 55,
    "cowbell": 56,
    "crash2": 57,
    "bongo": 60,
    "conga": 63,
    "conga_low": 64,
    "timbale": 65,
    "shaker": 70,
}
STEP_VELOCITY = {"X": 120, "x": 100, "o": 76, "-": 48}

CHORDS = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7, 12),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "9": (0, 4, 10, 14),
    "m9": (0, 3, 10, 14),
    "maj9": (0, 4, 11, 14),
    "13": (0, 4, 10, 21),
    "7b9": (0, 4, 10, 13),
    "m7b5": (0, 3, 6, 10),
    "dim": (0, 3, 6, 9),
    "sus4": (0, 5, 7),
    "add9": (0, 4, 7, 14),
}
_STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_NAME = re.compile(r"([a-g])([#b]?)(-?\d)")
_SYMBOL = re.compile(r"([A-G])([#b]?)(.*)")


def pitch(name: str) -> int:
    """Return the MIDI number of a note name such as "c4" (60), "f#3" or "bb2"."""
    match = _NAME.fullmatch(name)
    if not match:
        raise ValueError(f"not a note name: {name!r}")
    letter, accidental, octave = match.groups()
    return 12 * (int(octave) + 1) + _STEPS[letter] + {"#": 1, "b": -1, "": 0}[accidental]


def line(text: str, velocity: int = 92, bar: float = 4.0) -> Notes:
    """Read a melody such as "c4:1 e4:.5 g4 | r:2 a4~:1".

    A token is note names joined by "+" (or "r" for a rest), marks, and ":" with a length in beats
    that stays until changed. Marks: "!" accent, "~" scoop from a semitone below, "'" staccato,
    "-" soft. A "|" checks that a bar ends here.
    """
    notes: list[Note] = []
    beat, length = 0.0, 1.0
    for token in text.replace("|", " | ").split():
        if token == "|":
            if abs(beat / bar - round(beat / bar)) > 1e-6:
                raise ValueError(f"bar line at beat {beat:g}: {text!r}")
            continue
        body, _, value = token.partition(":")
        length = float(value) if value else length
        names = body.rstrip("!~'-")
        marks = body[len(names) :]
        if names != "r":
            loud = velocity + 16 * marks.count("!") - 22 * marks.count("-")
            sounding = length * (0.45 if "'" in marks else 0.97)
            notes += [
                Note(beat, sounding, pitch(name), max(1, min(127, loud)), float(marks.count("~")))
                for name in names.split("+")
            ]
        beat = round(beat + length, 6)
    return tuple(notes)


def chord(symbol: str, lowest: int) -> tuple[int, ...]:
    """Return the pitches of a chord such as "Am7", inverted to lie at or right above `lowest`."""
    root, kind = root_and_kind(symbol)
    return tuple(sorted(lowest + (root + step - lowest) % 12 for step in CHORDS[kind]))


def root_and_kind(symbol: str) -> tuple[int, str]:
    """Return a chord's root (0 = C to 11 = B) and its kind, e.g. "Bbm7" -> (10, "m7")."""
    match = _SYMBOL.fullmatch(symbol)
    if not match or match.group(3) not in CHORDS:
        raise ValueError(f"not a chord: {symbol!r}")
    letter, accidental, kind = match.groups()
    return (_STEPS[letter.lower()] + {"#": 1, "b": -1, "": 0}[accidental]) % 12, kind


def root(symbol: str, lowest: int) -> int:
    """Return the pitch of a chord's root, the first at or above `lowest`."""
    number, _ = root_and_kind(symbol)
    return lowest + (number - lowest) % 12


def bars_of(symbols: str, beats_per_bar: int = 4) -> list[tuple[float, float, str]]:
    """Read "Am F | C": (beat, length, symbol); "|" parts the bars, chords share a bar equally."""
    result = []
    for index, bar in enumerate(symbols.split("|")):
        names = bar.split()
        share = beats_per_bar / len(names)
        result += [
            (index * beats_per_bar + place * share, share, name) for place, name in enumerate(names)
        ]
    return result


def strum(
    symbols: str,
    pattern: str,
    lowest: int,
    *,
    steps: int = 16,
    length: float = 0.2,
    velocity_shift: int = 0,
    spread: float = 0.0,
    beats_per_bar: int = 4,
) -> Notes:
    """Play chords in a rhythm: `pattern` holds one bar (or several) of `steps` marks a bar.

    `length` is the notes' length in beats; `spread` the beats between one string and the next.
    """
    pattern = pattern.replace(" ", "")
    unit = beats_per_bar / steps
    notes = []
    for start, share, symbol in bars_of(symbols, beats_per_bar):
        pitches = chord(symbol, lowest)
        for step in range(round(start / unit), round((start + share) / unit)):
            mark = pattern[step % len(pattern)]
            if mark in STEP_VELOCITY:
                notes += [
                    Note(step * unit + order * spread, length, p, _loud(mark, velocity_shift))
                    for order, p in enumerate(pitches)
                ]
    return tuple(notes)


def grid(
    patterns: dict[str, str], bars: int, *, steps: int = 16, beats_per_bar: int = 4, shift: int = 0
) -> Notes:
    """Play drums: each pattern is one or more bars of `steps` marks, repeated to fill `bars`."""
    unit = beats_per_bar / steps
    notes = []
    for name, text in patterns.items():
        pattern = text.replace(" ", "").replace("|", "")
        if len(pattern) % steps:
            raise ValueError(f"{name}: {len(pattern)} marks are not whole bars of {steps}")
        for step in range(bars * steps):
            mark = pattern[step % len(pattern)]
            if mark in STEP_VELOCITY:
                notes.append(Note(step * unit, unit, DRUMS[name], _loud(mark, shift)))
    return tuple(notes)


def _loud(mark: str, shift: int) -> int:
    return max(1, min(127, STEP_VELOCITY[mark] + shift))


def at(bar: float, notes: Iterable[Note], beats_per_bar: int = 4) -> Notes:
    """Move notes to a bar (counted from 0)."""
    return tuple(replace(note, beat=note.beat + bar * beats_per_bar) for note in notes)


def up(semitones: int, notes: Iterable[Note]) -> Notes:
    """Transpose notes."""
    return tuple(replace(note, pitch=note.pitch + semitones) for note in notes)


def louder(by: int, notes: Iterable[Note]) -> Notes:
    """Add to the velocities of notes."""
    return tuple(replace(n, velocity=max(1, min(127, n.velocity + by))) for n in notes)


def loop(notes: Iterable[Note], times: int, bars: float, beats_per_bar: int = 4) -> Notes:
    """Repeat notes that fill `bars` bars."""
    once = tuple(notes)
    return join(*(at(time * bars, once, beats_per_bar) for time in range(times)))


def join(*groups: Iterable[Note]) -> Notes:
    """Put groups of notes together."""
    return tuple(note for group in groups for note in group)
