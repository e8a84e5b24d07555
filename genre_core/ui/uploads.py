"""Files that visitors upload: in memory alone, and in Streamlit's store until they are taken."""

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

_MARGIN_BYTES = 2**20  # of a request beside its file


def never_write_to_disk() -> None:
    """Receive uploads in memory; Starlette writes those over 1 MB to a temporary file."""
    most_bytes = st.get_option("server.maxUploadSize") * 2**20 + _MARGIN_BYTES
    MultiPartParser.spool_max_size = most_bytes


def arrived(key: str) -> list[UploadedFile]:
    """Return the files of an input that were not removed.

    The browser may send a choice once more before its input is drawn anew.
    """
    value = st.session_state.get(key)
    files = value if isinstance(value, list) else [value]
    return [file for file in files if isinstance(file, UploadedFile)]


def take(upload: UploadedFile) -> bytes:
    """Return an upload's content, and remove it from Streamlit's store."""
    remove(upload)
    return upload.getvalue()


def remove(upload: UploadedFile) -> None:
    """Remove an upload from Streamlit's store; who has it can still read it.

    There it would stay until the session ends, however many files follow it.
    """
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, upload.file_id)
