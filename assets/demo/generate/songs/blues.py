"""A twelve-bar shuffle in E: boogie guitar, walking bass, harp and guitar that answer the voice."""

from ..effects import amplifier, compress, drive, echo, highpass, lowpass, peak, shelf
from ..notation import at, bars_of, grid, join, line, root, strum, up
from ..score import Fluid, Note, Notes, Part, Plucked, Song, Synth

TWELVE = "E7|A7|E7|E7|A7|A7|E7|E7|B7|A7|E7|B7"
LAST = "E7|A7|E7|E7|A7|A7|E7|E7|B7|A7|E7|E7"
TURN = "B7|A7|E7|B7"


def boogie(symbols: str) -> Notes:
    """Return the boogie figure: root and fifth, root and sixth, root and seventh."""
    notes = []
    for start, share, symbol in bars_of(symbols):
        low = root(symbol, 40)
        for eighth, top in enumerate((7, 7, 9, 9, 10, 10, 9, 9)[: round(share * 2)]):
            beat = start + eighth / 2
            velocity = 104 if eighth % 2 == 0 else 78
            notes += [Note(beat, 0.42, low, velocity), Note(beat, 0.42, low + top, velocity)]
    return tuple(notes)


def walk(symbols: str) -> Notes:
    """Return the walking bass: up the chord and back, into the next root from a semitone above."""
    bars = bars_of(symbols)
    notes = []
    for index, (start, _, symbol) in enumerate(bars):
        low = root(symbol, 28)
        after = root(bars[(index + 1) % len(bars)][2], 28)
        steps = (0, 4, 7, 9) if index % 2 == 0 else (12, 10, 7, 4)
        tones = [low + step for step in steps]
        if after != low:
            tones[3] = after + 1
        notes += [Note(start + beat, 0.85, tone, 104) for beat, tone in enumerate(tones)]
        notes.append(Note(start + 3.5, 0.3, tones[3], 74))
    return tuple(notes)


SUNG = (
    "r:.5 b4:.5 b4:.5 b4:.5 d5~:1 b4:.5 a4:.5 | g4:.5 a4:.5 b4~:1 r:2 | e4:.5 g4:.5 e4:1.5 r:1.5 | r:4 |"
    "r:.5 d5~:.5 d5:.5 b4:.5 d5~:1 b4:.5 a4:.5 | g4:.5 a4:.5 c5~:1 a4:1 r:1 | b4:.5 g4:.5 e4:1.5 r:1.5 | r:4 |"
    "r:.5 b4:.5 b4:.5 d5:.5 e5~:1.5 d5:.5 | c#5:.5 a4:.5 g4~:1 e4:1 r:1 | e4:1 g4:.5 e4:1.5 r:1 | r:4 |"
)
ANSWERS = (
    "r:4 | r:2 g5~!:.5 a5:.5 b5:1 | r:2 b5:.5 d6~:.5 b5:.5 a5:.5 | g5~:1 e5:.5 g5:.5 e5:1 d5:.5 e5:.5 |"
    "r:4 | r:3 e5:.5 g5:.5 | r:2.5 b5~:.5 a5:.5 g5:.5 | e5~:.5 g5:.5 a5:.5 bb5:.5 b5~:1.5 r:.5 |"
    "r:4 | r:3 a5~:.5 g5:.5 | r:3 g5~:.5 e5:.5 | b5~:1 a5:.5 f#5:.5 d#5:1 b4:1 |"
)
SOLO = (
    "r:.5 b5~!:1 b5:.5 d6~:.5 b5:.5 a5:.5 g5:.5 | a5~:1.5 g5:.5 e5:1 c#5:.5 e5:.5 | g5~!:.5 g5:.5 e5:.5 g5~:.5 b5:.5 d6~:1 b5:.5 | e6~:2 d6:.5 b5:.5 a5:.5 g5:.5 |"
    "e6~!:.5 e6~:.5 e6~:.5 d6:.5 c#6:.5 a5:.5 g5:.5 e5:.5 | g5~:1 a5:.5 c6~:1 a5:.5 g5:.5 e5:.5 | b5~:1.5 g5:.5 e5:.5 d5:.5 e5:1 | r:1 b4:.5 d5:.5 e5:.5 g5:.5 a5:.5 bb5:.5 |"
    "b5~!:1 a5:.5 f#5:.5 d#5:.5 f#5:.5 a5:1 | c#6~:1 a5:.5 g5:.5 e5:.5 g5:.5 a5:1 | g5:.5 e5:.5 d5:.5 b4:.5 g#4:.5 b4:.5 d5:.5 e5:.5 | d#5:.5 f#5:.5 a5:.5 b5~:1.5 r:1 |"
)


def compose() -> Song:
    """Return the song."""
    shuffle = {"kick": "x.....x.x...", "snare": "...X.....X..", "ride": "X.ox.oX.ox.o"}
    hats = {"kick": "x.....x.x...", "snare": "...X..--.X.-", "hat": "X.ox.oX.ox.o"}
    fill = grid({"snare": "x.xx.xxxxX.x", "kick": "x.....x....."}, 1, steps=12)
    drums = join(
        at(1, grid(hats, 2, steps=12)),
        at(3, fill),
        at(4, grid(hats, 11, steps=12)),
        at(15, fill),
        at(16, grid(shuffle, 11, steps=12)),
        at(27, fill),
        at(28, grid(hats, 10, steps=12)),
        at(38, grid({"kick": "x..x........", "snare": "...x........"}, 1, steps=12)),
        at(39, grid({"snare": "......x.xX.X"}, 1, steps=12)),
        at(40, grid({"crash": "X...", "kick": "X..."}, 1, steps=4)),
        *(at(b, grid({"crash": "x..."}, 1, steps=4)) for b in (4, 16, 28)),
    )  # fmt: skip
    guitar = join(at(1, boogie("A7|E7|B7")), at(4, boogie(TWELVE)), at(16, boogie(TWELVE)), at(28, boogie("E7|A7|E7|E7|A7|A7|E7|E7|B7|A7")), at(40, strum("E9", "X...............", 52, length=3)))
    opening = line("r:1 b4~:.5 d5:.5 e5~:.5 g5:.5 a5:.5 bb5:.5 | a5~:1 g5:.5 e5:.5 c#5:.5 e5:.5 g5~:1 | e5:.5 d5:.5 b4:.5 d5:.5 e5:.5 g5~:.5 e5:1 | d#5:.5 f#5:.5 a5:.5 b5~:1 a5:.5 f#5:1 |", 104)
    ending = line("e5+b5:.5 r:.5 e5+bb5:.5 r:.5 d5+a5:.5 r:.5 c#5+g#5:.5 r:.5 | b4:.5 d5:.5 e5:.5 r:1.5 f5+a5:.5 e5+g#5:.5 |", 100)
    lead = join(at(0, opening), at(16, line(SOLO, 108)), at(38, ending), at(40, line("e5+g#5+d6:3", 104)))
    harp = join(at(4, line(ANSWERS, 96)), at(28, line(ANSWERS[: ANSWERS.rindex("r:3 g5~:.5")] + "r:4 | r:4 |", 100)), at(40, line("b5~:3", 96)))
    piano = join(
        at(4, strum(TWELVE, "..xo.x..xo.x", 64, steps=12, length=0.25, velocity_shift=-16)),
        at(16, strum(TWELVE, "x.xx.xx.xx.x", 68, steps=12, length=0.25, velocity_shift=-12)),
        at(28, strum("E7|A7|E7|E7|A7|A7|E7|E7|B7|A7", "..xo.x..xo.x", 64, steps=12, length=0.25, velocity_shift=-10)),
    )
    sung = up(-12, line(SUNG, 100))
    return Song(
        name="blues",
        title="Rent Day Shuffle",
        genre="blues",
        listen_for=(
            "Twelve bars go round three times over the chords E, A and B; every beat is a long and a "
            "short note (shuffle), and harmonica and guitar answer the voice with bent notes."
        ),
        tempo=100,
        bars=40,
        swing=0.66,
        reverb_seconds=1.0,
        sections=((0, "intro"), (4, "voice and harp"), (16, "guitar solo"), (28, "voice and harp"), (38, "ending")),
        parts=(
            Part("drums", Fluid(8, 128), drums, -1, 0.05, 0.14, (compress(-8, 2.5, 10, 90), lowpass(9000, 1)), timing_ms=7, swung=False),
            Part("bass", Fluid(32), join(at(1, walk("A7|E7|B7")), at(4, walk(TWELVE)), at(16, walk(TWELVE)), at(28, walk("E7|A7|E7|E7|A7|A7|E7|E7|B7|A7")), at(38, line("e2:1 d2 c#2 c2 | b1:.5 r:2.5 f2:.5 e2:.5 |", 100)), at(40, line("e1:3"))), 2, 0, 0.02, (lowpass(1500, 1), peak(90, -2)), timing_ms=7),
            Part("guitar", Plucked(2.2, 0.3, 0.15), guitar, -2, -0.4, 0.12, (amplifier(20, tight=80, high=4200),), timing_ms=9),
            Part("lead guitar", Plucked(3.5, 0.2, 0.12, 30), lead, 4, 0.3, 0.2, (amplifier(32, tight=110, high=4600),), timing_ms=12, late_ms=8),
            Part("harmonica", Fluid(22, vibrato=70), harp, 0.5, 0.2, 0.22, (drive(8), highpass(300), lowpass(4500), echo(0.13, 0.2, 0.2)), timing_ms=14),
            Part("piano", Fluid(3), piano, -6, 0.45, 0.14, (highpass(200),), timing_ms=9, swung=False),
            Part("voice", Synth("voice", consonants=0.5, attack_seconds=0.03, sustain=0.75, unison=1, decay_seconds=0.5, vibrato_cents=25), join(at(4, sung), at(28, (n for n in sung if n.beat < 40))), 3, 0, 0.16, (drive(7, bias=0.2), lowpass(6000), highpass(120)), timing_ms=16, late_ms=15),
        ),
        master=(lowpass(9500, 1), peak(260, 5, 0.8), shelf(500, -6), drive(2, mix=0.4)),
    )
