"""Two networks on one song: their frames under one another, and where they disagree."""

import streamlit as st

from genre_core.inference.analysis import SongAnalysis
from genre_core.ui import models, services, session
from genre_core.ui.components.model_choice import how_to_add, label, model_choice, model_upload
from genre_core.ui.components.song_choice import OWN, song_choice, song_labels
from genre_core.ui.components.verdict_card import cancellable
from genre_core.ui.models import ModelSource
from genre_core.ui.pages.networks.pair import pair_of, show_pair
from genre_core.ui.pages.networks.stored import compare_stored
from genre_core.ui.songs import Song, default_demo, demo_songs

_SONG_KEY = "networks_song"
_MODEL_KEYS = ("networks_first", "networks_second")
_CANCELLED_KEY = "networks_cancelled"  # key of the comparison that was cancelled


def compare() -> None:
    """Show the choice of two networks and a song, and the scores of both."""
    offered = models.model_choice().offered()
    if len(offered) < 2:
        compare_stored()
        with st.expander("Compare another network on any song", icon=":material/add:"):
            st.markdown(how_to_add())
        model_upload(_compare_with)
        return
    with st.grid(2, min_column_width=280):
        sources = [_model(number, offered) for number in range(2)]
        song = _song()
        model_choice("networks_listens")
    model_upload(_compare_with)
    if song is None:
        st.info("There are no demo songs here: first open a song under “Analyse a song”.")
        return
    if sources[0] == sources[1]:
        st.info("Choose two different networks.", icon=":material/compare_arrows:")
        return
    settings = session.current().view.frames
    question = (sources[0].key, sources[1].key, song.digest, settings)
    if st.session_state.get(_CANCELLED_KEY) == question:
        st.button(
            "Compare the two",
            key="networks_again",
            icon=":material/play_arrow:",
            on_click=lambda: st.session_state.pop(_CANCELLED_KEY),
        )
        return
    place, button = st.empty(), st.empty()
    on_step = cancellable(
        place,
        button,
        "networks_cancel",
        lambda: st.session_state.update({_CANCELLED_KEY: question}),
    )

    def analyse(source: ModelSource) -> SongAnalysis:
        return services.analyse(
            song,
            settings,
            lambda what, share: on_step(f"{source.label}: {what}", share),
            source=source,
        )

    first, second = (analyse(source) for source in sources)
    place.empty()
    button.empty()
    names = tuple(source.label for source in sources)
    show_pair(song.name, pair_of(names, (first, second), session.current().view.aggregation))


def _compare_with(uploaded: ModelSource) -> None:
    """Make an uploaded network the second one: it is to be seen at once."""
    st.session_state[_MODEL_KEYS[1]] = uploaded.key


def _model(number: int, offered: dict[str, ModelSource]) -> ModelSource:
    key = _MODEL_KEYS[number]
    keys = list(offered)
    if st.session_state.get(key) not in keys:
        st.session_state[key] = keys[number]
    else:
        st.session_state[key] = st.session_state[
            key
        ]  # else Streamlit drops it while other parts are shown
    chosen = st.selectbox(
        ("First network", "Second network")[number],
        keys,
        format_func=lambda each: label(offered[each]),
        key=key,
    )
    return offered[chosen]


def _song() -> Song | None:
    """Show the choice of the song: the session's own, or a demo song."""
    labels, songs, analysed = song_labels(), demo_songs(), session.current().song
    if not labels:
        return None
    if st.session_state.get(_SONG_KEY) not in labels:
        own = analysed.demo if analysed is not None and analysed.demo in labels else None
        first = default_demo(songs)
        usual = OWN if OWN in labels or first is None else first.key
        st.session_state[_SONG_KEY] = own or usual
    key = song_choice("Song", _SONG_KEY)
    return analysed if key == OWN else songs[key].load()
