"""One theme twice: first for strings, then for a metal band. The change falls between two frames.

With frames of 29.12 s after a trim of 20 s, frames 1 and 2 are strings, frames 3 and 4 metal.
"""

from dataclasses import replace

from ..notation import at, grid, join, line, loop, louder, up
from ..score import Fluid, Note, Notes, Part, Song
from . import classical, metal

CHANGE_SECONDS = 20 + 2 * 29.12
TOTAL_SECONDS = 20 + 4 * 29.12 + 21

GROUND = "Em B|Em D|C G|Am B"
BASS = "e3:2 d#3:2 | e3:2 d3:2 | c3:2 b2:2 | a2:2 b2:2 |"
THEME = line("b4:1.5 c5:.5 b4:1 f#4:1 | g4:1 b4:1 a4:1 f#4:1 | e5:1.5 d5:.5 b4:1 d5:1 | c5:1 a4:1 b4:2 |", 88)
REPLY = line("g5:1.5 a5:.5 f#5:1 d#5:1 | e5:1 g5:1 f#5:1 a5:1 | g5:1 e5:1 g5:1.5 b5:.5 | a5:1 e5:1 f#5:2 |", 88)
RUNNING = line(
    "e5:.5 f#5 g5 b5 a5 g5 f#5 d#5 | e5 b4 e5 g5 f#5 e5 d5 f#5 |"
    " e5:.5 g5 c6 g5 d5 g5 b5 g5 | a5:.5 e5 c5 e5 f#5 d#5 b4 d#5 |", 84
)  # fmt: skip
HEAVY = "eeeE.eeeb.bbD...|eeeE.eeed.ddD...|cccC.cccg.ggG...|aaaA.aaab.bbH..."


def strings() -> Song:
    """Return the first half: strings, no drums, growing from a solo viola to the full orchestra."""
    cello = join(at(4, loop(line(BASS, 84), 7, 4)), at(32, line("e2+e3:3", 96)))
    viola = join(up(-12, THEME), at(4, up(-12, THEME)), at(12, up(-12, REPLY)), at(16, loop(up(-12, THEME), 2, 4)), at(24, loop(up(-12, REPLY), 2, 4)), at(32, line("b3:3")))
    second = join(at(8, THEME), at(12, RUNNING), at(16, loop(REPLY, 2, 4)), at(24, loop(RUNNING, 2, 4)), at(32, line("g4:3")))
    first = join(at(12, up(12, THEME)), at(16, loop(RUNNING, 2, 4)), at(24, loop(up(12, THEME), 2, 4)), at(32, line("e5:3")))
    swell = (-16, -12, -6, 0, 4, 8, 12, 16, 16)

    def shaped(notes: Notes) -> Notes:
        return tuple(m for n in notes for m in louder(swell[int(n.beat // 16)], (n,)))

    timpani = at(24, loop(line("e2:1 r:1 b1:1 r:1 | e2:1 r:2 e2:.5 e2:.5 | c2:1 r:1 g2:1 r:1 | a1:1 r:1 b1:.25 b1 b1 b1 b1 b1 b1 b1 |", 84), 2, 4))
    base = classical.compose()
    return replace(
        base,
        name="medley-strings",
        tempo=33 * 4 * 60 / CHANGE_SECONDS,
        bars=33,
        seconds=CHANGE_SECONDS,
        sections=((0, "strings"),),
        parts=(
            Part("violins one", Fluid(48), shaped(first), 0, -0.4, 0.35, timing_ms=11),
            Part("violin solo", Fluid(40, vibrato=30), shaped(first), -3, -0.3, 0.35, timing_ms=12),
            Part("violins two", Fluid(48), shaped(second), -2, -0.1, 0.35, timing_ms=12),
            Part("viola solo", Fluid(41, vibrato=30), shaped(viola), -3, 0.2, 0.35, timing_ms=12),
            Part("cellos", Fluid(42), shaped(cello), -1, 0.4, 0.3, timing_ms=12),
            Part("basses", Fluid(48), shaped(up(-12, cello)), -7, 0.5, 0.3, timing_ms=14),
            Part("timpani", Fluid(47), shaped(timpani), -6, 0.1, 0.3, timing_ms=8),
        ),
    )


def heavy() -> Song:
    """Return the second half: the theme on a distorted lead guitar over thrash riffs."""
    base = metal.compose()
    verse = metal.riff(HEAVY)
    open_chords = metal.riff("E.......B.......|E.......D.......|C.......G.......|A.......B.......".replace("B", "H"))
    plan = (
        *((bar, verse) for bar in (0, 4, 8, 12, 24, 28, 32, 44, 48)),
        *((bar, open_chords) for bar in (16, 20, 36, 40)),
        (52, metal.riff("E...............")),
    )
    guitar = join(*(at(bar, notes) for bar, notes in plan))
    kicks = metal.follow_kick(join(*(at(bar, notes) for bar, notes in plan if notes is verse)))
    fill = grid({"snare": "xxxx............", "high": "....xxxx........", "mid": "........xxxx....", "floor": "............xxxx", "kick": "x.x.x.x.x.x.x.x."}, 1)
    back = {"snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.x."}
    wide = {"snare": "....X.......X...", "crash": "x...x...x...x...", "kick": "xxxxxxxxxxxxxxxx"}
    skank = {"snare": "..x...x...x...x.", "ride": "x.x.x.x.x.x.x.x."}
    drums = join(
        at(0, grid(back, 7)), at(7, fill), at(8, grid(back, 7)), at(15, fill),
        at(16, grid(wide, 8)), at(24, grid(skank, 11)), at(35, fill),
        at(36, grid(wide, 8)), at(44, grid(back, 7)), at(51, fill),
        *(at(b, grid({"crash2": "X..."}, 1, steps=4)) for b in (0, 4, 8, 12, 16, 24, 28, 36, 44, 48, 52)),
        kicks, at(52, grid({"kick": "X..."}, 1, steps=4)),
    )  # fmt: skip
    fast = tuple(Note(n.beat, n.length, n.pitch, 108, n.scoop) for n in RUNNING)
    lead = join(
        at(8, loop(louder(22, THEME), 2, 4)), at(16, loop(louder(22, up(12, THEME)), 2, 4)),
        at(24, louder(22, REPLY)), at(28, loop(fast, 2, 4)), at(36, loop(louder(22, up(12, THEME)), 2, 4)),
        at(44, louder(22, REPLY)), at(48, louder(22, THEME)), at(52, line("e5:4", 110)),
    )  # fmt: skip
    notes = {"drums": drums, "guitar left": guitar, "guitar right": guitar, "bass": metal.bass_of(guitar), "lead": lead}
    return replace(
        base,
        name="medley-metal",
        tempo=164,
        bars=53,
        seconds=TOTAL_SECONDS - CHANGE_SECONDS,
        sections=((0, "metal"),),
        parts=tuple(replace(part, notes=notes[part.name]) for part in base.parts),
    )


def compose() -> tuple[Song, Song]:
    """Return the two halves; the second starts where the first one ends."""
    return strings(), heavy()
