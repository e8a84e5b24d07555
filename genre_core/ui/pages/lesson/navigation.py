"""From step to step: the row of steps, forwards and backwards, and the link to share."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

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


def turn_buttons(state: LessonState, place: str) -> None:
    """Show the buttons to the step before and to the next one."""
    keys = list(STEPS)
    here = keys.index(state.view.step)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", key=f"lesson_turn_{place}"
    ):
        st.button(
            f"Back: {STEPS[keys[here - 1]].short}" if here else "Back",
            key=f"lesson_back_{place}",
            icon=":material/chevron_left:",
            on_click=state.turn,
            args=(-1,),
            disabled=here == 0,
        )
        last = here == len(keys) - 1
        st.button(
            "Next" if last else f"Next: {STEPS[keys[here + 1]].short}",
            key=f"lesson_next_{place}",
            icon=":material/chevron_right:",
            icon_position="right",
            type="primary",
            on_click=state.turn,
            args=(1,),
            disabled=last,
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
