"""The steps of the lesson, in the order in which a song goes through them."""

from genre_core.ui.pages.lesson import (
    average,
    change,
    conv,
    decibels,
    frames,
    lyrics,
    mel,
    recurrent,
    scores,
    stft,
    wave,
)

STEPS = {
    step.key: step
    for step in (
        wave.STEP,
        stft.STEP,
        mel.STEP,
        decibels.STEP,
        frames.STEP,
        conv.STEP,
        recurrent.STEP,
        scores.STEP,
        change.STEP,
        average.STEP,
        lyrics.STEP,
    )
}
