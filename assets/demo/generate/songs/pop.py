"""Dance pop in A: I-V-vi-IV, gated synthesisers, a bright doubled voice, a big chorus."""

from ..effects import chorus, compress, drive, echo, highpass, lowpass, peak, shelf
from ..notation import at, bars_of, chord, grid, join, line, root, strum, up
from ..score import Fluid, Note, Notes, Part, Song, Synth

VERSE = "F#m|D|A|E|F#m|D|A|E"
BUILD = "Bm7|Bm7|D|E"
CHORUS = "A|E|F#m|D|A|E|F#m|D"
OUTRO = "A|E|F#m|D"


def pulse(symbols: str) -> Notes:
    """Return the bass: eighths on the root, pushed at the end of the bar."""
    return tuple(
        Note(start + eighth / 2, 0.42, root(symbol, 33), 106 if eighth % 2 == 0 else 94)
        for start, share, symbol in bars_of(symbols)
        for eighth in range(round(share * 2))
    )


def arpeggio(symbols: str) -> Notes:
    """Return a sixteenth-note figure through each chord."""
    order = (0, 2, 1, 3, 2, 4, 3, 1, 0, 2, 1, 3, 4, 3, 2, 1)
    notes = []
    for start, share, symbol in bars_of(symbols):
        low = chord(symbol, 69)
        tones = (*low, low[0] + 12, low[1] + 12)
        for step in range(round(share * 4)):
            notes.append(Note(start + step / 4, 0.2, tones[order[step % 16]], 92 if step % 4 == 0 else 74))
    return tuple(notes)


SUNG_VERSE = (
    "r:.5 c#5:.5 c#5:.5 c#5:.5 b4:.5 a4:.5 f#4:.5 a4:.5 | a4:1 r:1 r:.5 f#4:.5 a4:.5 b4:.5 | c#5:.5 c#5:.5 b4:.5 a4:1 e4:.5 a4:.5 b4:.5 | b4:1.5 g#4:.5 r:2 |"
    "r:.5 c#5:.5 c#5:.5 c#5:.5 e5:.5 c#5:.5 b4:.5 a4:.5 | a4:1 r:1 r:.5 f#4:.5 a4:.5 b4:.5 | c#5:.5 c#5:.5 b4:.5 a4:1 e5:.5 c#5:.5 a4:.5 | b4:2.5 r:1.5 |"
)
SUNG_BUILD = "d5:1 d5:.5 c#5:.5 b4:1 f#4:1 | d5:1 d5:.5 e5:.5 d5:1 c#5:1 | d5:1 f#5:1 e5:1 d5:1 | e5:2.5 c#5:.5 d5:.5 e5:.5 |"
SUNG_CHORUS = (
    "e5~:1 e5:.5 c#5:1 e5:.5 f#5:.5 e5:.5 | e5:1 b4:1.5 b4:.5 c#5:.5 d5:.5 | c#5~:1 c#5:.5 a4:1 c#5:.5 d5:.5 c#5:.5 | a4:1.5 f#4:.5 r:.5 c#5:.5 d5:.5 e5:.5 |"
    "e5~:1 e5:.5 c#5:1 e5:.5 a5:.5 f#5:.5 | e5:1 b4:1.5 b4:.5 c#5:.5 d5:.5 | c#5~:1 c#5:.5 e5:1 c#5:.5 b4:.5 a4:.5 | a4:2.5 r:1.5 |"
)


def compose() -> Song:
    """Return the song."""
    verse_beat = {"kick": "X.....x.x.......", "snare": "....X.......X...", "clap": "....x.......x...", "hat": "x.x.x.x.x.x.x.xo"}
    chorus_beat = {"kick": "X...X...X...X...", "snare": "....X.......X...", "clap": "....X.......X...", "open": "..x...x...x...x.", "hat": "x.oxx.oxx.oxx.ox", "shaker": "o-o-o-o-o-o-o-o-"}
    roll = grid({"snare": "x...x...x.x.xxxx", "kick": "X...X...X...X..."}, 1)
    crash = grid({"crash": "X..."}, 1, steps=4)
    drums = join(
        at(2, grid({"hat": "x.x.x.x.x.x.x.xo", "kick": "X...X...X...X..."}, 2)),
        at(4, grid(verse_beat, 8)),
        at(12, grid({"kick": "X...X...X...X...", "clap": "....x.......x..."}, 3)), at(15, roll),
        at(16, grid(chorus_beat, 8)),
        at(24, grid(verse_beat, 7)), at(31, roll),
        at(32, grid(chorus_beat, 11)),
        at(43, roll),
        *(at(b, crash) for b in (4, 16, 20, 32, 36, 40, 44)),
        at(44, grid({"kick": "X..."}, 1, steps=4)),
    )  # fmt: skip
    form = ((4, VERSE), (12, BUILD), (16, CHORUS), (24, VERSE), (32, CHORUS), (40, OUTRO))
    full = ((16, CHORUS), (32, CHORUS), (40, OUTRO))
    bass = join(*(at(bar, pulse(symbols)) for bar, symbols in form), at(44, line("a1:3", 106)))
    pads = join(
        *(at(bar, strum(symbols, "x...............", 57, length=3.9)) for bar, symbols in ((0, OUTRO), *form)),
        at(44, strum("A", "x...............", 57, length=3)),
    )
    stabs = join(*(at(bar, strum(symbols, "x..x..x..x..x.x.", 64, length=0.22)) for bar, symbols in full))
    plucks = join(*(at(bar, arpeggio(symbols)) for bar, symbols in ((0, OUTRO), (4, VERSE), *full)))
    guitar = join(*(at(bar, strum(symbols, "..x...x...x..xx.", 62, length=0.15)) for bar, symbols in ((24, VERSE), (4, VERSE))))
    piano = join(*(at(bar, strum(symbols, "x...x...x...x...", 60, length=0.8)) for bar, symbols in ((12, BUILD), *full)))
    hook = "e5:.75 f#5:.75 a5:.5 b5:.75 a5:.75 f#5:.5 | e5:.75 g#5:.75 b5:.5 e6:1 b5:1 | c#6:.75 b5:.75 a5:.5 f#5:.75 a5:.75 c#6:.5 | d6:1 c#6:1 a5:1 f#5:1 |"
    lead = join(at(0, line(hook, 92)), at(40, line(hook, 100)), at(36, line(hook, 84)), at(44, line("a5:3", 96)))
    sung = join(
        at(4, line(SUNG_VERSE, 94)), at(12, line(SUNG_BUILD, 98)), at(16, line(SUNG_CHORUS, 106)),
        at(24, line(SUNG_VERSE, 96)), at(32, line(SUNG_CHORUS, 108)),
        at(40, line("r:2.5 c#5:.5 d5:.5 e5:.5 | e5:1 b4:3 | r:2.5 e5:.5 c#5:.5 b4:.5 | a4:4", 98)),
    )  # fmt: skip
    chorus_only = tuple(n for n in sung if 64 <= n.beat < 96 or n.beat >= 128)
    thirds = {9: 4, 11: 3, 1: 3, 2: 4, 4: 4, 6: 3, 8: 3}
    above = tuple(Note(n.beat, n.length, n.pitch + thirds[n.pitch % 12], n.velocity - 8, n.scoop) for n in chorus_only)
    return Song(
        name="pop",
        title="Paper Lanterns",
        genre="pop",
        listen_for=(
            "Four chords go round (A, E, F sharp minor, D), the verse is thin, the build-up rolls, and "
            "the chorus comes back with everything: stacked voices, synthesisers and claps."
        ),
        tempo=110,
        bars=44,
        reverb_seconds=1.5,
        sections=((0, "intro"), (4, "verse"), (12, "build-up"), (16, "chorus"), (24, "verse"), (32, "chorus"), (40, "ending")),
        parts=(
            Part("drums", Fluid(16, 128), drums, 3.5, 0, 0.06, (drive(5), compress(-10, 4, 8, 70), peak(65, 3)), timing_ms=1.5, velocity_spread=3),
            Part("bass", Synth("saw", 500, 0.005, 0.25, 0.6, 0.05, 2, 6), bass, 2, 0, 0, (lowpass(1800, 1), drive(4)), timing_ms=1.5),
            Part("pads", Synth("saw", 1500, 0.25, 1.5, 0.8, 0.3, 5, 14), pads, -6, 0, 0.25, (highpass(200), chorus(3, 0.4, 0.5))),
            Part("stabs", Synth("saw", 3500, 0.005, 0.2, 0.3, 0.08, 5, 16), stabs, -4, 0, 0.15, (highpass(250),), timing_ms=2),
            Part("plucks", Synth("square", 3000, 0.004, 0.12, 0.1, 0.05, 1), plucks, -8, 0.3, 0.2, (echo(60 / 110 * 0.75, 0.35, 0.3), highpass(400)), timing_ms=2),
            Part("guitar", Fluid(27), guitar, -8, -0.45, 0.1, (highpass(400), chorus(1.5, 0.5, 0.4))),
            Part("piano", Fluid(1), piano, -6, -0.25, 0.12, (highpass(250), peak(3000, 3))),
            Part("lead", Synth("saw", 4000, 0.01, 0.4, 0.5, 0.1, 3, 10), lead, -4, 0.1, 0.2, (echo(60 / 110 * 0.5, 0.3, 0.25),), timing_ms=2),
            Part("voice", Synth("voice", consonants=0.5, attack_seconds=0.025, sustain=0.85, unison=3, detune_cents=12, vibrato_cents=22), sung, 3.5, 0, 0.18, (highpass(180), peak(3000, 4), shelf(6000, 4), compress(-12, 4, 5, 90), echo(60 / 110 * 0.5, 0.25, 0.14)), timing_ms=8),
            Part("voice above", Synth("voice", consonants=0.5, attack_seconds=0.03, sustain=0.85, unison=3, detune_cents=18, vibrato_cents=18), above, -2.5, 0, 0.22, (highpass(250), peak(3000, 3)), timing_ms=10),
            Part("choir", Fluid(52), up(-12, chorus_only), -6, 0, 0.25, (highpass(200),)),
        ),
        master=(drive(2, mix=0.4), shelf(5000, 2.5)),
    )
