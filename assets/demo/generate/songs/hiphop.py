"""Boom-bap hip-hop in E minor: chopped electric piano, hard drums, sub bass, a rapped rhythm."""

from ..effects import compress, drive, echo, highpass, lowpass, peak, shelf, tremolo, vinyl
from ..notation import at, grid, join, line, loop
from ..score import Fluid, Note, Part, Song, Spoken, Synth

# The rap: each line is a bar, a word to a slot of a sixteenth; "." is a rest, "~" holds the word.
VERSE_ONE = """
    step ~ to the corner ~ with a tape ~ in my hand ~ . .
    drum ~ on the wall ~ and a bass ~ for the band ~ . .
    two ~ bars ~ go round ~ and they never ~ get old ~ .
    snare ~ on the two ~ and the four ~ ice cold ~ . .
    cut ~ up a chord ~ from a keyboard ~ loop ~ . . .
    kick ~ in the dust ~ and the sub ~ makes it stoop ~ .
    talk ~ on the beat ~ not a tune ~ to be found ~ .
    words ~ are the drum ~ when the tape ~ goes round ~ .
"""
VERSE_TWO = """
    ten ~ little ~ names ~ on a card ~ by the door ~ .
    which ~ one am I ~ well you heard ~ me before ~ .
    not ~ for the dance ~ and not ~ for the choir ~ . .
    not ~ for the twang ~ or the amps ~ on fire ~ . .
    cut ~ it in frames ~ and count ~ every ~ one ~ .
    vote ~ on it twice ~ till the counting ~ is done ~ .
    records ~ that crack ~ and a beat ~ that drags ~ . .
    late ~ on the snare ~ in the paper ~ bags ~ . . .
"""
VERSE_THREE = """
    rain ~ on the roof ~ of the late ~ night bus ~ . .
    headphones ~ on and it's nobody ~ but us ~ . .
    loop ~ that I found ~ in a shop ~ for a pound ~ .
    now ~ it's a house ~ with a cellar ~ of sound ~ .
    step ~ to the corner ~ with a tape ~ in my hand ~ . .
    drum ~ on the wall ~ and a bass ~ for the band ~ . .
    talk ~ on the beat ~ not a tune ~ to be found ~ .
    words ~ are the drum ~ when the tape ~ goes round ~ .
"""
SHOUTS = """
    . . . . corner ~ tape ~ . . . . hey ~ . .
    . . . . round ~ and round ~ . . . hey ~ . .
"""


def rap(text: str) -> tuple[tuple[Note, ...], tuple[str, ...]]:
    """Return the notes of a rapped text and their words."""
    notes: list[Note] = []
    words: list[str] = []
    for bar, row in enumerate(text.strip().splitlines()):
        slots = row.split()
        if len(slots) > 16:
            raise ValueError(f"{len(slots)} slots, not 16: {row.strip()!r}")
        for step, slot in enumerate(slots):
            if slot not in ".~":
                n_steps = 2 if slots[step + 1 : step + 2] == ["~"] else 1
                loud = 108 if step % 4 == 0 else 96
                notes.append(Note(bar * 4 + step / 4, n_steps / 4, 60, loud))
                words.append(slot)
    return tuple(notes), tuple(words)


def compose() -> Song:
    """Return the song."""
    break_one = {"kick": "X..x......x.....|X......x..xx....", "snare": "....X.......X..-|....X..-.-..X...", "hat": "x.o.x.o.x.o.x.oo"}
    drums = join(
        at(2, grid(break_one, 16)),
        at(19, grid(break_one, 9)),
        at(30, grid(break_one, 6)),
        *(at(b, grid({"open": "..............x."}, 1)) for b in (5, 9, 13, 17, 21, 25, 33)),
        at(28, grid({"kick": "X..x......x.....", "hat": "x.o.x.o.x.o.x.oo"}, 1)),
        at(36, grid({"kick": "X..."}, 1, steps=4)),
    )
    claps = at(10, grid({"clap": "....x.......x..."}, 4))
    claps = join(claps, at(22, grid({"clap": "....x.......x..."}, 4)))
    chop = "e4+g4+b4+d5:.75 r:.25 e4+g4+b4+d5':.5 r:.5 f#4+a4+d5+e5:.5 g4+b4+e5:.75 r:.75 | c4+e4+g4+b4:1 r:.5 c4+e4+g4+b4':.5 b3+d4+f#4+a4:1 r:1 |"
    bridge = "a3+c4+e4+g4:1.5 r:.5 b3+d4+f#4+a4:1.5 r:.5 | c4+e4+g4+b4:1.5 r:.5 b3+d#4+f#4+a4:1.5 r:.5 |"
    keys = join(
        loop(line(chop, 92), 9, 2),
        at(18, loop(line(bridge, 92), 4, 2)),
        at(26, loop(line(chop, 92), 5, 2)),
        at(36, line("e4+g4+b4+d5:3", 90)),
    )
    bass = join(
        at(2, loop(line("e1:.75 e1:.5 r:1.25 e1:.5 g1:.75 r:.25 | c2:1 r:.75 c2:.25 b1:.75 r:.25 b1:.5 d2:.5 |", 108), 8, 2)),
        at(19, line("c2:2 b1:2 |", 108)),
        at(20, loop(line("a1:1.5 r:.5 b1:1.5 r:.5 | c2:1.5 r:.5 b1:2 |", 108), 3, 2)),
        at(26, loop(line("e1:.75 e1:.5 r:1.25 e1:.5 g1:.75 r:.25 | c2:1 r:.75 c2:.25 b1:.75 r:.25 b1:.5 d2:.5 |", 108), 5, 2)),
        at(36, line("e1:3", 108)),
    )
    horn = "r:2 b4:.25 d5:.25 e5~:1.5 | r:4 | r:2 b4:.25 d5:.25 f#5~:.5 e5:1 | r:4 |"
    horns = join(
        at(10, line(horn, 90)),
        at(22, line(horn, 90)),
    )
    hook = "r:1 g4:.5 g4:.5 b4:.5 a4:.5 g4:1 | e4:1.5 r:2.5 | r:1 g4:.5 g4:.5 b4:.5 d5:.5 b4:1 | a4:1.5 r:2.5 |"
    sung = join(at(10, line(hook, 90)), at(22, line(hook, 90)))
    scratch = at(
        10,
        tuple(
            Note(bar * 4 + 2 + step / 4, 0.2, 62 + 5 * (step % 2), 104, 14.0)
            for bar in (1, 3, 13, 15, 24, 25)
            for step in (0, 1, 2, 4, 5, 6, 7)
        ),
    )
    placed = [(2, rap(VERSE_ONE)), (14, rap(VERSE_TWO)), (26, rap(VERSE_THREE))]
    rapped = join(*(at(bar, notes) for bar, (notes, _) in placed))
    words = tuple(word for _, (_, spoken) in placed for word in spoken)
    shout_notes, shout_words = rap(SHOUTS)
    shouts = join(*(at(bar, shout_notes) for bar in (10, 12, 22, 24)))
    return Song(
        name="hiphop",
        title="Corner Tape",
        genre="hiphop",
        listen_for=(
            "A hard kick and snare (boom-bap) with lazy, swung sixteenths, a two-bar loop that never "
            "changes, very deep bass, record crackle, and a voice that speaks in rhythm."
        ),
        tempo=90,
        bars=36,
        swing=0.58,
        swing_unit=0.5,
        reverb_seconds=0.8,
        sections=((0, "intro"), (2, "verse"), (10, "hook"), (14, "verse"), (22, "hook"), (26, "verse"), (34, "outro")),
        parts=(
            Part("drums", Fluid(16, 128), drums, 6.5, 0, 0.03, (drive(2), compress(-10, 3, 20, 90), peak(70, 3), peak(5000, 3)), timing_ms=3),
            Part("claps", Fluid(25, 128), claps, -2, 0, 0.08, timing_ms=6),
            Part("electric piano", Fluid(4), keys, -5, -0.1, 0.08, (tremolo(4.2, 0.15), lowpass(2800, 2), drive(4), vinyl(0.03)), timing_ms=7, late_ms=10),
            Part("sub bass", Synth("sine", attack_seconds=0.006, decay_seconds=1.2, sustain=0.55, unison=1, drop_semitones=7), bass, 4, 0, 0, (drive(8), peak(150, 5, 0.8), lowpass(400, 1)), timing_ms=4, late_ms=6),
            Part("horn sample", Fluid(56), horns, -6, 0.3, 0.25, (highpass(400), lowpass(3200), drive(4), echo(0.5, 0.4, 0.3))),
            Part("scratches", Synth("voice", 2500, 0.004, 0.1, 0.6, 0.02, 1, consonants=2.0), scratch, -2, 0.2, 0.05, (highpass(500), drive(8)), timing_ms=4),
            Part("hook", Fluid(53), sung, -6, 0, 0.2, (highpass(250),)),
            Part("voice", Spoken(words, "en-us+m7", 22), rapped, 10, 0, 0.05, (highpass(110), peak(180, 3), compress(-14, 5, 4, 60), drive(5)), timing_ms=6, late_ms=8, velocity_spread=3),
            Part("shouts", Spoken(shout_words * 4, "en-us+m3", 40), shouts, 2, 0, 0.15, (highpass(200), compress(-14, 5, 4, 60), drive(6), echo(0.5, 0.3, 0.2)), timing_ms=6, late_ms=8),
        ),
        master=(peak(160, 3), peak(400, -3), shelf(3000, 2), drive(2, mix=0.5)),
    )
