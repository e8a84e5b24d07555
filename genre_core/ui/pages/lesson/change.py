"""Step 9: the sound changed on purpose."""

from genre_core.audio.perturbations import TELEPHONE_HZ
from genre_core.ui.components.sound_lab.panel import sound_lab
from genre_core.ui.pages.lesson.context import Lesson
from genre_core.ui.pages.lesson.parts import Step, formula, frame_choice, question, say


def _show(lesson: Lesson) -> None:
    analysis = lesson.analysis()
    _, beside = say(
        "What does the network listen to? **Change the sound** of a frame and look: where the "
        "scores move, what you took away mattered; where they stay, it did not. Try to turn this "
        "frame into another genre."
    )
    with beside:
        span = frame_choice(lesson, analysis.frames.spans)
    sound_lab(
        "lesson_lab",
        lesson.song.digest,
        lesson.view.frame_settings,
        analysis,
        span.index,
        lesson.view.sound_changes,
        lambda changes: lesson.state.change(sound_changes=changes),
    )
    question(
        "You still know the song through a telephone. Why may the network call it another genre?",
        f"A telephone keeps {TELEPHONE_HZ[0]:.0f} to {TELEPHONE_HZ[1]:,.0f} Hz: the bass drum and "
        "the hiss of the cymbals are gone. You know from experience what is missing and fill it "
        "in. The network sees only a picture with dark bands at the bottom and at the top. If "
        "few songs of its training set look like that, it guesses. Networks get "
        "tougher when they are trained on changed songs too.",
    )
    formula(
        r"\tilde x = \mathrm{STFT}^{-1}\bigl(M \odot \mathrm{STFT}(x)\bigr)",
        "$x$ is the sound of the frame, $M$ a mask: 0 where a box or a band is taken out, 1 "
        "elsewhere. The overlapping windows add up to sound again. Griffin and Lim (1984): Signal "
        "estimation from modified short-time Fourier transform.",
    )


STEP = Step("change", "Change", "Change the sound", _show)
