"""Country in G: train beat on brushes, alternating bass, strummed guitar, fiddle, pedal steel."""

from ..effects import chorus, compress, drive, echo, highpass, lowpass, peak, shelf
from ..notation import at, bars_of, chord, grid, join, line, root, strum
from ..score import Fluid, Note, Notes, Part, Plucked, Song, Synth

VERSE = "G|G|C|G|G|Em|D|D"
CHORUS = "C|C|G|G|D|D|C D|G"
INTRO = "G|C|D|G"


def boom_chick(symbols: str) -> Notes:
    """Return the strummed guitar: chords on the back beats, light strokes between."""
    return strum_of(symbols, "x.x.x.xox.x.x.xo")


def strum_of(symbols: str, pattern: str) -> Notes:
    """Return strums, strings one after the other, down on the beat and up between."""
    notes = []
    for start, share, symbol in bars_of(symbols):
        tones = [*chord(symbol, 52), *(p + 12 for p in chord(symbol, 52))][:5]
        for step in range(round(share * 4)):
            mark = pattern[(round(start * 4) + step) % 16]
            if mark == ".":
                continue
            order = tones if step % 4 == 0 else tones[::-1]
            notes += [
                Note(start + step / 4 + i * 0.018, 0.4, p, 92 if mark == "x" else 70)
                for i, p in enumerate(order)
            ]
    return tuple(notes)


def two_beat(symbols: str) -> Notes:
    """Return the bass: root on one, fifth on three, a walk into a new chord."""
    bars = bars_of(symbols)
    notes = []
    for index, (start, share, symbol) in enumerate(bars):
        low, after = root(symbol, 31), root(bars[(index + 1) % len(bars)][2], 31)
        fifth = low + 7 if low < 36 else low - 5
        notes.append(Note(start, 0.9, low, 106))
        if share < 4:
            continue
        if after == low:
            notes.append(Note(start + 2, 0.9, fifth, 98))
        else:
            step = 1 if after > low else -1
            notes += [Note(start + 2, 0.9, fifth, 98), Note(start + 3, 0.8, after - 2 * step, 92)]
    return tuple(notes)


def rolls(symbols: str) -> Notes:
    """Return a banjo's forward rolls: thumb, index, middle, with the high fifth string between."""
    notes = []
    for start, share, symbol in bars_of(symbols):
        low = chord(symbol, 55)
        order = (low[0], low[1], 79, low[2], low[1], 79, low[2], 79)
        for step in range(round(share * 2)):
            loud = 98 if step % 3 == 0 else 78
            notes.append(Note(start + step / 2, 0.45, order[step % 8], loud))
            notes.append(Note(start + step / 2 + 0.25, 0.22, order[(step + 3) % 8], 70))
    return tuple(notes)


SUNG_VERSE = (
    "r:1 d4:.5 d4:.5 g4:1 a4:.5 b4:.5 | b4:1.5 a4:.5 g4:1 r:1 | r:1 e4:.5 g4:.5 c5~:1 b4:.5 a4:.5 | g4:2.5 r:1.5 |"
    "r:1 d4:.5 d4:.5 g4:1 a4:.5 b4:.5 | b4~:1.5 a4:.5 g4:1 e4:1 | r:.5 a4:.5 a4:.5 b4:.5 a4:1 f#4:1 | a4:3 r:1 |"
)
SUNG_CHORUS = (
    "c5:1.5 c5:.5 c5:1 d5:1 | e5~:2 d5:.5 c5:.5 r:1 | b4:1.5 b4:.5 b4:1 a4:1 | g4:2 r:1 g4:.5 b4:.5 |"
    "d5~:1.5 d5:.5 c5:1 b4:1 | a4:2 r:1 d4:.5 f#4:.5 | e4:1 g4:1 a4:1 f#4:1 | g4:3 r:1 |"
)
FIDDLE_SOLO = (
    "b5:.25 d6 b5 a5 g5 a5 b5 g5 e5 g5 e5 d5 g5:.5 b5~:.5 | d6~:1 b5:.25 a5 g5 e5 g5:.5 a5:.25 b5 d6:1 |"
    " e6~:.5 c6:.25 e6 g6 e6 c6 a5 g5 a5 c6 e6 d6 c6 a5 c6 | b5~:1 g5:.25 a5 b5 d6 b5:1 g5:1 |"
    " g5:.25 b5 d6 b5 g5 a5 b5 d6 g6~:.5 e6:.25 d6 b5 a5 g5 a5 | b5~:1 e5:.25 g5 a5 b5 e6 d6 b5 a5 g5:.5 e5:.5 |"
    " f#5:.25 a5 d6 a5 f#5 a5 d6 f#6 e6 d6 a5 f#5 a5 b5 a5 f#5 | d6~:2 a5:1 d5:.5 f#5:.5 |"
)


def compose() -> Song:
    """Return the song."""
    train = {"kick": "x.......x.......", "snare": "--X---X---X---X-", "hat": "o...o...o...o..."}
    back = {"kick": "x.....x.x.......", "snare": "-.-.X.-.-.-.X.--", "hat": "x.x.x.x.x.x.x.x."}
    fill = grid({"snare": "o.xxo.xxx.xxX.X.", "kick": "x.......x......."}, 1)
    form = ((0, INTRO), (4, VERSE), (12, CHORUS), (20, VERSE), (28, VERSE), (36, CHORUS), (44, "C|D|C D|G"))
    drums = join(
        at(0, grid(train, 3)), at(3, fill),
        at(4, grid(train, 7)), at(11, fill),
        at(12, grid(back, 7)), at(19, fill),
        at(20, grid(train, 7)), at(27, fill),
        at(28, grid(train, 7)), at(35, fill),
        at(36, grid(back, 7)), at(43, fill),
        at(44, grid(back, 3)), at(47, grid({"kick": "x.......x.......", "snare": "x.x.X.X........."}, 1)),
        *(at(b, grid({"crash": "o..."}, 1, steps=4)) for b in (12, 36)),
        at(48, grid({"crash": "x...", "kick": "x..."}, 1, steps=4)),
    )  # fmt: skip
    steel = join(
        line("b4+d5~~:2 d5+g5:2 | c5+e5~~:2 e5+g5:2 | a4+d5~~:2 d5+f#5:1 c5+e5:1 | b4+d5~~:4 |", 88),
        at(5, line("r:2 b4+d5~~:2 | r:4 | r:2 d5+g5~~:1 b4+d5:1 | r:4 | r:2 g4+b4~~:2 | r:4 | d5+f#5~~:2 c5+e5:2 |", 82)),
        at(12, line("e5+g5~~:4 | r:3 e5+g5:1 | d5+g5~~:4 | r:4 | d5+f#5~~:4 | r:2 f#5+a5~~:2 | e5+g5:2 d5+f#5:2 | d5+g5~~:4", 86)),
        at(29, line("r:2 b4+d5~~:2 | r:4 | r:2 d5+g5~~:1 b4+d5:1 | r:4 | r:2 g4+b4~~:2 | r:4 | d5+f#5~~:2 c5+e5:2 |", 82)),
        at(36, line("e5+g5~~:4 | r:3 e5+g5:1 | d5+g5~~:4 | r:4 | d5+f#5~~:4 | r:2 f#5+a5~~:2 | e5+g5:2 d5+f#5:2 | d5+g5~~:4", 88)),
        at(44, line("e5+g5~~:4 | f#5+a5~~:4 | e5+g5~~:2 f#5+a5:2 | g5+b5~~:4 |", 88)),
        at(48, line("g5+b5:3", 88)),
    )
    fiddle = join(
        at(3, line("r:2 d5:.25 e5 g5 a5 b5:.5 d6:.5", 90)),
        at(12, line("r:4 | r:2 g5:.5 a5:.5 c6~:1 | r:4 | r:1 b5~:.5 a5:.25 g5 b5:.5 d6:.5 b5:1 | r:4 | r:1 f#5:.5 a5:.5 d6~:2 | r:4 | r:1 b5:.25 d6 b5 a5 g5:1 r:1", 86)),
        at(20, line(FIDDLE_SOLO, 96)),
        at(36, line("c6~:4 | g5:2 c6:2 | b5~:4 | d6:4 | f#5~:4 | a5:2 d6:2 | c6:2 a5:2 | b5:4", 82)),
        at(47, line("r:2 d5:.25 e5 g5 a5 b5:.5 d6:.5", 96)),
        at(48, line("g5+d6:2", 92)),
    )
    sung = join(at(4, line(SUNG_VERSE, 96)), at(12, line(SUNG_CHORUS, 104)), at(28, line(SUNG_VERSE, 96)), at(36, line(SUNG_CHORUS, 106)), at(44, line("c5:2 c5:1 d5 | d5~:2 c5:1 b4 | e4:1 g4 a4 f#4 | g4:3 r:1 |", 100)))
    harmony = tuple(Note(n.beat, n.length, n.pitch + (4 if n.pitch % 12 in (0, 2, 7) else 3), n.velocity - 8, n.scoop) for n in sung if 48 <= n.beat < 80 or n.beat >= 144)
    chops = join(*(at(bar, strum_of(symbols, "....x.......x...")) for bar, symbols in form))
    return Song(
        name="country",
        title="County Line",
        genre="country",
        listen_for=(
            "The bass goes root, fifth, root, fifth; the snare runs like a train; a pedal steel slides "
            "into its chords and a fiddle takes the solo."
        ),
        tempo=120,
        bars=48,
        reverb_seconds=1.1,
        sections=((0, "intro"), (4, "verse"), (12, "chorus"), (20, "fiddle solo"), (28, "verse"), (36, "chorus"), (44, "ending")),
        parts=(
            Part("drums", Fluid(40, 128), drums, -3, 0, 0.1, (compress(-8, 2.5, 8, 80),), timing_ms=5),
            Part("bass", Fluid(33), join(*(at(bar, two_beat(symbols)) for bar, symbols in form), at(48, line("g1:3"))), 0.5, 0, 0.02, (lowpass(2500, 1),), timing_ms=6),
            Part("guitar", Plucked(2.5, 0.1, 0.2), join(*(at(bar, boom_chick(symbols)) for bar, symbols in form), at(48, strum("G", "X..............." , 55, length=3))), 5, -0.45, 0.1, (highpass(110), peak(220, 2), shelf(3000, -2)), timing_ms=7),
            Part("banjo", Fluid(105), join(*(at(bar, rolls(symbols)) for bar, symbols in form if bar in (0, 20, 44))), -9, 0.5, 0.08, (highpass(250),), timing_ms=6),
            Part("electric guitar", Fluid(27), chops, -12, 0.3, 0.12, (highpass(300), peak(2500, 3), echo(0.12, 0.2, 0.25)), timing_ms=5),
            Part("pedal steel", Fluid(27, vibrato=55), steel, 4, 0.25, 0.25, (compress(-18, 6, 3, 400), drive(5), lowpass(4500), chorus(1.5, 0.6, 0.3)), timing_ms=12),
            Part("fiddle", Fluid(110, vibrato=45), fiddle, 3, -0.25, 0.2, (highpass(250),), timing_ms=10),
            Part("voice", Synth("voice", consonants=0.5, attack_seconds=0.03, sustain=0.8, unison=1, vibrato_cents=24), sung, 4.5, 0, 0.15, (highpass(150), peak(2800, 3), lowpass(7500), echo(0.1, 0.1, 0.15)), timing_ms=13),
            Part("voice above", Synth("voice", consonants=0.5, attack_seconds=0.04, sustain=0.8, unison=1, vibrato_cents=20), harmony, -3, 0.15, 0.18, (highpass(200), lowpass(6500)), timing_ms=16),
        ),
        master=(peak(210, 3, 0.8), shelf(1800, -1.5)),
    )
