"""Notes, parts and songs as values, and their performance by players.

Times in a score are beats (quarter notes) from its start; `perform` turns them into seconds, with
swing and with the small inaccuracies of a player. Nothing here makes sound.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Stereo = npt.NDArray[np.float32]  # (2, n_samples), full scale 1
Effect = Callable[[Stereo], Stereo]


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
