"""Long work in steps, each in a run of its fragment; what is clicked meanwhile comes between."""

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

STEP_SECONDS = 0.5  # of work between two looks at the page
_TURN_KEY = "next_step_turn"

# Asks for a run of the fragment. Streamlit's page sends what happens at almost the same time in one
# message, for the first one's fragment: a click in another would change nothing that is seen. So
# this asks when the page is idle, apart from others, and again where it had no answer. Nor does it
# ask on the way to another page: the question would call back to this one.
SCRIPT = """
const APART_MS = 50, PATIENCE_MS = 3000;
let next = 0, stayed = 0;  // when one may ask
const leave = () => { stayed = performance.now() + PATIENCE_MS; };
addEventListener("click", (event) => { if (event.target.closest?.("a")) leave(); }, true);
addEventListener("popstate", leave);
export default ({ data, parentElement, setTriggerValue }) => {
    const ask = () => { if (performance.now() >= stayed) setTriggerValue("run", data.turn); };
    const askWhenIdle = () =>
        document.hidden || !window.requestIdleCallback ? ask() : requestIdleCallback(ask);
    const now = performance.now();
    const wait = Math.max(0, next - now);
    next = now + wait + APART_MS;
    clearInterval(parentElement.again);
    const first = setTimeout(askWhenIdle, wait);
    const again = parentElement.again = setInterval(askWhenIdle, PATIENCE_MS);
    return () => { clearTimeout(first); clearInterval(again); };
};
"""
_component = st.components.v2.component("genre_core.next_step", html="<i hidden></i>", js=SCRIPT)


def next_step(key: str, on_step: Callable[[], None]) -> None:
    """Call `on_step`, then run the fragment that this stands in anew; it must come last there.

    In a run of the whole page, which it would hold up, the browser asks for it first. Where other
    fragments share the run, it does so for the next step, too: to start anew from here would leave
    on the page what they had removed.
    """
    place = st.empty()
    context = get_script_run_ctx()
    due = (context.fragment_ids_this_run if context is not None else None) or []
    if due:
        on_step()
    if len(due) == 1:
        st.rerun(scope="fragment")
    turn = st.session_state.get(_TURN_KEY, 0) + 1  # new data, else the script is not run again
    st.session_state[_TURN_KEY] = turn
    with place:
        _component(key=key, data={"turn": turn}, on_run_change=lambda: None)
