"""Asks for the next step of long work as soon as the browser has shown the last one.

The browser keeps time: work whose page is left stops, and a hidden tab does not slow it down.
"""

from collections.abc import Callable

import streamlit as st

STEP_SECONDS = 0.5  # of work between two looks at the page
_TURN_KEY = "next_step_turn"

_component = st.components.v2.component(
    "genre_core.next_step",
    html="<i hidden></i>",
    js="export default ({ data, setTriggerValue }) => setTriggerValue('step', data.turn);",
)


def next_step(key: str, on_step: Callable[[], None]) -> None:
    """Call `on_step` soon, and then run the fragment that this stands in."""
    turn = st.session_state.get(_TURN_KEY, 0) + 1  # new data, else the script is not run again
    st.session_state[_TURN_KEY] = turn
    _component(key=key, data={"turn": turn}, on_step_change=on_step)
