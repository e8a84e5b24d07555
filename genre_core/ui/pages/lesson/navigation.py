"""From step to step: the row of steps, forwards and backwards, and the link to share."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st
from streamlit.navigation.page import Page

from genre_core.ui.components.arrow_keys import arrow_keys
from genre_core.ui.pages.lesson.parts import widget_key
from genre_core.ui.pages.lesson.state import LessonState
from genre_core.ui.pages.lesson.steps import STEPS

# With the step's name in it, so that the browser takes it for a new script at every step.
_SCROLL_UP = (
    "<script>/* {step} */ document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0);</script>"
)


def step_row(state: LessonState) -> None:
    """Show all steps in one row."""
    key = widget_key("step")
    keys = list(STEPS)
    st.session_state[key] = state.view.step
    st.segmented_control(
        "Steps",
        keys,
        format_func=lambda step: f"{keys.index(step) + 1} {STEPS[step].short}",
        key=key,
        on_change=lambda: state.change(step=st.session_state[key]),
        required=True,
        wrap=True,
        label_visibility="collapsed",
    )


def turn_buttons(state: LessonState, then: Page | None) -> None:
    """Show the buttons to the step before and to the next one; the arrow keys turn too.

    `then` is the page that the last step leads to.
    """
    keys = list(STEPS)
    here = keys.index(state.view.step)
    is_last = here == len(keys) - 1
    with st.container(horizontal=True, horizontal_alignment="distribute", key="lesson_turn_end"):
        st.button(
            f"Back: {STEPS[keys[here - 1]].short}" if here else "Back",
            key="lesson_back_end",
            icon=":material/chevron_left:",
            on_click=state.turn,
            args=(-1,),
            disabled=here == 0,
        )
        if is_last:
            st.button(
                "Begin again",
                key="lesson_again",
                icon=":material/replay:",
                on_click=state.turn,
                args=(-here,),
            )
        else:
            st.button(
                f"Next: {STEPS[keys[here + 1]].short}",
                key="lesson_next_end",
                icon=":material/chevron_right:",
                icon_position="right",
                type="primary",
                on_click=state.turn,
                args=(1,),
            )
    if is_last and then is not None:
        _what_now(then)
    arrow_keys(
        "lesson_arrows",
        lambda: state.turn(-1) if here else None,
        lambda: None if is_last else state.turn(1),
    )


def _what_now(then: Page) -> None:
    """Offer something to do after the last step."""
    with st.container(border=True, key="lesson_end"):
        st.markdown("**That is all of it. Now try it yourself:**")
        st.page_link(then, label="Drop a song of your own", icon=":material/upload_file:")
        st.page_link(
            then,
            label="Guess the genre of a song before the network says it",
            icon=":material/quiz:",
            query_params={"guess": "1"},
        )


def scroll_up(state: LessonState) -> None:
    """Go to the top of the page where another step was opened from its end."""
    if state.to_top:
        state.to_top = False
        st.html(_SCROLL_UP.format(step=state.view.step), unsafe_allow_javascript=True)


def link(query: dict[str, str], is_own_song: bool) -> None:
    """Offer the address of this step with its settings."""
    parts = urlsplit(st.context.url or "")
    address = urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
    with st.popover("Link to this step", icon=":material/link:"):
        st.markdown("Opens this step with these settings, for a class or for later:")
        st.code(address, language=None, wrap_lines=True)
        if is_own_song:
            st.caption("Your own song does not travel with the link: a demo song opens instead.")
