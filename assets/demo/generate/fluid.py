"""Events as a MIDI file (mido), played by FluidSynth's command line."""

import subprocess
from pathlib import Path

import mido
import numpy as np
import soundfile

from .score import Event, Fluid, Stereo

RATE = 44_100  # Hz
SOUND_FONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
TICKS_PER_SECOND = 1920  # 960 ticks a beat at 120 beats a minute
BEND_RANGE = 12  # semitones


def render_fluid(
    events: tuple[Event, ...], instrument: Fluid, seconds: float, folder: Path
) -> Stereo:
    """Play events with the sound font, dry; float32 (2, n_samples)."""
    midi_path, wav_path = folder / "part.mid", folder / "part.wav"
    midi_file(events, instrument).save(midi_path)
    command = ["fluidsynth", "-ni", "-q", "-R", "0", "-C", "0", "-g", "0.4", "-r", str(RATE)]
    command += ["-O", "float", "-T", "wav", "-F", str(wav_path), str(SOUND_FONT), str(midi_path)]
    subprocess.run(command, check=True, capture_output=True)
    samples, _ = soundfile.read(wav_path, dtype="float32", always_2d=True)
    n_samples = round(seconds * RATE) + 1
    out = np.zeros((2, n_samples), np.float32)
    played = samples[:n_samples].T
    out[:, : played.shape[1]] = played
    return out


def midi_file(events: tuple[Event, ...], instrument: Fluid) -> mido.MidiFile:
    """Write events as a MIDI file of one track."""
    channel = 9 if instrument.bank == 128 else 0
    timed: list[tuple[float, int, mido.Message]] = []

    def add(second: float, order: int, kind: str, **values: int) -> None:
        timed.append((max(0.0, second), order, mido.Message(kind, channel=channel, **values)))

    add(0, 0, "program_change", program=instrument.program)
    for control, value in ((101, 0), (100, 0), (6, BEND_RANGE), (38, 0), (7, 110), (11, 127)):
        add(0, 1, "control_change", control=control, value=value)
    for event in events:
        add(event.start, 4, "note_on", note=event.pitch, velocity=event.velocity)
        add(event.start + event.duration, 3, "note_off", note=event.pitch, velocity=0)
        if event.scoop:
            for step in range(9):
                bend = -event.scoop * (1 - step / 8) / BEND_RANGE
                add(event.start + 0.014 * step, 2, "pitchwheel", pitch=round(bend * 8191))
        if instrument.vibrato:
            add(event.start, 2, "control_change", control=1, value=0)
            if event.duration > 0.35:
                add(event.start + 0.22, 5, "control_change", control=1, value=instrument.vibrato)
    timed.sort(key=lambda item: (round(item[0] * TICKS_PER_SECOND), item[1]))
    track, now = mido.MidiTrack(), 0
    for second, _, message in timed:
        tick = round(second * TICKS_PER_SECOND)
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=2 * TICKS_PER_SECOND))
    result = mido.MidiFile(type=0, ticks_per_beat=TICKS_PER_SECOND // 2)
    result.tracks.append(track)
    return result
