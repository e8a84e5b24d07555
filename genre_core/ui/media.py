"""Sound by address: Streamlit serves it in ranges, so a browser fetches it once and can seek."""

from streamlit import runtime


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
