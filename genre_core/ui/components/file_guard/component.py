"""The guard of a page's files.

Streamlit refuses a file with an icon whose reason is a tooltip, and takes no file that is dropped
beside its box: the browser then leaves the page. The guard says why, and hands the file on.
"""

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent
# Of the containers whose uploader takes what is dropped beside any box. Where there are several,
# each is in a container of its own, its area, and the nearest area takes the file.
DROP_KEY = "drop_input"
DROP_AREA_KEY = "drop_area"
UNSEEN_PIXELS = 1  # height of what is not to be seen; rules of style would come late

_component = st.components.v2.component(
    "genre_core.file_guard",
    html=(_FOLDER / "file_guard.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "file_guard.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "file_guard.js").read_text(encoding="utf-8"),
)


def refusals(max_megabytes: int) -> dict[str, str]:
    """Return a sentence for each reason; the browser fills in the names in braces."""
    return {
        "large": f"“{{name}}” has {{megabytes}} MB. The limit is {max_megabytes} MB. Save it as "
        "MP3, or cut it shorter.",
        "kind": "“{name}” is no file that can be read here. Convert it to one of these: {kinds}.",
        "folder": "“{name}” is a folder. Choose a file in it. For whole folders there is the page "
        "“Library”.",
        "several": "{n} files at once are too many here: choose one.",
        "nowhere": "No file can be dropped here. The page “Analyse a song” takes a song anywhere.",
    }


def file_guard(takes_files: bool) -> None:
    """Watch over the files of the page; `takes_files`: it takes what is dropped anywhere."""
    megabytes = int(st.get_option("server.maxUploadSize"))
    with st.container(key="file_guard", height=UNSEEN_PIXELS, border=False):
        _component(
            key="file_guard_component",
            data={
                "max_bytes": megabytes * 2**20,
                "refusals": refusals(megabytes),
                "takes_files": takes_files,
                "drop_selector": f"[class*=st-key-{DROP_KEY}] input[type=file]",
                "area_selector": f"[class*=st-key-{DROP_AREA_KEY}]",
            },
        )
