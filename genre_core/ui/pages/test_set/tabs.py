"""What there is besides the matrices, a tab each; only the open one is computed."""

import streamlit as st

from genre_core.evaluation.score_set import ScoreSet
from genre_core.ui.pages.test_set.averaging import averaging
from genre_core.ui.pages.test_set.confidence import confidence
from genre_core.ui.pages.test_set.exports import exports
from genre_core.ui.pages.test_set.genres import per_genre
from genre_core.ui.pages.test_set.limits import limits
from genre_core.ui.pages.test_set.link import Tab
from genre_core.ui.pages.test_set.results import Library, Result
from genre_core.ui.pages.test_set.song_list import song_list
from genre_core.ui.pages.test_set.state import ScoresState

_KEY = "ts_tab"
NAMES: dict[Tab, str] = {
    "songs": "Songs",
    "averaging": "Averaging",
    "sure": "How sure",
    "genres": "By genre",
    "limits": "Data and limits",
    "files": "Files",
}


def tabs(
    state: ScoresState,
    library: Library,
    result: Result,
    whole: ScoreSet,
    order: list[int],
    lists_songs: bool,
) -> None:
    """Show the tabs.

    Parameters
    ----------
    order : of the genres in the matrices
    lists_songs : whether there is a tab for all songs; a test set of one's own has them on top
    """
    view = state.view
    names = {tab: name for tab, name in NAMES.items() if tab != "songs" or lists_songs}
    tab = view.tab if view.tab in names else next(iter(names))
    st.session_state[_KEY] = names[tab]
    shown = st.tabs(
        list(names.values()),
        key=_KEY,
        on_change=lambda: state.show_tab(_tab_named(st.session_state[_KEY])),
    )
    with shown[list(names).index(tab)], st.container(key=f"ts_tab_{tab}"):
        match tab:
            case "songs":
                song_list(state, result)
            case "averaging":
                averaging(state, library, result, order)
            case "sure":
                confidence(view, result)
            case "genres":
                per_genre(result)
            case "limits":
                limits(library, view, result, whole)
            case "files":
                exports(view, result, whole)


def _tab_named(name: str) -> Tab:
    return next(tab for tab, each in NAMES.items() if each == name)
