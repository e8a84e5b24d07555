"""From a song to a stereo mix: every part by its instrument, effects, room, master."""

import tempfile
from pathlib import Path

import numpy as np
import pyloudnorm

from .effects import chain, compress, highpass, limit, room
from .fluid import render_fluid
from .plucked import render_plucked
from .score import Fluid, Part, Plucked, Song, Spoken, Stereo, perform, seed_of
from .speech import render_speech
from .synth import render_synth

RATE = 44_100  # Hz
LOUDNESS = -15.0  # LUFS of every song (ITU-R BS.1770)
CEILING = 0.84  # highest sample before encoding; mp3 overshoots a little
FADE_SECONDS = 1.6


def render(song: Song) -> Stereo:
    """Render a song; float32 (2, n_samples) at 44.1 kHz."""
    dry = np.zeros((2, round(song.seconds * RATE) + 1), np.float32)
    wet = np.zeros_like(dry)
    for part in song.parts:
        sound = _placed(_played(song, part), part)
        dry += sound
        wet += part.reverb * sound
    mix = dry + room(song.reverb_seconds, seed_of(song.name))(wet)
    mix = chain(highpass(28), *song.master, compress(-5, 1.8, 25, 180))(mix)
    return _faded(normalised(mix))


def normalised(mix: Stereo) -> Stereo:
    """Bring a mix to the common loudness, peaks under the ceiling."""
    meter = pyloudnorm.Meter(RATE)
    for _ in range(3):  # limiting costs loudness, so measure again
        loudness = meter.integrated_loudness(mix.T)
        mix = limit(CEILING)(mix * np.float32(10 ** ((LOUDNESS - loudness) / 20)))
    return mix


def _played(song: Song, part: Part) -> Stereo:
    events = perform(song, part)
    seed = seed_of(song.name, part.name, "sound")
    match part.instrument:
        case Fluid():
            with tempfile.TemporaryDirectory() as folder:
                return render_fluid(events, part.instrument, song.seconds, Path(folder))
        case Plucked():
            return render_plucked(events, part.instrument, song.seconds, seed)
        case Spoken():
            return render_speech(events, part.instrument, song.seconds)
        case _:
            return render_synth(events, part.instrument, song.seconds, seed)


def _placed(sound: Stereo, part: Part) -> Stereo:
    """Apply a part's effects, bring it to a reference level, pan it."""
    sound = chain(*part.effects)(sound)
    power = np.mean(sound**2, axis=0)
    second = RATE // 2
    blocks = power[: len(power) // second * second].reshape(-1, second).mean(axis=1)
    active = blocks[blocks > blocks.max() * 1e-3]
    level = np.sqrt(active.mean()) if len(active) else 1.0
    sound = sound * (0.1 * 10 ** (part.gain_db / 20) / max(float(level), 1e-9))
    angle = (part.pan + 1) * np.pi / 4
    sides = np.array([np.cos(angle), np.sin(angle)]) * np.sqrt(2)
    return (sound * sides[:, None]).astype(np.float32)


def _faded(mix: Stereo) -> Stereo:
    n_fade = round(FADE_SECONDS * RATE)
    curve = np.ones(mix.shape[1], np.float32)
    curve[-n_fade:] = np.cos(np.linspace(0, np.pi / 2, n_fade)) ** 2
    return mix * curve
