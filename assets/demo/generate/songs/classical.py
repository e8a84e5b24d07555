"""A canon on a falling bass in D minor for strings, with an oboe in the middle; Baroque in manner."""

from ..effects import highpass, lowpass, shelf
from ..notation import at, bars_of, chord, join, line, loop, louder, up
from ..score import Fluid, Note, Notes, Part, Song

GROUND = "Dm A|Am G|Bb Dm|Gm A"
MIDDLE = "F C|Dm Am|Bb F|Gm C"
GROUND_BASS = "d3:2 c#3:2 | c3:2 b2:2 | bb2:2 a2:2 | g2:2 a2:2 |"
MIDDLE_BASS = "f3:1 c3 e3 c3 | d3:1 a2 c3 a2 | bb2:1 d3 a2 f2 | g2:1 bb2 c3 c2 |"

HALVES = line("f5:2 e5:2 | e5:2 d5:2 | d5:2 f5:2 | g5:1 f5:.5 g5:.5 e5:2 |", 84)
QUARTERS = line("d6:1 a5 c#6 a5 | c6 a5 b5 g5 | bb5 f5 a5 f5 | g5 bb5 a5 c#6 |", 86)
EIGHTHS = line(
    "d5:.5 e5 f5 a5 g5 f5 e5 c#5 | c5 d5 e5 a5 g5 b5 a5 g5 |"
    " f5 g5 a5 bb5 a5 g5 f5 d5 | g5 a5 bb5 d6 c#6 b5 a5 g5 |", 88
)  # fmt: skip
DOTTED = line(
    "f6:1.5 e6:.5 e6:1.5 c#6:.5 | e6:1 c6 d6:1.5 b5:.5 | d6:1.5 f6:.5 f6:1 d6 | bb5:1 d6 c#6:2 |", 90
)
SONG_LINE = line(
    "a5:1.5 g5:.25 f5:.25 g5:1 c5:1 | f5:1.5 e5:.25 d5:.25 e5:1 a4:1 |"
    " d5:1 f5:.5 g5:.5 a5:1 c6:1 | bb5:.5 a5:.5 g5:.5 f5:.5 e5:1 g5:1 |"
    " a5:1 c6:1 bb5:.5 a5:.5 g5:1 | a5:.5 g5:.5 f5:1 e5:.5 f5:.5 e5:1 |"
    " d5:1 bb5:1 a5:1 f5:1 | g5:.5 a5:.5 bb5:.5 g5:.5 e5:1 a5:1 |", 92
)  # fmt: skip


def running(symbols: str) -> Notes:
    """Return sixteenths that break each chord upwards and back."""
    notes = []
    for start, share, symbol in bars_of(symbols):
        low = chord(symbol, 69)
        tones = (*low, low[0] + 12)
        for step in range(round(share * 4)):
            tone = tones[(0, 1, 2, 3, 2, 1, 2, 1)[step % 8]]
            notes.append(Note(start + step / 4, 0.24, tone, 82 + 8 * (step % 4 == 0)))
    return tuple(notes)


def compose() -> Song:
    """Return the song."""
    subject = (HALVES, QUARTERS, EIGHTHS, running(GROUND), DOTTED)
    first = join(*(at(4 + 4 * place, notes) for place, notes in enumerate(subject)))
    second = join(*(at(8 + 4 * place, notes) for place, notes in enumerate(subject[:4])))
    third = join(*(at(12 + 4 * place, up(-12, notes)) for place, notes in enumerate(subject[:3])))
    swell = [-14, -10, -6, -2, 4, 10, -8, -4, 8, 14]

    def shaped(notes: Notes) -> Notes:
        return tuple(n for c in range(10) for n in louder(swell[c], (m for m in notes if c * 16 <= m.beat < c * 16 + 16)))

    violin_one = join(
        first,
        at(32, louder(6, running(GROUND))),
        at(36, DOTTED),
        line("r:160 d6:3", 96),
    )
    violin_two = join(
        second,
        at(24, loop(line("r:1 c5:1 r:1 c5:1 | r d5 r e5 | r d5 r c5 | r bb4 r e5 |", 70), 2, 4)),
        at(32, DOTTED),
        at(36, up(-3 - 9, DOTTED)),
        line("r:160 f#5+a5:3", 94),
    )
    viola = join(
        third,
        at(24, loop(line("r:1 a4:1 r:1 g4:1 | r a4 r c5 | r f4 r a4 | r g4 r bb4 |", 68), 2, 4)),
        at(32, up(-12, HALVES)),
        at(36, up(-12, EIGHTHS)),
        line("r:160 d4+a4:3", 92),
    )
    cello = join(
        loop(line(GROUND_BASS, 88), 6, 4),
        at(24, loop(line(MIDDLE_BASS, 80), 2, 4)),
        at(32, line("d3:1 f3 c#3 a2 | c3 a2 b2 g2 | bb2 d3 a2 f2 | g2 bb2 a2 a2 |", 92)),
        at(36, line("d3:.5 d3 f3 d3 c#3 c#3 a2 a2 | c3 c3 a2 a2 b2 b2 g2 g2 | bb2 bb2 d3 d3 a2 a2 f2 f2 | g2 g2 bb2 g2 a2:1 a2 |", 96)),
        line("r:160 d2+d3:3", 96),
    )
    continuo = tuple(
        Note(start + cycle * 16 + order * 0.03, share * 0.9, tone, 62)
        for cycle in range(10)
        for start, share, symbol in bars_of(MIDDLE if cycle in (6, 7) else GROUND)
        for order, tone in enumerate(chord(symbol, 57))
    )
    oboe = join(at(24, SONG_LINE), at(36, up(-12, DOTTED)))
    return Song(
        name="classical",
        title="Canon on a Falling Bass",
        genre="classical",
        listen_for=(
            "No drums: four string parts take over the same melodies one after the other (canon) "
            "above a bass that keeps falling; an oboe sings in the middle, in the major."
        ),
        tempo=100,
        bars=40,
        reverb_seconds=2.6,
        sections=((0, "ground"), (4, "canon"), (24, "oboe, in the major"), (32, "canon returns")),
        parts=(
            Part("violins one", Fluid(48), shaped(violin_one), 0, -0.4, 0.35, timing_ms=11),
            Part("violin solo", Fluid(40, vibrato=30), shaped(violin_one), -3, -0.3, 0.35, timing_ms=12),
            Part("violins two", Fluid(48), shaped(violin_two), -2, -0.1, 0.35, timing_ms=12),
            Part("violas", Fluid(41, vibrato=25), shaped(viola), -3, 0.2, 0.35, timing_ms=12),
            Part("cellos", Fluid(42), shaped(cello), -1, 0.45, 0.3, timing_ms=12),
            Part("basses", Fluid(48), shaped(up(-12, cello)), -6, 0.5, 0.3, (lowpass(1200),), timing_ms=14),
            Part("harpsichord", Fluid(6), shaped(continuo), -10, 0.15, 0.3, (highpass(250),), timing_ms=9),
            Part("oboe", Fluid(68, vibrato=30), oboe, -1, 0.1, 0.35, timing_ms=14),
        ),
        master=(shelf(5000, -2),),
    )
