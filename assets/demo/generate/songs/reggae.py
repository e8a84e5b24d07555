"""Roots reggae in A minor: one drop, off-beat skank, bubbling organ, a bass that sings."""

from ..effects import chorus, compress, drive, echo, highpass, lowpass, peak, shelf
from ..notation import at, grid, join, line, loop, louder, strum
from ..score import Fluid, Note, Part, Song, Synth

VERSE = "Am|Am|Dm|Dm|Am|Am|Em7|Am"
CHORUS = "F|G|Am|Am|F|G|C G|Am"
BRIDGE = "Dm|Dm|Am|Am|F|F|E7|E7"

BASS = {
    "Am": "a1:.5 r:.25 a1:.25 c2:.5 d2:.5 e2:.5 r:.5 e2:.25 d2:.25 c2:.5",
    "Dm": "d2:.5 r:.25 d2:.25 f2:.5 g2:.5 a2:.5 r:.5 a2:.25 g2:.25 f2:.5",
    "Em7": "e2:.5 r:.25 e2:.25 g2:.5 a2:.5 b2:.5 r:.5 b2:.25 a2:.25 g2:.5",
    "F": "f2:.75 f2:.25 a2:.5 c3:.5 r:.5 c3:.5 a2:.5 f2:.5",
    "G": "g2:.75 g2:.25 b2:.5 d3:.5 r:.5 d3:.5 b2:.5 g2:.5",
    "C": "c2:.75 e2:.25 g2:.5 e2:.5",
    "E7": "e2:.5 r:.25 e2:.25 g#2:.5 b2:.5 d3:.5 r:.5 b2:.5 g#2:.5",
}


def _bass(symbols: str) -> tuple[Note, ...]:
    notes: list[Note] = []
    for bar, text in enumerate(symbols.split("|")):
        names = text.split()
        phrase = (
            line(BASS[names[0]], 104)
            if len(names) == 1
            else line("c2:.75 e2:.25 g2:1 g1:.75 b1:.25 d2:1", 104)
        )
        notes += at(bar, phrase)
    return tuple(notes)


def compose() -> Song:
    """Return the song."""
    drums = {
        "kick": "....X.......X...",
        "rim": "....x.......x..o",
        "hat": "o.xox.xoo.xox.xo",
    }
    steppers = {
        "kick": "x...x...x...x...",
        "snare": "....X.......X...",
        "hat": "o.xoo.xoo.xoo.xo",
        "open": "..............x.",
    }
    fill = grid({"snare": "x.xx", "high": "...."}, 1, steps=4, beats_per_bar=1)
    roll = grid({"timbale": "....x.xxX.x.x.x."}, 1)
    drum_notes = join(
        at(1, roll),
        at(2, grid(drums, 8)),
        at(9.75, fill),
        at(10, grid(steppers, 8)),
        at(17, roll),
        at(18, grid(drums, 4)),
        at(22, grid({"kick": "....X.......X...", "hat": "..x...x...x...x."}, 4)),
        at(25.75, fill),
        at(26, grid(steppers, 4)),
        *(at(bar, grid({"crash": "x...", "kick": "X..."}, 1, steps=4)) for bar in (2, 10, 18, 26)),
        at(30, grid({"crash": "X...", "kick": "X..."}, 1, steps=4)),
    )
    harmony = join(
        at(2, strum(VERSE, "..x...x...x...x.", 60, length=0.16)),
        at(10, strum(CHORUS, "..x...x...x...x.", 60, length=0.16)),
        at(18, strum(BRIDGE, "..x...x...x...x.", 60, length=0.16)),
        at(26, strum("F|G|C G|Am", "..x...x...x...x.", 60, length=0.16)),
    )
    bubble = join(
        *(
            at(bar, strum(symbols, "..xo..xo..xo..xo", 55, length=0.18, velocity_shift=-8))
            for bar, symbols in ((2, VERSE), (10, CHORUS), (18, BRIDGE), (26, "F|G|C G|Am"))
        )
    )
    bass = join(
        at(1, line("r:2 e2:.5 g2:.5 e2:.5 d2:.25 c2:.25", 104)),
        at(2, _bass(VERSE)),
        at(10, _bass(CHORUS)),
        at(18, _bass("Dm|Dm|Am|Am|F|F|E7|E7")),
        at(26, _bass("F|G|C G|Am")),
        at(30, line("a1:3", 108)),
    )
    melodica = join(
        at(
            2,
            line(
                "r:1 e5:.5 e5:.25 d5:.25 c5:.5 d5:.5 a4:1 | r:1.5 c5:.25 d5:.25 e5:.5 g5:.5 e5:1 |"
                " r:.5 f5~:1 e5:.5 d5:.5 c5:.5 d5:1 | r:1 a4:.5 c5:.5 d5:.5 f5:.5 e5:.5 d5:.5 |"
                " e5~:1.5 d5:.25 c5:.25 a4:1 r:1 | r:.5 c5:.5 d5:.5 e5:.5 g5~:1 e5:1 |"
                " r:.5 g5:.5 e5:.5 d5:.5 b4:1 d5:.5 c5:.5 | a4:2.5 r:1.5 |"
            ),
        ),
        at(
            22,
            line(
                "c6~:1 a5:.5 f5:.5 r:.5 g5:.25 a5:.25 c6:1 | r:.5 a5:.5 g5:.5 f5:.5 e5~:1 c5:1 |"
                " b4:.5 d5:.5 e5:.5 g#5:.5 b5~:1.5 r:.5 | g#5:.5 a5:.25 b5:.25 d6:.5 c6:.5 b5:2 |"
            ),
        ),
    )
    horns = "a4+c5+f5':.5 r:1 a4+c5+f5:.5 g4+c5+e5:.5 f4+a4+d5:.5 g4+c5+e5':.5 r:.5"
    chorus_horns = (
        f"{horns} | b4+d5+g5':.5 r:1 b4+d5+g5:.5 a4+d5+f5:.5 g4+b4+e5:.5 a4+d5+f5':.5 r:.5 |"
        " c5+e5+a5:1.5 r:2.5 | r:2 e5:.5 g5:.5 a5:1 |"
    )
    horn_notes = join(
        line("a4+e5:1.5 g4+d5:.5 e4+c5:1 r:1 | r:4", 100),
        at(10, loop(line(chorus_horns, 100), 2, 4)),
        at(18, line("r:3 d5+f5':.5 d5+f5':.5 | r:4 | r:3 c5+e5':.5 c5+e5':.5 | r:4", 96)),
        at(26, line(chorus_horns, 100)),
        at(30, line("a4+c5+e5:1.5", 104)),
    )
    singer = join(
        at(
            10,
            loop(
                line(
                    "c5:.5 c5:.5 a4:.5 c5:1 a4:.5 g4:.5 a4:.5 | b4:.5 b4:.5 g4:.5 d5:1 b4:1.5 |"
                    " c5~:1 b4:.5 a4:1.5 e4:.5 g4:.5 | a4:2.5 r:1.5 |",
                    96,
                ),
                2,
                4,
            ),
        ),
        at(
            18,
            line(
                "r:.5 a4:.5 a4:.5 a4:.5 c5:.5 a4:.5 g4:1 | f4:1 r:1 a4:.5 g4:.5 f4:1 |"
                " r:.5 e4:.5 e4:.5 g4:.5 a4:.5 a4:.5 c5:1 | a4:2 r:2 |",
                94,
            ),
        ),
        at(
            26,
            line(
                "c5:.5 c5:.5 a4:.5 c5:1 a4:.5 g4:.5 a4:.5 | b4:.5 b4:.5 g4:.5 d5:1 b4:1.5 |"
                " c5~:1 e5:1 d5:1 b4:1 | a4:3 r:1 |",
                96,
            ),
        ),
    )
    sixteenth = 60 / 75 / 4
    return Song(
        name="reggae",
        title="Harbour Wall",
        genre="reggae",
        listen_for=(
            "The guitar and piano chop only between the beats, the kick and rim fall together on "
            "the second and fourth (one drop), and the bass carries the tune."
        ),
        tempo=75,
        bars=30,
        swing=0.56,
        swing_unit=0.5,
        sections=((0, "intro"), (2, "verse"), (10, "chorus"), (18, "bridge"), (26, "chorus")),
        parts=(
            Part("drums", Fluid(8, 128), drum_notes, 2.5, 0, 0.10, (compress(-8, 3, 8, 90),)),
            Part("bass", Fluid(33), bass, 4.5, 0, 0.0, (lowpass(900), drive(3), shelf(120, 4, False)), late_ms=8),
            Part("skank", Fluid(27), harmony, -4, -0.35, 0.14, (highpass(350), peak(1800, 3)), timing_ms=5),
            Part("piano", Fluid(0), louder(-8, harmony), -7, 0.35, 0.12, (highpass(250),)),
            Part("organ", Fluid(16), bubble, -8.5, 0.2, 0.1, (highpass(200), lowpass(3500))),
            Part("melodica", Fluid(22, vibrato=40), melodica, -2.5, 0.1, 0.2, (echo(3 * sixteenth, 0.45, 0.35), lowpass(5000))),
            Part("horns", Fluid(61), horn_notes, -4, -0.15, 0.2, (echo(6 * sixteenth, 0.4, 0.2),)),
            Part("singer", Synth("voice", consonants=0.5, attack_seconds=0.04, sustain=0.8, unison=2, detune_cents=8, vibrato_cents=28), singer, -1.5, 0, 0.2, (echo(4 * sixteenth, 0.4, 0.22), lowpass(6500), chorus(1.5, 0.5, 0.2))),
        ),
        master=(shelf(110, 2.5, False), shelf(2500, -2)),
    )
