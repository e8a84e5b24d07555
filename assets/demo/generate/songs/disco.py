"""Disco in D minor: four on the floor, open hats between the beats, octave bass, strings."""

from ..effects import chorus, compress, drive, echo, highpass, lowpass, peak
from ..notation import at, grid, join, line, loop, root, strum, up
from ..score import Fluid, Note, Part, Song, Synth

VERSE = "Dm7|Dm7|G7|G7|Dm7|Dm7|Bbmaj7|Am7"
CHORUS = "Bbmaj7|C|Am7|Dm7|Bbmaj7|C|F|A7"
BREAK = "Gm7|Gm7|Am7|Am7|Bbmaj7|Bbmaj7|A7|A7"


def octaves(symbols: str) -> tuple[Note, ...]:
    """Return the bouncing bass: root on the beat, its octave between, a walk into each change."""
    names = symbols.split("|")
    notes = []
    for bar, name in enumerate(names):
        low = root(name, 28)
        following = root(names[(bar + 1) % len(names)], 28)
        for eighth in range(8):
            tone = low + 12 * (eighth % 2)
            if bar % 2 == 1 and eighth == 6 and following != low:
                tone = low + 7
            if bar % 2 == 1 and eighth == 7 and following != low:
                tone = following - 1 + (12 if following < low else 0)
            notes.append(Note(bar * 4 + eighth / 2, 0.4, tone, 108 - 10 * (eighth % 2)))
        if bar % 2 == 0:
            notes.append(Note(bar * 4 + 3.75, 0.2, low + 10, 84))
    return tuple(notes)


def beat(bars: int) -> tuple[Note, ...]:
    """Return the disco beat."""
    return grid(
        {
            "kick": "X...X...X...X...",
            "snare": "....x.......x...",
            "clap": "....x.......x...",
            "open": "..x...x...x...x.",
            "hat": "x..ox..ox..ox..o",
            "tamb": "o-x-o-x-o-x-o-x-",
        },
        bars,
    )


def compose() -> Song:
    """Return the song."""
    toms = grid({"high": "x.xx............", "mid": "....x.xx........", "floor": "........x.xxX.X."}, 1)
    drums = join(
        grid({"kick": "X...X...X...X..."}, 4),
        at(2, grid({"hat": "x..ox..ox..ox..o", "clap": "....x.......x..."}, 2)),
        at(3, toms),
        *(at(bar, beat(7)) for bar in (4, 12, 20, 40)),
        at(28, beat(3)),
        *(at(bar, toms) for bar in (11, 19, 27, 39)),
        at(32, grid({"kick": "X...X...X...X...", "tamb": "x-o-x-o-x-o-x-o-", "clap": "....x.......x..."}, 7)),
        *(at(bar, grid({"crash": "X..."}, 1, steps=4)) for bar in (4, 12, 20, 28, 40)),
        at(31, toms),
        at(47, grid({"kick": "X...X...X.X.X.X.", "snare": "x.xxx.xxx.xxX.X."}, 1)),
        at(48, grid({"crash": "X...", "kick": "X..."}, 1, steps=4)),
    )
    percussion = join(
        at(4, grid({"conga": "..x...xx..x...x.", "conga_low": "x.......x..x...."}, 44)),
        at(32, grid({"cowbell": "x.x.x.xxx.x.x.x."}, 8, shift=-25)),
    )
    form = ((4, VERSE), (12, CHORUS), (20, VERSE), (40, CHORUS))
    bass = join(
        at(2, loop(octaves("Dm7"), 2, 1)),
        *(at(bar, octaves(symbols)) for bar, symbols in form),
        at(28, octaves("Bbmaj7|C|F|A7")),
        at(32, octaves(BREAK)),
        at(48, line("d2:3", 112)),
    )
    scratch = "x-xo-x-xx-xo-xxo"
    guitar = join(
        at(2, strum("Dm7|Dm7", scratch, 62, length=0.12)),
        *(at(bar, strum(symbols, scratch, 62, length=0.12)) for bar, symbols in form),
        at(28, strum("Bbmaj7|C|F|A7", scratch, 62, length=0.12)),
        at(32, strum(BREAK, "x..x..x...x..x..", 62, length=0.2)),
    )
    keys = join(
        *(at(bar, strum(symbols, "x..x..x...x..x..", 57, length=0.35)) for bar, symbols in form),
        at(28, strum("Bbmaj7|C|F|A7", "x..x..x...x..x..", 57, length=0.35)),
        at(32, strum(BREAK, "x...............", 57, length=3.8)),
        at(48, strum("Dm9", "x...............", 57, length=3)),
    )
    run = "d5:.25 e5 f5 g5 a5 bb5 c6 d6"
    verse_strings = (
        f"r:2 {run} | f6:1 e6:.5 d6:2.5 | r:2 g5:.25 a5 b5 c6 d6 e6 f6 g6 | f6:1.5 d6:.5 b5:2 |"
        f" r:2 {run} | f6:1 g6:.5 a6:2.5 | bb6:2 a6:1 f6:1 | e6:2 c6:.5 d6:.5 e6:.5 c#6:.5 |"
    )
    chorus_strings = (
        "d6:1.5 f6:1.5 a6:1 | g6:1.5 e6:1.5 c6:1 | c6:1.5 e6:1.5 g6:1 | f6:1.5 d6:1.5 a5:1 |"
        " d6:1.5 f6:1.5 bb6:1 | c7:1.5 g6:1.5 e6:1 | f6:1.5 c6:1.5 a5:1 | c#6:1 e6:1 g6:1 a6:1 |"
    )
    violins = join(
        line("r:4 | r:4 | r:4 | r:2 a4:.25 b4 c#5 d5 e5 f5 g5 g#5 |", 96),
        at(4, line(verse_strings)),
        at(12, line(chorus_strings, 100)),
        at(20, line(verse_strings)),
        at(28, line("d6:1.5 f6:1.5 a6:1 | g6:1.5 e6:1.5 c6:1 | f6:2 c6:2 | c#6:1 e6 g6 a6", 100)),
        at(32, line("bb5:4 | d6:4 | c6:4 | e6:4 | d6:4 | f6:4 | e6:4 | g6:2 a6:2", 88)),
        at(40, line(chorus_strings, 104)),
        at(48, line("d6:3", 108)),
    )
    singer_verse = (
        "r:.5 a4:.5 a4:.5 c5:.5 d5:1 c5:.5 a4:.5 | r:4 | r:.5 b4:.5 b4:.5 d5:.5 f5:1 d5:.5 b4:.5 | r:4 |"
        " r:.5 a4:.5 a4:.5 c5:.5 d5:1 f5:.5 d5:.5 | c5:.5 a4:1.5 r:2 | d5:1 c5:.5 bb4:1 a4:.5 f4:1 | e4:2 r:2 |"
    )
    singer_chorus = (
        "d5:1 d5:.5 f5:1 d5:.5 c5:1 | e5:1.5 c5:1.5 r:1 | c5:1 c5:.5 e5:1 c5:.5 a4:1 | d5:3 r:1 |"
        " d5:1 d5:.5 f5:1 d5:.5 f5:1 | g5:1.5 e5:1.5 r:1 | f5:1 f5:.5 e5:1 d5:.5 c5:1 | e5:2 c#5:2 |"
    )
    singer = join(
        at(4, line(singer_verse, 94)),
        at(12, line(singer_chorus, 100)),
        at(20, line(singer_verse, 94)),
        at(28, line("d5:1 d5:.5 f5:1 d5:.5 c5:1 | e5:1.5 c5:1.5 r:1 | f5:1 e5 d5 c5 | e5:4", 100)),
        at(40, line(singer_chorus, 104)),
    )
    stab = "r:3.5 a4+d5+f5'!:.5 | r:4 | r:2 b4+d5+g5'!:.5 r:1 b4+d5+g5':.5 | r:4"
    brass = join(
        at(4, loop(line(stab, 100), 2, 4)),
        at(20, loop(line(stab, 100), 2, 4)),
        at(19, line("r:2 a4+c#5':.5 a4+c#5':.5 c#5+e5:1", 104)),
        at(39, line("a4+c#5+e5':.5 r:.5 a4+c#5+e5':.5 r:.5 c#5+e5+g5:2", 108)),
        at(40, line(
            "r:3 f4+bb4+d5':.5 r:.5 | r:3 g4+c5+e5':.5 r:.5 | r:3 g4+c5+e5':.5 r:.5 | f4+a4+d5:2 r:2 |"
            "r:3 f4+bb4+d5':.5 r:.5 | r:3 g4+c5+e5':.5 r:.5 | a4+c5+f5:2 r:2 | g4+c#5+e5:4 |", 104)),
        at(48, line("a4+d5+f5+a5:2", 112)),
    )
    return Song(
        name="disco",
        title="Mirror Room",
        genre="disco",
        listen_for=(
            "The kick sounds on every beat, an open hi-hat between the beats, the bass jumps in "
            "octaves, and strings run up into every phrase."
        ),
        tempo=120,
        bars=48,
        sections=((0, "intro"), (4, "verse"), (12, "chorus"), (20, "verse"), (28, "chorus"), (32, "break"), (40, "chorus")),
        parts=(
            Part("drums", Fluid(0, 128), drums, 4, 0, 0.06, (compress(-8, 3, 6, 80), peak(60, 3)), timing_ms=3),
            Part("percussion", Fluid(0, 128), percussion, -8, 0.4, 0.1, timing_ms=6),
            Part("bass", Fluid(33), bass, 2.5, 0, 0.0, (drive(5), compress(-10, 4), peak(900, 3)), timing_ms=4),
            Part("guitar", Fluid(27), guitar, -7, -0.5, 0.05, (highpass(500), chorus(1.5, 0.4, 0.4), peak(3000, 3)), timing_ms=5),
            Part("electric piano", Fluid(4), keys, -7, 0.4, 0.1, (chorus(2, 0.8, 0.5),)),
            Part("violins", Fluid(48), violins, -2.5, -0.2, 0.22, (highpass(300),)),
            Part("violas", Fluid(49), up(-12, violins), -6, 0.3, 0.22, (highpass(250),)),
            Part("brass", Fluid(61), brass, -3, 0.15, 0.15),
            Part("singer", Synth("voice", consonants=0.5, attack_seconds=0.03, sustain=0.8, unison=3, detune_cents=14, vibrato_cents=30), singer, 0.5, 0, 0.2, (echo(0.25, 0.3, 0.15), highpass(200), lowpass(8000))),
        ),
        master=(drive(2, mix=0.4), peak(100, 1.5)),
    )
