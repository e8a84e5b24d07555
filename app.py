"""The web app: `streamlit run app.py`."""

import time
from pathlib import Path

import streamlit as st

from genre_core.errors import SettingsError
from genre_core.inference.threads import limit_threads
from genre_core.ui import media, services, session, uploads
from genre_core.ui.components.file_guard.component import file_guard
from genre_core.ui.pages import about
from genre_core.ui.pages.analyse import page as analyse
from genre_core.ui.pages.classroom import page as classroom
from genre_core.ui.pages.lesson import page as lesson
from genre_core.ui.pages.library import page as library
from genre_core.ui.pages.lyrics import page as lyrics
from genre_core.ui.pages.networks import page as networks
from genre_core.ui.pages.test_set import page as test_set
from genre_core.ui.pages.two_songs import page as two_songs
from genre_core.ui.words import NAME

LAYOUT_SECONDS = 0.1

st.set_page_config(
    page_title=NAME,
    page_icon=str(Path(__file__).parent / "assets" / "icon.svg"),
    layout="wide",
    initial_sidebar_state="auto",
)
uploads.never_write_to_disk()
media.outlive_runs()
if "is_laid_out" not in st.session_state:
    # The browser makes the page wide while it is empty: nothing on it moves then.
    st.session_state.is_laid_out = True
    st.html("<style></style>")  # takes no room; the browser fetches meanwhile what draws HTML
    time.sleep(LAYOUT_SECONDS)
try:
    limit_threads()
except SettingsError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()
services.note_visit()
test_set_page = st.Page(
    test_set.page, title="Test set", icon=":material/grid_view:", url_path="test-set"
)

two_songs_page = st.Page(
    two_songs.page, title="Two songs", icon=":material/compare_arrows:", url_path="two-songs"
)


def lesson_to_its_end() -> None:
    """Show the lesson; its end leads to the page that analyses a song."""
    lesson.page(then=analyse_page)


lesson_page = st.Page(
    lesson_to_its_end, title="How it works", icon=":material/school:", url_path="how-it-works"
)


def analyse_song() -> None:
    """Show the page that analyses a song; its stage goes on to the lesson, songs to the library."""
    if session.current().to_library:
        st.switch_page(library_page)
    if session.current().goes_to_lesson():
        st.switch_page(lesson_page)
    analyse.page(test_set_page, two_songs_page, lesson_page)


analyse_page = st.Page(
    analyse_song,
    title="Analyse a song",
    icon=":material/graphic_eq:",
    url_path="analyse",
    default=True,
)


def show_library() -> None:
    """Show a library; its songs open on the page that analyses one."""
    songs = session.current().hand_over()
    library.page(open_song=lambda: st.switch_page(analyse_page), songs=songs)


library_page = st.Page(
    show_library, title="Library", icon=":material/library_music:", url_path="library"
)

page = st.navigation(
    [
        analyse_page,
        two_songs_page,
        library_page,
        test_set_page,
        st.Page(lyrics.page, title="Lyrics", icon=":material/lyrics:", url_path="lyrics"),
        st.Page(networks.page, title="Networks", icon=":material/compare:", url_path="networks"),
        lesson_page,
        st.Page(classroom.page, title="Class", icon=":material/groups:", url_path="class"),
        st.Page(about.page, title="About", icon=":material/info:", url_path="about"),
    ],
    position="top",
)
st.set_page_config(page_title=f"{page.title} · {NAME}")
file_guard(takes_files=page in (analyse_page, two_songs_page))
page.run()
