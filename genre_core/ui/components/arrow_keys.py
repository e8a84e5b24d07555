"""Turns pages by the arrow keys, wherever the focus is not on something that needs them itself."""

from collections.abc import Callable

import streamlit as st

_JS = """
const NEED_ARROWS = 'input, textarea, select, audio, video, [contenteditable=true], [role=slider], '
  + '[role=radio], [role=tab], [role=combobox], [role=listbox], [role=grid], [role=dialog]';
export default ({ setTriggerValue }) => {
  const turn = event => {
    const by = { ArrowLeft: 'back', ArrowRight: 'next' }[event.key];
    const isOurs = by && !event.defaultPrevented && !event.repeat
      && !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey)
      && !event.composedPath()[0].closest?.(NEED_ARROWS);
    if (isOurs) setTriggerValue(by, true);
  };
  document.addEventListener('keydown', turn);
  return () => document.removeEventListener('keydown', turn);
};
"""
_component = st.components.v2.component("genre_core.arrow_keys", html="<i hidden></i>", js=_JS)


def arrow_keys(key: str, on_back: Callable[[], None], on_next: Callable[[], None]) -> None:
    """Call `on_back` or `on_next` when the left or the right arrow key is pressed."""
    _component(key=key, on_back_change=on_back, on_next_change=on_next)
