"""A download button. Its file is made when it is clicked."""

from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

# Ending of a file -> its MIME type, and the icon of the button.
_KINDS = {
    ".csv": ("text/csv", "table"),
    ".json": ("application/json", "data_object"),
    ".pdf": ("application/pdf", "image"),
    ".png": ("image/png", "image"),
    ".svg": ("image/svg+xml", "image"),
}


def download(title: str, make: Callable[[], str | bytes], file_name: str, key: str) -> None:
    """Show a button for the file that `make` returns; the page does not run again."""
    mime, icon = _KINDS[PurePath(file_name).suffix]
    st.download_button(
        title,
        make,
        file_name=file_name,
        mime=mime,
        icon=f":material/{icon}:",
        on_click="ignore",
        key=key,
    )
