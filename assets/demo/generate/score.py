"""Notes, parts and songs as values, and the small notation in which the songs are written.

Times in a score are beats (quarter notes) from its start; `perform` turns them into seconds, with
swing and with the small inaccuracies of a player. Nothing here makes sound.
"""

import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Stereo = npt.NDArray[np.float32]  # (2, n_samples), full scale 1
Effect = Callable[[Stereo], Stereo]

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


@dataclass(frozen=True, order=True)
class Note:
    """One note: `beat` and `length` in beats, MIDI `pitch` and `velocity`.

    `scoop` is how many semitones below its pitch the note starts (a bend, a slide, a sax scoop).
    """

    beat: float
    length: float
    pitch: int
    velocity: int = 92
    scoop: float = 0.0


Notes = tuple[Note, ...]


@dataclass(frozen=True)
class Event:
    """A note as played: `start` and `duration` in seconds."""

    start: float
    duration: float
    pitch: int
    velocity: int
    scoop: float


@dataclass(frozen=True)
class Fluid:
    """An instrument of the sound font: General MIDI `program` (0-127), drum kits in bank 128."""

    program: int
    bank: int = 0
    vibrato: int = 0  # modulation wheel on long notes, 0-127


@dataclass(frozen=True)
class Plucked:
    """A plucked string by Karplus-Strong synthesis (see `plucked.py`)."""

    ring_seconds: float = 3.5  # until an open string has decayed by 60 dB
    damping: float = 0.25  # 0 bright to 1 dull
    pick: float = 0.13  # where the pick hits, as a part of the string
    vibrato_cents: float = 0.0


@dataclass(frozen=True)
class Synth:
    """An additive synthesiser voice (see `synth.py`)."""

    wave: str = "saw"  # saw, square, sine, voice
    brightness_hz: float = 2500.0
    attack_seconds: float = 0.01
    decay_seconds: float = 0.6
    sustain: float = 0.6
    release_seconds: float = 0.12
    unison: int = 3
    detune_cents: float = 9.0
    drop_semitones: float = 0.0  # pitch falls from this far above (808 drums)
    vibrato_cents: float = 0.0
    consonants: float = 0.0  # level of the hiss that opens each syllable of a voice


@dataclass(frozen=True)
class Spoken:
    """A voice that speaks `words`, one at each note (see `speech.py`)."""

    words: tuple[str, ...]
    voice: str = "en-us"  # of eSpeak NG
    pitch: int = 30  # 0-99


@dataclass(frozen=True)
class Part:
    """One player: an instrument, its notes and its place in the mix."""

    name: str
    instrument: Fluid | Plucked | Synth | Spoken
    notes: Notes
    gain_db: float = 0.0  # against the other parts, after each is brought to the same loudness
    pan: float = 0.0  # -1 left to 1 right
    reverb: float = 0.12
    effects: tuple[Effect, ...] = ()
    timing_ms: float = 6.0  # standard deviation of the player's timing
    velocity_spread: float = 5.0
    late_ms: float = 0.0  # how far behind the beat the player sits
    swung: bool = True


@dataclass(frozen=True)
class Song:
    """A whole song; `sections` are (bar, name), `swing` is where off-beats fall (0.5 straight)."""

    name: str
    title: str
    genre: str
    listen_for: str
    tempo: float  # quarter notes a minute
    bars: int
    parts: tuple[Part, ...]
    sections: tuple[tuple[int, str], ...]
    seconds: float = 99.0
    beats_per_bar: int = 4
    swing: float = 0.5
    swing_unit: float = 1.0  # beats that one swung pair fills: 1 for eighths, 0.5 for sixteenths
    master: tuple[Effect, ...] = ()
    reverb_seconds: float = 1.4
    extra: dict[str, object] = field(default_factory=dict)

    def second(self, beat: float, swung: bool = True) -> float:
        """Return when a beat falls, in seconds."""
        if swung and self.swing != 0.5:
            pair, rest = divmod(beat / self.swing_unit, 1.0)
            if rest < 0.5:
                rest = rest * 2 * self.swing
            else:
                rest = self.swing + (rest - 0.5) * 2 * (1 - self.swing)
            beat = (pair + rest) * self.swing_unit
        return beat * 60.0 / self.tempo


def seed_of(*names: str) -> int:
    """Return a seed that depends on names only, so that every rendering is the same."""
    return zlib.crc32("/".join(names).encode())


def perform(song: Song, part: Part) -> tuple[Event, ...]:
    """Turn a part's notes into seconds, with swing and a player's small inaccuracies."""
    rng = np.random.default_rng(seed_of(song.name, part.name))
    events = []
    for note in sorted(part.notes):
        start = song.second(note.beat, part.swung)
        end = song.second(note.beat + note.length, part.swung)
        start += (part.late_ms + float(np.clip(rng.normal(), -2, 2)) * part.timing_ms) / 1000
        velocity = round(note.velocity + float(np.clip(rng.normal(), -2, 2)) * part.velocity_spread)
        start = max(0.0, start)
        events.append(
            Event(
                start=round(start, 5),
                duration=round(max(0.04, end - start), 5),
                pitch=note.pitch,
                velocity=int(np.clip(velocity, 1, 127)),
                scoop=note.scoop,
            )
        )
    return tuple(sorted(events, key=lambda event: (event.start, event.pitch)))


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
    "-" soft. A "|" checks that a bar line lies here.
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
    """Return the pitches of a chord such as "Am7", inverted to stand right above `lowest`."""
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
    kept = tuple(notes)
    return join(*(at(time * bars, kept, beats_per_bar) for time in range(times)))


def join(*groups: Iterable[Note]) -> Notes:
    """Put groups of notes together."""
    return tuple(note for group in groups for note in group)
