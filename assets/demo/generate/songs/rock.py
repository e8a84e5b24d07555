"""Rock in A: overdriven power chords, a big back beat, organ, and a guitar solo that bends."""

from ..effects import amplifier, compress, drive, echo, highpass, lowpass, peak, shelf
from ..notation import at, bars_of, grid, join, line, root, strum
from ..score import Fluid, Note, Notes, Part, Plucked, Song, Synth

VERSE = "A|A|G|D|A|A|G|D"
CHORUS = "D|A|E|G|D|A|G D|A"
SOLO_CHORDS = "F#m|D|A|E|F#m|D|G|E"


def power(symbols: str, pattern: str) -> Notes:
    """Return power chords; a mark "x" rings to the next mark, "o" is a muted stroke."""
    notes = []
    for start, share, symbol in bars_of(symbols):
        low = root(symbol, 40)
        marks = [pattern[(round(start * 4) + s) % len(pattern)] for s in range(round(share * 4))]
        for step, mark in enumerate(marks):
            if mark == ".":
                continue
            end = next((h for h in range(step + 1, len(marks)) if marks[h] != "."), len(marks))
            muted = mark == "o"
            length = 0.22 if muted else (end - step) / 4 * 0.97
            notes += [
                Note(start + step / 4, length, low + s, 54 if muted else 108) for s in (0, 7, 12)
            ]
    return tuple(notes)


def low_riff() -> Notes:
    """Return the two-bar riff of intro and verse."""
    return line(
        "a2+e3:.5 a2+e3:.25 c3:.25 a2:.5 d3+a3:.75 c3:.25 a2:.5 g2:.5 g2:.5 |"
        " a2+e3:.5 a2+e3:.25 c3:.25 a2:.5 e3:.5 d3:.25 c3:.25 a2:.5 g3+d4:1 |", 108
    )  # fmt: skip


def drive_bass(symbols: str) -> Notes:
    """Return the bass in eighths."""
    return tuple(
        Note(start + e / 2, 0.45, root(symbol, 28), 108 if e % 2 == 0 else 98)
        for start, share, symbol in bars_of(symbols)
        for e in range(round(share * 2))
    )


SUNG_VERSE = (
    "r:.5 a4:.5 a4:.5 c5~:.5 c5:.5 a4:.5 g4:1 | a4:1 r:3 | r:.5 b4:.5 b4:.5 d5~:.5 d5:.5 b4:.5 a4:1 | a4:.5 f#4:1.5 r:2 |"
    "r:.5 a4:.5 a4:.5 c5~:.5 e5:.5 c5:.5 a4:1 | a4:1 r:2 g4:.5 a4:.5 | b4~:1 d5:1 b4:.5 a4:.5 g4:1 | f#4:1.5 a4:1 r:1.5 |"
)
SUNG_CHORUS = (
    "d5~:1.5 d5:.5 e5:1 f#5:1 | e5~:2 c#5:1 a4:1 | b4:1.5 b4:.5 e5:1 d5:1 | d5:1 b4:2 r:1 |"
    "d5~:1.5 d5:.5 e5:1 f#5:1 | a5~:2 e5:1 c#5:1 | d5:1 b4:1 a4:1 f#4:1 | a4:3 r:1 |"
)
SOLO = (
    "c#5~~!:1 a4:.5 f#4:.5 a4:.5 b4:.5 c#5~:1 | f#5~~:1.5 e5:.5 d5:.5 c#5:.5 a4:1 | e5~~!:.5 e5~~:.5 e5~~:.5 c#5:.5 b4:.25 a4 f#4 a4 b4:.5 c#5:.5 | b4~:2 g#4:.5 b4:.5 e5:1 |"
    "f#5~~!:1 a5:.5 f#5:.5 e5:.25 c#5 b4 a4 c#5:.5 e5:.5 | f#5:.25 a5 d6 a5 f#5 a5 d6 a5 f#5:.5 e5 d5 f#5 | g5~~:1 b5~:1 d6~~:1.5 b5:.5 | e6~~!:2 d6:.25 b5 g#5 e5 d5 b4 g#4 e4 |"
)


def compose() -> Song:
    """Return the song."""
    back = {"kick": "X.....x.X.x.....", "snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.x."}
    wide = {"kick": "X.....x.X.x...x.", "snare": "....X.......X...", "open": "o...o...o...o...", "hat": "..o...o...o...o."}
    fill = grid({"snare": "X.xxx.xx........", "high": "........x.x.....", "floor": "............X.X.", "kick": "X...X...X...X..."}, 1)
    crash = grid({"crash": "X..."}, 1, steps=4)
    drums = join(
        at(1, grid({"hat": "x.......x......."}, 1)), at(1.5, grid({"snare": "x.xxX.X."}, 1, steps=8, beats_per_bar=2)),
        at(2, grid(back, 2)),
        at(4, grid(back, 7)), at(11, fill),
        at(12, grid(wide, 7)), at(19, fill),
        at(20, grid(back, 7)), at(27, fill),
        at(28, grid(wide, 7)), at(35, fill),
        at(36, grid(wide, 7)), at(43, fill),
        at(44, grid(wide, 7)), at(51, grid({"snare": "XxxxXxxxXxxxX...", "kick": "X...X...X...X..."}, 1)),
        *(at(b, crash) for b in (2, 4, 12, 16, 20, 28, 32, 36, 44, 48, 52)),
        at(52, grid({"kick": "X..."}, 1, steps=4)),
    )  # fmt: skip
    chorus_stroke = "x.....x.x...x.x."
    left = join(
        loop_riff(0, 2), at(4, loop_verse()),
        at(12, power(CHORUS, chorus_stroke)), at(20, loop_verse()), at(28, power(CHORUS, chorus_stroke)),
        at(36, power(SOLO_CHORDS, "x.o.o.o.x.o.o.o.")), at(44, power(CHORUS, chorus_stroke)),
        at(52, power("A", "x...............")),
    )  # fmt: skip
    right = join(
        loop_riff(0, 2), at(4, strum(VERSE, "x...........x.x.", 52, length=0.9)),
        at(12, power(CHORUS, chorus_stroke)), at(20, strum(VERSE, "x.....x.....x.x.", 52, length=0.7)),
        at(28, power(CHORUS, chorus_stroke)), at(36, strum(SOLO_CHORDS, "x.....x...x.....", 52, length=1.0)),
        at(44, power(CHORUS, chorus_stroke)), at(52, power("A", "x...............")),
    )  # fmt: skip
    bass = join(
        at(2, drive_bass("A|A")),
        *(at(bar, drive_bass(symbols)) for bar, symbols in ((4, VERSE), (12, CHORUS), (20, VERSE), (28, CHORUS), (36, SOLO_CHORDS), (44, CHORUS))),
        at(52, line("a1:3", 108)),
    )
    organ = join(*(at(bar, strum(symbols, "x...............", 57, length=3.9 if "G D" not in symbols else 1.9)) for bar, symbols in ((12, CHORUS), (28, CHORUS), (36, SOLO_CHORDS), (44, CHORUS))))
    sung = join(at(4, line(SUNG_VERSE, 100)), at(12, line(SUNG_CHORUS, 108)), at(20, line(SUNG_VERSE, 102)), at(28, line(SUNG_CHORUS, 110)), at(44, line(SUNG_CHORUS, 112)))
    backing = tuple(Note(n.beat, n.length, n.pitch - 5 if n.pitch % 12 in (2, 9) else n.pitch - 3, n.velocity - 8) for n in sung if n.pitch > 60 and (48 <= n.beat < 80 or 112 <= n.beat < 144 or n.beat >= 176))
    lead = join(at(36, line(SOLO, 112)), at(44, line("r:3 f#5:.5 a5:.5 | r:4 | r:3 e5:.5 g#5:.5 | b5~~:2 g5:1 d5:1 | r:3 f#5:.5 a5:.5 | r:4 | r:4 | e5~:.5 g5:.5 a5~~:3 |", 100)))
    crunch = (amplifier(22, tight=80, high=4600), peak(250, 2))
    return Song(
        name="rock",
        title="Gravel Road",
        genre="rock",
        listen_for=(
            "A guitar riff opens, snare on two and four, power chords with a crunch that still lets "
            "them ring, eighth notes in the bass, a shouted chorus and a solo with bent strings."
        ),
        tempo=130,
        bars=52,
        reverb_seconds=1.2,
        sections=((0, "riff"), (4, "verse"), (12, "chorus"), (20, "verse"), (28, "chorus"), (36, "guitar solo"), (44, "chorus")),
        parts=(
            Part("drums", Fluid(8, 128), drums, 3.5, 0, 0.14, (drive(4), compress(-10, 4, 8, 90)), timing_ms=5),
            Part("bass", Fluid(34), bass, 2, 0, 0.02, (drive(4), lowpass(2000, 1)), timing_ms=5),
            Part("guitar left", Plucked(4, 0.15, 0.12), left, -4.5, -0.7, 0.08, crunch, timing_ms=8),
            Part("guitar right", Plucked(4, 0.15, 0.18), right, -2.5, 0.7, 0.08, (amplifier(15, tight=80, high=4800), peak(250, 2)), timing_ms=8),
            Part("organ", Fluid(18), organ, -8, 0.3, 0.15, (drive(6), lowpass(4500))),
            Part("voice", Synth("voice", consonants=0.5, attack_seconds=0.025, sustain=0.85, unison=1, vibrato_cents=22), sung, 6, 0, 0.16, (drive(6, bias=0.2), highpass(200), peak(2500, 3), lowpass(7000), echo(0.23, 0.25, 0.12)), timing_ms=12),
            Part("backing voices", Synth("voice", consonants=0.5, attack_seconds=0.03, sustain=0.85, unison=3, detune_cents=16), backing, -2, 0, 0.2, (drive(6), highpass(250)), timing_ms=14),
            Part("lead guitar", Plucked(5, 0.12, 0.15, 40), lead, 3, 0.1, 0.22, (amplifier(34, tight=140, high=5000), echo(0.35, 0.3, 0.22)), timing_ms=10),
        ),
        master=(shelf(1900, -6.5), peak(160, 1.5)),
    )


def loop_riff(bar: int, times: int) -> Notes:
    """Return the riff, repeated."""
    return join(*(at(bar + 2 * time, low_riff()) for time in range(times)))


def loop_verse() -> Notes:
    """Return the verse: the riff, answered by chords."""
    answer = power("G|D", "x..x..x...x.x...")
    return join(*(at(4 * time, join(low_riff(), at(2, answer))) for time in range(2)))
