"""A button that gives a file away; the page does not run anew."""

from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

_MIME = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}


def download(
    label: str,
    data: str | bytes | Callable[[], str | bytes],
    *,
    file_name: str,
    icon: str,
    key: str,
) -> None:
    """Show the button; where `data` is a function, the file is made on the click.

    The ending of `file_name` gives its type; KeyError if there is none for it.
    """
    st.download_button(
        label,
        data,
        file_name=file_name,
        mime=_MIME[PurePath(file_name).suffix],
        icon=icon,
        on_click="ignore",
        key=key,
    )
