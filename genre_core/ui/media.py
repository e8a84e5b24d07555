"""Sound by address: Streamlit serves it in ranges, so a browser fetches it once and can seek."""

from streamlit import runtime


def media_url(data: bytes, mime: str, place: str) -> str:
    """Return the address of a sound, relative to the app's own.

    `st.audio` does the same. The sound is kept while a session's latest run has asked for it.

    Parameters
    ----------
    data : bytes
        A whole sound file.
    mime : str
        Its type, e.g. "audio/mpeg".
    place : str
        Where on the page it is; another sound at the same place replaces it.
    """
    return runtime.get_instance().media_file_mgr.add(data, mime, place)
