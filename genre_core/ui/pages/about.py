"""The page "About": what the app does, what it cannot do, and what it does with a song."""

import streamlit as st

from genre_core.errors import GenreError
from genre_core.ui import page_state, services
from genre_core.ui.components import style
from genre_core.ui.components.text import as_markdown
from genre_core.ui.words import PRIVACY


def page() -> None:
    """Show the page."""
    page_state.enter("about")
    style.apply()
    st.title("About this recognizer", anchor=False)
    try:
        network = services.recognizer()
    except GenreError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    info, frames, features = network.info, network.frame_settings, network.features
    st.markdown(
        f"""
## What it does
1. A song becomes mono sound at {features.sample_rate:,} samples a second.
2. {frames.trim_seconds:g} seconds are cut from both ends, the rest is cut into **frames** of
   {frames.frame_seconds:g} seconds.
3. Each frame becomes a **mel-spectrogram**: {features.n_mels} bands of pitch over time, in
   decibels.
4. A convolutional recurrent neural network gives each frame a **score** for every genre.
5. The frames’ scores are combined into the song’s **verdict**.

## What to make of a verdict
Genres have no sharp borders, and people agree on them only in part. The network that comes with
this app learnt from a small collection with ten labels, of popular music up to about the year
2000, and from some later hip hop, pop, reggae and rock. Any network must put every song under one
of its labels, even where none fits; where a song is unlike all that the network has learnt from,
the page says so. A confidence is what the network says of itself, not a promise; where the frames
disagree, the frames are the better answer.

## Your songs
{PRIVACY}

## After
Jiménez and José, music genre recognition by a convolutional recurrent network over the frames of a
song; Choi, Fazekas, Sandler and Cho (2017), *Convolutional recurrent neural networks for music
classification*, ICASSP.
"""
    )
    st.caption(
        f"Network: {as_markdown(info.name)}, content hash {info.sha256[:12]}; "
        f"genres: {as_markdown(', '.join(info.genres))}."
    )
