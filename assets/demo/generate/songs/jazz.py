"""Swing quintet in F: walking bass, ride cymbal, comping piano, muted trumpet and tenor saxophone."""

from ..effects import highpass, lowpass, peak, shelf
from ..notation import at, bars_of, chord, grid, join, line, louder, root, root_and_kind, up
from ..score import Fluid, Note, Notes, Part, Song

A_FIRST = "Fmaj7|D7b9|Gm7|C13|Am7|D7b9|Gm7 C13|Am7 D7b9"
A_LAST = "Fmaj7|D7b9|Gm7|C13|Am7 D7b9|Gm7 C13|F6|Gm7 C13"
BRIDGE = "Cm7|F13|Bbmaj7|Bbmaj7|Dm7|G13|Gm7|C13"
INTRO = "Gm7|C13|Am7 D7b9|Gm7 C13"
TAG = "Am7 D7b9|Gm7 C13|F6|F6"
FORM = "|".join((INTRO, A_FIRST, A_LAST, BRIDGE, A_LAST, A_FIRST, A_LAST, BRIDGE, TAG))

THIRDS = {"m7": 3, "m6": 3, "m9": 3, "m7b5": 3, "dim": 3}


def walk(symbols: str) -> Notes:
    """Return a walking bass: root, chord tones, then a semitone above or below the next root."""
    bars = bars_of(symbols)
    notes: list[Note] = []
    for index, (start, share, symbol) in enumerate(bars):
        low = root(symbol, 29)
        after = root(bars[(index + 1) % len(bars)][2], 29)
        third = low + THIRDS.get(root_and_kind(symbol)[1], 4)
        approach = after + (1 if index % 3 else -1)
        shapes = (
            (low, third, low + 7, approach),
            (low + 12, low + 10, low + 7, approach),
            (low, low + 2, third, approach if approach > low else approach + 12),
            (low, low + 7, third, approach),
        )
        tones = shapes[index % 4] if share == 4 else (low if index % 2 else low + 12, approach)
        notes += [
            Note(start + beat, 0.92, tone, 106 if beat % 2 else 98)
            for beat, tone in enumerate(tones)
        ]
        if index % 5 == 3:
            notes.append(Note(start + 1.5, 0.3, tones[1], 70))
    return tuple(notes)


def comp(symbols: str) -> Notes:
    """Return the piano: rootless voicings in a rhythm that leaves holes."""
    rhythms = ((0, 1.5), (1.5, 3.5), (0.5, 2), (1, 2.5), (1.5,), (0, 2.5, 3.5))
    sounding = bars_of(symbols)
    notes = []
    for bar in range(symbols.count("|") + 1):
        for hit in rhythms[(bar * 5 + bar // 4) % len(rhythms)]:
            beat = bar * 4 + hit
            ahead = beat + 0.5 if hit == 3.5 else beat
            symbol = next(s for start, share, s in sounding[::-1] if start <= ahead)
            length = 0.35 if hit % 1 else 0.9
            voicing = [p for p in chord(symbol, 53) if p % 12 != root(symbol, 0) % 12]
            notes += [Note(beat, length, p, 78 if hit % 1 else 70) for p in (*voicing, voicing[0] + 12)]
    return tuple(notes)


HEAD_A = (
    "c5:.5 d5:.5 f5:.5 a5~:1 g5:.5 f5:1 | r:.5 f#4:.5 a4:.5 c5:.5 eb5~:1 d5:1 | r:.5 bb4:.5 d5:.5 f5:.5 a5:.5 g5:.5 r:.5 e5~:.5 | r:.5 d5:.5 bb4:.5 a4:.5 g4:1 r:1 |"
    "c5:.5 d5:.5 e5:.5 g5~:1 e5:.5 c5:1 | r:.5 f#4:.5 a4:.5 c5:.5 eb5~:1 d5:.5 c5:.5 |"
)
HEAD_END_FIRST = "bb4:.5 d5:.5 f5:.5 a5:.5 g5:.5 e5:.5 db5:.5 bb4:.5 | c5:1.5 a4:.5 r:2 |"
HEAD_END_LAST = "bb4:.5 d5:.5 f5:.5 a5:.5 g5:.5 e5:.5 c5:.5 e5:.5 | f5:.5 c5:.5 d5:.5 f5~:1 r:1.5 |"
HEAD_BRIDGE = (
    "g5~:2 eb5:.5 c5:.5 bb4:1 | a4:.5 c5:.5 eb5:.5 g5:.5 f5:2 | r:.5 d5:.5 f5:.5 a5:.5 c6~:1 a5:1 | bb5:.5 a5:.5 f5:.5 d5:.5 bb4:2 |"
    "a5~:2 f5:.5 d5:.5 c5:1 | b4:.5 d5:.5 f5:.5 a5:.5 g5:2 | r:.5 bb4:.5 d5:.5 f5:.5 a5:1 g5:1 | e5:.5 g5:.5 bb5:.5 a5:.5 g5:.5 e5:.5 db5:.5 c5:.5 |"
)
SOLO = (
    "r:1 a4:.5 c5:.5 e5:.5 g5:.5 f5:.5 d5:.5 | f#5:.5 eb5:.5 c5:.5 a4:.5 bb4:.5 c5:.5 d5:.5 f#4:.5 | g4:.5 bb4:.5 d5:.5 f5:.5 a5~:1 g5:.5 f5:.5 | e5:.5 d5:.5 c5:.5 bb4:.5 a4:.5 g4:.5 r:1 |"
    "r:.5 e5:.5 g5:.5 b5:.5 c6~:1 b5:.5 g5:.5 | f#5:.5 a5:.5 c6:.5 eb6:.5 d6~:1 c6:.5 a5:.5 | bb5:.5 g5:.5 d5:.5 bb4:.5 e5:.5 c5:.5 bb4:.5 g4:.5 | a4:.5 c5:.5 e5:.5 g5:.5 f#5:.5 eb5:.5 d5:.5 c5:.5 |"
    "a4:1 r:.5 c5:.5 f5:.5 a5:.5 c6~:1 | r:.5 c6:.5 a5:.5 f#5:.5 eb5:.5 c5:.5 a4:.5 f#4:.5 | g4:.5 a4:.5 bb4:.5 d5:.5 f5:.5 e5:.5 f5:.5 d5:.5 | bb5~:1.5 a5:.5 g5:.5 e5:.5 c5:.5 db5:.5 |"
    "c5:.5 e5:.5 g5:.5 e5:.5 f#5:.5 d5:.5 c5:.5 eb5:.5 | d5:.5 bb4:.5 g4:.5 d5:.5 c5:.5 e5:.5 g5:.5 bb5:.5 | a5~:1 f5:.5 c5:.5 d5:.5 f5:.5 g5:.5 ab5:.5 | g5:.5 f5:.5 d5:.5 bb4:.5 c5:.5 g4:.5 r:1 |"
    "r:.5 eb5:.5 g5:.5 bb5:.5 d6~:1 c6:.5 bb5:.5 | a5:.5 g5:.5 f5:.5 eb5:.5 d5:.5 c5:.5 a4:.5 c5:.5 | d5:.5 f5:.5 a5:.5 c6:.5 bb5~:1 a5:.5 f5:.5 | d5:1 r:.5 f5:.5 g5:.5 ab5:.5 a5:.5 bb5:.5 |"
    "a5:.5 f5:.5 d5:.5 a4:.5 c5:.5 d5:.5 e5:.5 f5:.5 | b4:.5 d5:.5 f5:.5 a5:.5 ab5~:1 g5:.5 f5:.5 | bb5~:.5 g5:.5 d5:.5 bb4:.5 a4:.5 bb4:.5 d5:.5 f5:.5 | e5:.5 g5:.5 bb5:.5 db6:.5 c6~:1 r:1 |"
)


def compose() -> Song:
    """Return the song."""
    head = HEAD_A + HEAD_END_FIRST + HEAD_A + HEAD_END_LAST
    melody = line(head + HEAD_BRIDGE + HEAD_A + HEAD_END_LAST, 92)
    ride = {"ride": "x..x.xx..x.x|x..x.ox..x.x", "pedal": "...x.....x.."}
    time_keeping = grid(ride, 60, steps=12)
    brush_kicks = tuple(
        Note(bar * 4 + place, 0.2, drum, velocity)
        for bar in range(4, 60)
        for place, drum, velocity in (
            ((1 + 2 / 3, 38, 52), (3 + 2 / 3, 36, 58))
            if bar % 4 == 1
            else ((2 + 2 / 3, 38, 60),)
            if bar % 4 == 2
            else ((0.0, 36, 48), (3.0, 38, 44), (3 + 2 / 3, 38, 64))
            if bar % 8 == 7
            else ((0.0, 36, 40), (2.0, 36, 36))
        )
    )
    drums = join(
        grid({"pedal": "...x.....x.."}, 4, steps=12),
        at(2, grid(ride, 2, steps=12)),
        at(4, time_keeping),
        brush_kicks,
        at(20, grid({"crash": "o..........."}, 1, steps=12)),
        at(36, grid({"crash": "o..........."}, 1, steps=12)),
        at(35, grid({"snare": "x.xx.xx.xx.x", "kick": "...x.....x.."}, 1, steps=12)),
        at(63, grid({"snare": "......o.ox.x"}, 1, steps=12)),
        at(64, grid({"crash": "x...", "kick": "x..."}, 1, steps=4)),
    )
    tenor_answers = join(
        at(10, line("r:2 d5:.5 bb4:.5 g4:.5 e4:.5 | r:2 a4:.5 c5:.5 f#4:.5 eb5:.5", 80)),
        at(20, line("eb4:4 | eb4:2 c4:2 | d4:4 | f4:2 d4:2 | f4:4 | f4:2 d4:2 | d4:2 f4:2 | e4:2 bb3:2", 76)),
    )
    return Song(
        name="jazz",
        title="Late Tram",
        genre="jazz",
        listen_for=(
            "The bass walks four notes a bar, the ride cymbal swings, the piano answers with short "
            "chords of four and five notes, and the saxophone improvises over the form A A B A."
        ),
        tempo=160,
        bars=64,
        swing=0.63,
        reverb_seconds=1.3,
        sections=((0, "intro"), (4, "theme A"), (12, "theme A"), (20, "bridge"), (28, "theme A"), (36, "saxophone solo"), (60, "ending")),
        parts=(
            Part("drums", Fluid(32, 128), drums, -2, 0.15, 0.14, (lowpass(9500, 1),), timing_ms=6, swung=False),
            Part("bass", Fluid(32), join(walk(FORM), at(64, line("f1:4"))), 3, 0, 0.06, (lowpass(3000, 1), peak(90, 2)), timing_ms=7),
            Part("piano", Fluid(0), join(comp(FORM), at(64, line("a3+d4+g4+c5:3", 76))), -3, -0.4, 0.14, (lowpass(7000, 1),), timing_ms=9),
            Part("trumpet", Fluid(59, vibrato=35), join(at(4, melody), at(60, line("c5:.5 e5 g5 e5 f#5 d5 c5 eb5 | d5 bb4 g4 d5 c5 e5 g5 bb5 | a5~:1 f5:.5 c5:.5 d5:1 r:1 | r:4", 90)), at(64, line("g5~:3", 88))), 0, 0.2, 0.18, (lowpass(6500, 1),), timing_ms=13, late_ms=14),
            Part("tenor", Fluid(66, vibrato=45), join(at(4, louder(-14, up(-12, (n for n in melody if n.beat < 64 or n.beat >= 96)))), tenor_answers, at(36, up(-12, line(SOLO, 98))), at(64, line("c5~:3", 84))), 1, -0.1, 0.18, (lowpass(7000, 1), peak(600, 2)), timing_ms=14, late_ms=16),
        ),
        master=(shelf(2200, -6), highpass(40)),
    )
