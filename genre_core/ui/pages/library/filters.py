"""Which songs are shown."""

import streamlit as st

from genre_core.library.store import LibraryStore
from genre_core.ui.pages.library.link import SHOWN
from genre_core.ui.pages.library.state import LibraryState


def filters(state: LibraryState, genres: tuple[str, ...], years: tuple[int, int] | None) -> None:
    """Show the search and the filters; `years` are the first and the last of the library."""
    view = state.view
    st.session_state.update(
        {
            "library_text": view.text,
            "library_genres": list(view.genres),
            "library_shown": view.shown,
        }
    )

    def set_from(key: str, field: str) -> None:
        value = st.session_state[key]
        state.choose(**{field: tuple(value) if isinstance(value, list) else value})

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            "Search",
            key="library_text",
            placeholder="artist, title, album or path",
            icon=":material/search:",
            max_chars=200,
            on_change=set_from,
            args=("library_text", "text"),
            width=235,
        )
        st.multiselect(
            "Genres by verdict",
            genres,
            key="library_genres",
            placeholder="all",
            on_change=set_from,
            args=("library_genres", "genres"),
            width=235,
        )
        st.selectbox(
            "Show",
            list(SHOWN),
            format_func=SHOWN.__getitem__,
            key="library_shown",
            on_change=set_from,
            args=("library_shown", "shown"),
            width=235,
        )
        n = view.n_filters
        with st.popover(f"More filters ({n})" if n else "More filters", icon=":material/tune:"):
            _more(state, years)
        if view.songs != type(view)().songs:
            st.button(
                "Show all",
                key="library_all",
                icon=":material/close:",
                type="tertiary",
                on_click=state.show_all,
            )


def _more(state: LibraryState, years: tuple[int, int] | None) -> None:
    for name, title, explained in (
        ("confidence", "Confidence (%)", "How sure the network is: the score of the verdict."),
        ("disagreement", "Disagreement (%)", "How much of the song is called another genre."),
    ):
        _range(state, name, title, (0, 100), (0, 100), explained)
    if years is not None and years[0] < years[1]:
        _range(
            state, "year", "Year", years, (None, None), "Songs without a year are then left out."
        )


def _range(
    state: LibraryState,
    name: str,
    title: str,
    ends: tuple[int, int],
    unset: tuple[int | None, int | None],
    explained: str,
) -> None:
    key = f"library_{name}"
    low, high = getattr(state.view, f"min_{name}"), getattr(state.view, f"max_{name}")
    low = ends[0] if low is None else min(max(low, ends[0]), ends[1])
    high = ends[1] if high is None else min(max(high, low), ends[1])
    st.session_state[key] = (low, high)

    def changed() -> None:
        first, last = st.session_state[key]
        state.choose(
            **{
                f"min_{name}": first if first > ends[0] else unset[0],
                f"max_{name}": last if last < ends[1] else unset[1],
            }
        )

    st.slider(title, *ends, key=key, on_change=changed, help=explained)


def year_range(store: LibraryStore) -> tuple[int, int] | None:
    """Return the first and the last year of a library's songs; None if no song has one."""
    years = store.genre_counts_by_year()
    return (min(years), max(years)) if years else None
