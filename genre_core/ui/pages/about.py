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
1. It skips {frames.trim_seconds:g} seconds at both ends of a song, and cuts the rest into
   **frames** of {frames.frame_seconds:g} seconds.
2. It turns each frame into a picture of its sound, a **mel-spectrogram**: {features.n_mels} bands
   from low to high, over time.
3. A neural network looks at each picture and gives every genre a **score**.
4. The scores of all frames together make the **verdict**.

The page “How it works” shows each step on a song of yours.

## What to make of a verdict
Genres have no sharp borders: people agree on them only in part. The network that comes with this
app learnt ten genres from a small collection of popular music up to about 2000, and from some later
hip hop, pop, reggae and rock. It must choose one of them, even where none fits. Where a song is
unlike all that it learnt from, the page says so. How often it is right when it is so sure was
measured on songs that it did not learn from.

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
