"""Sound by address: Streamlit serves it in ranges, so a browser fetches it once and can seek."""

import threading
import time
from pathlib import PurePath
from typing import Any

from streamlit import runtime
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

# What browsers play as it is.
MIME_OF_EXTENSION = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".aac": "audio/aac",
    ".webm": "audio/webm",
}

KEPT_SECONDS = 30.0  # what no page uses any more
_store, _delete = MemoryMediaFileStorage.load_and_get_id, MemoryMediaFileStorage.delete_file
_unused: dict[str, tuple[MemoryMediaFileStorage, float]] = {}  # since when, by id
_lock = threading.Lock()


def outlive_runs() -> None:
    """Keep what a page plays or shows until its next run has brought it again.

    Streamlit lets go of a session's files as a run of its page begins, and deletes them as any
    run of any session ends. What a browser fetches meanwhile would be gone, and a player silent.
    """

    def store(storage: MemoryMediaFileStorage, *arguments: Any, **options: Any) -> str:
        with _lock:
            file_id = _store(storage, *arguments, **options)
            _unused.pop(file_id, None)
            return file_id

    def delete(storage: MemoryMediaFileStorage, file_id: str) -> None:
        with _lock:
            _unused.setdefault(file_id, (storage, time.monotonic()))
        forget(KEPT_SECONDS)

    storage_class: Any = MemoryMediaFileStorage
    storage_class.load_and_get_id, storage_class.delete_file = store, delete


def forget(seconds: float) -> None:
    """Delete what no page has used for so long."""
    until = time.monotonic() - seconds
    with _lock:
        for file_id, (storage, since) in list(_unused.items()):
            if since <= until:
                del _unused[file_id]
                _delete(storage, file_id)


def mime_of(file_name: str) -> str | None:
    """Return the type of a file that browsers play as it is, else None."""
    return MIME_OF_EXTENSION.get(PurePath(file_name).suffix.lower())


def media_url(data: bytes, mime: str, place: str) -> str:
    """Return the address of a sound, relative to the app's own.

    `st.audio` does the same. Streamlit keeps the sound as long as a session's latest run uses it.

    Parameters
    ----------
    data : a whole sound file
    mime : its type, e.g. "audio/mpeg"
    place : where on the page it is; another sound at the same place replaces it
    """
    return runtime.get_instance().media_file_mgr.add(data, mime, place)
