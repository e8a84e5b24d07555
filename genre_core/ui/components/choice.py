"""A choice of one of a few, in step with a page's state."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

Option = TypeVar("Option")


def choice(
    label: str,
    names: Mapping[Option, str],
    chosen: Option,
    key: str,
    on_choice: Callable[[Option], None],
) -> None:
    """Show the options side by side; `on_choice` gets the one that is clicked.

    The label is for screen readers. `chosen` wins over the widget's own memory, as a link may
    change it too.
    """
    st.session_state[key] = chosen
    st.segmented_control(
        label,
        list(names),
        format_func=names.__getitem__,
        key=key,
        on_change=lambda: on_choice(st.session_state[key]),
        required=True,
        label_visibility="collapsed",
    )
