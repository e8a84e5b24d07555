"""Sound by address: Streamlit serves it in ranges, so a browser fetches it once and can seek."""

from pathlib import PurePath

from streamlit import runtime

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
