"""Thrash metal in E minor: palm-muted gallops, double kick, two guitars left and right, a solo."""

from ..effects import amplifier, compress, drive, echo, lowpass, peak, shelf
from ..notation import DRUMS, at, grid, join, line, loop
from ..score import Fluid, Note, Notes, Part, Plucked, Song

MUTE, OPEN = 50, 112  # velocities: plucked.py mutes what is softer than 60


def riff(text: str, steps: int = 16) -> Notes:
    """Read a riff: a note letter per sixteenth; small = muted single string, capital = power chord.

    "." lets the last chord ring, " " and "|" are ignored.
    """
    roots = {"e": 40, "f": 41, "f#": 42, "g": 43, "a": 45, "b": 47, "c": 48, "d": 50, "h": 46}
    marks = [m for m in text if m not in " |"]
    if len(marks) % steps:
        raise ValueError(f"{len(marks)} marks are not whole bars of {steps}: {text!r}")
    notes: list[Note] = []
    for step, mark in enumerate(marks):
        if mark == ".":
            continue
        beat = step * 4 / steps
        base = roots[mark.lower()]
        if mark.islower():
            notes += [Note(beat, 0.22, base, MUTE), Note(beat, 0.22, base + 7, MUTE - 4)]
        else:
            n_steps = 1
            while step + n_steps < len(marks) and marks[step + n_steps] == ".":
                n_steps += 1
            length = n_steps * 4 / steps
            notes += [Note(beat, length, base + shift, OPEN) for shift in (0, 7, 12)]
    return tuple(notes)


MAIN = "eeeE.eeG.eeA.H.A|eeeE.eeG.eeF.E.."
MAIN_END = "eeeE.eeG.eeA.H.A|eeeG.F.E.D.C.B.."
GALLOP = "e.eee.eee.eeG.A.|c.ccc.ccd.ddF.G."
CHORUS = "E.......G.......|A.......C...D...|E.......G.......|A...G...F......."
SLOW = "E.......ee..F...|E.......ee..H.A."


def bass_of(guitar: Notes) -> Notes:
    """Return the bass that doubles a guitar an octave below, roots only."""
    lowest: dict[float, Note] = {}
    for note in guitar:
        if note.beat not in lowest or note.pitch < lowest[note.beat].pitch:
            lowest[note.beat] = note
    return tuple(
        Note(n.beat, max(0.2, n.length * 0.95), n.pitch - 12, 104) for n in lowest.values()
    )


def follow_kick(guitar: Notes) -> Notes:
    """Return double kicks on every attack of the guitar."""
    return tuple(Note(b, 0.2, DRUMS["kick"], 112) for b in sorted({n.beat for n in guitar}))


SOLO = (
    "e5~:.5 g5:.25 a5 b5~:1 a5:.25 g5 e5:.5 d5:.25 e5 g5:.5 | e5:.25 g5 a5 g5 e5 d5 b4 d5 e5 d5 b4 a4 g4 a4 b4 d5 |"
    " c5:.25 e5 g5 c6 b5 g5 e5 c5 d5 f#5 a5 d6 c6 a5 f#5 d5 | e6~:2 d6:.5 b5:.5 g5:.5 e5:.5 |"
    " b5~:1 a5:.25 b5 a5 g5 e5:.5 g5:.25 a5 b5 d6 e6:.5 | g6~:1 e6:.25 d6 b5 a5 g5 a5 b5 d6 e6 d6 b5 g5 |"
    " f5:.25 a5 c6 f6 e6 c6 a5 f5 d5 f5 a5 d6 c6 a5 f5 d5 | e6~:4 |"
)


def compose() -> Song:
    """Return the song."""
    plan = (
        (0, loop(riff(SLOW), 2, 2)),
        (4, loop(join(riff(MAIN), at(2, riff(MAIN_END))), 2, 4)),
        (12, loop(riff(GALLOP), 4, 2)),
        (20, loop(riff(CHORUS), 2, 4)),
        (28, join(riff(MAIN), at(2, riff(MAIN_END)))),
        (32, loop(riff(GALLOP), 4, 2)),
        (40, riff(CHORUS)),
        (44, loop(riff("c.ccc.cccc.ccc.c|d.ddd.dddd.ddd.d|e.eee.eeee.eee.e|e.eeE.eeG.eeA.G."), 2, 4)),
        (52, loop(riff(CHORUS), 2, 4)),
        (60, loop(riff(SLOW), 2, 2)),
        (64, join(riff(MAIN), at(2, riff("eeeE.eeG.eeA.H.A|EEEE.EEEE.EEE...")))),
        (68, riff("E...............")),
    )
    guitar = join(*(at(bar, notes) for bar, notes in plan))
    skank = {"snare": "..x...x...x...x.", "hat": "x.x.x.x.x.x.x.x."}
    back = {"snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.x."}
    wide = {"snare": "....X.......X...", "crash": "x...x...x...x...", "kick": "xxxxxxxxxxxxxxxx"}
    half = {"snare": "........X.......", "china": "x...x...x...x...", "kick": "x.......xx..x..."}
    fill = grid({"snare": "xxxx............", "high": "....xxxx........", "mid": "........xxxx....", "floor": "............xxxx", "kick": "x.x.x.x.x.x.x.x."}, 1)
    kicks = follow_kick(join(*(at(b, n) for b, n in plan if b in (4, 12, 28, 32, 44, 64))))
    drums = join(
        at(0, grid(half, 3)), at(3, fill),
        at(4, grid(back, 7)), at(11, fill),
        at(12, grid(skank, 7)), at(19, fill),
        at(20, grid(wide, 7)), at(27, fill),
        at(28, grid(back, 4)),
        at(32, grid(skank, 7)), at(39, fill),
        at(40, grid(wide, 4)),
        at(44, grid({"snare": "....X.......X...", "ride": "x.x.x.x.x.x.x.x."}, 7)), at(51, fill),
        at(52, grid(wide, 7)), at(59, fill),
        at(60, grid(half, 4)),
        at(64, grid(back, 3)),
        at(67, grid({"snare": "xxxx.xxxx.xxx...", "crash": "x....x....x....."}, 1)),
        *(at(b, grid({"crash2": "X..."}, 1, steps=4)) for b in (0, 4, 12, 20, 28, 32, 40, 44, 52, 60, 64, 68)),
        kicks,
        at(68, grid({"kick": "X..."}, 1, steps=4)),
    )  # fmt: skip
    lead = join(
        at(20, loop(line("b4:2 d5:2 | c5:1 e5:1 g5:1 f#5:1 | b4:2 d5:1 e5:1 | e5:1 d5:1 c5:2", 108), 2, 4)),
        at(44, line(SOLO, 112)),
        at(52, loop(line("b5:2 d6:2 | c6:1 e6:1 g6:1 f#6:1 | b5:2 d6:1 e6:1 | e6:1 d6:1 c6:2", 110), 2, 4)),
    )
    rhythm = Plucked(ring_seconds=5, damping=0.15, pick=0.09)
    tone = (amplifier(62, tight=130, high=5200), peak(100, 3, 1.0))
    return Song(
        name="metal",
        title="Iron Tide",
        genre="metal",
        listen_for=(
            "Two heavily distorted guitars chug palm-muted low notes between power chords, the two "
            "kick drums follow them note for note, and a fast solo runs over the bridge."
        ),
        tempo=170,
        bars=68,
        reverb_seconds=1.0,
        sections=((0, "intro"), (4, "riff"), (12, "verse"), (20, "chorus"), (28, "riff"), (32, "verse"), (40, "chorus"), (44, "solo"), (52, "chorus"), (60, "outro")),
        parts=(
            Part("drums", Fluid(16, 128), drums, 3, 0, 0.08, (drive(6), compress(-10, 4, 8, 60), peak(4500, 4), peak(400, -3)), timing_ms=2.5, velocity_spread=4),
            Part("guitar left", rhythm, guitar, 2.5, -0.85, 0.04, tone, timing_ms=5),
            Part("guitar right", rhythm, guitar, 2.5, 0.85, 0.04, tone, timing_ms=5),
            Part("bass", Fluid(34), bass_of(guitar), 1.5, 0, 0, (drive(14), lowpass(3500), compress(-12, 5)), timing_ms=3),
            Part("lead", Plucked(6, 0.12, 0.2, 35), lead, 0.5, 0.05, 0.22, (amplifier(58, tight=200, high=6000), echo(0.353, 0.35, 0.25))),
        ),
        master=(drive(3, mix=0.5), shelf(5500, 2)),
    )
