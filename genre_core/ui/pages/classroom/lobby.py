"""Before the first song: the class joins, and the network reads the songs meanwhile."""

import io
from collections.abc import Callable

import segno
import streamlit as st

from genre_core.config import FrameSettings
from genre_core.errors import GenreError, RoomError
from genre_core.ui import services
from genre_core.ui.components.next_step import next_step
from genre_core.ui.components.text import as_html, as_markdown
from genre_core.ui.pages.classroom.state import ClassState
from genre_core.ui.rooms import address
from genre_core.ui.rooms import room as rules
from genre_core.ui.rooms.room import NetworkVerdict, Room
from genre_core.ui.rooms.store import rooms
from genre_core.ui.songs import Song

_HOST = "class_host"
_QR_SCALE = 8  # pixels a module


def show(state: ClassState, room: Room) -> None:
    """Show how to join, who is here, and the button that begins."""
    st.title("Join with your phone", anchor=False)
    with st.grid(2, min_column_width=300, gap="large"):
        with st.container():
            invitation(state, room)
        with st.container():
            _who_is_here(room)
            _how_far(room)
            with st.container(horizontal=True, gap="small"):
                st.button(
                    "Begin",
                    key="class_begin",
                    type="primary",
                    icon=":material/play_arrow:",
                    disabled=not room.is_ready,
                    on_click=go_on,
                    args=(state, room),
                )
                close_button(state, room)
            st.caption(
                "The address of this page brings you back after a reload. Whoever has it is the "
                "teacher, so do not pass it on."
            )
    if not room.is_ready:
        next_step("class_read", lambda: read_one(state, room.code))


def invitation(state: ClassState, room: Room) -> None:
    """Show the QR code, the address and the code of the room."""
    url = st.context.url or address.FALLBACK
    host = state.host or address.host_for_pupils(url)
    link = address.join_link(url, host, room.code)
    st.image(qr_png(link), alt=f"QR code of {link}", width=260)
    st.html(
        f'<p class="gr-soft">or open {as_html(link.partition("?")[0], 200)} and type</p>'
        f'<p class="gr-code">{room.code}</p>'
    )
    if address.is_own(link):
        st.warning(
            "Phones cannot reach this address: it means this computer alone. Type the computer’s "
            "address in your network below.",
            icon=":material/wifi_off:",
        )
    _host_input(state, host)


def qr_png(link: str) -> bytes:
    """Return a QR code as PNG, black on white, which every phone reads on a dark page, too."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out, kind="png", scale=_QR_SCALE, border=4, dark="#000000", light="#ffffff"
    )
    return out.getvalue()


def _host_input(state: ClassState, host: str) -> None:
    def change_host() -> None:
        typed = st.session_state[_HOST].strip().removeprefix("http://").rstrip("/")
        state.problems.clear()
        if address.is_host(typed):
            state.host = typed
        else:
            state.problems.append(
                f"“{typed}” is no address. It looks like 192.168.1.20:8501: the computer’s "
                "address in your network, and the port."
            )

    if _HOST not in st.session_state:  # else it would change under the teacher's fingers
        st.session_state[_HOST] = host
    st.text_input(
        "Address of this computer for the phones",
        key=_HOST,
        max_chars=110,
        on_change=change_host,
        help="The phones must be in the same network as this computer, and the app must have been "
        "started for others, too: docs/classroom.md says how.",
    )


def _who_is_here(room: Room) -> None:
    n_pupils = len(room.pupils)
    st.html(
        f'<p class="gr-number" role="status">{n_pupils}</p>'
        f'<p class="gr-soft">{"pupil is" if n_pupils == 1 else "pupils are"} here; there is room '
        f"for {rules.MOST_PUPILS}</p>"
    )
    names = [pupil.name for pupil in room.pupils.values()]
    with st.expander("Names", icon=":material/group:"):
        listed = ", ".join(as_markdown(name, rules.MOST_NAME) for name in names if name)
        without = names.count("")
        st.markdown(listed or "Nobody has given one.")
        if listed and without:
            st.caption(f"And {without} without a name.")


def _how_far(room: Room) -> None:
    """Say how many songs the network has read; after all of them the first can begin."""
    n_songs = len(room.songs)
    n_read = sum(song.verdict is not None for song in room.songs)
    words = f"The network reads song {n_read + 1} of {n_songs}"
    st.progress(n_read / n_songs, "The network has read all songs" if room.is_ready else words)


def read_one(state: ClassState, code: str) -> None:
    """Let the network read the next song; one that it cannot read is left out, with a word."""
    room = rooms.get(code)
    places = [i for i, song in enumerate(room.songs) if song.verdict is None] if room else []
    if room is None or not places:
        return
    place, song = places[0], room.songs[places[0]]
    try:
        analysis = services.analyse(
            Song.from_bytes(song.file_name, song.data), FrameSettings(), lambda what, share: None
        )
    except GenreError as error:
        state.problems.append(f"{error} The song is left out.")
        _try(state, code, lambda current: rules.drop_song(current, song))
        return
    verdict = analysis.verdict("mean")
    said = NetworkVerdict(verdict.genre, verdict.confidence)
    _try(state, code, lambda current: rules.note_verdict(current, place, said))


def go_on(state: ClassState, room: Room) -> None:
    """Go on to what follows what the teacher sees."""
    change(state, room.code, lambda current: rules.go_on(current, room.stage, room.place))


def close_button(state: ClassState, room: Room) -> None:
    """Show the button that ends the room, with a second one to be sure."""

    def close() -> None:
        rooms.close(room.code)
        state.leave()

    with st.popover("Close the room", icon=":material/close:"):
        st.markdown("The room, its guesses and its songs are then forgotten. Save the table first.")
        st.button("Close it now", key="class_close", type="primary", on_click=close)


def change(state: ClassState, code: str, how: Callable[[Room], Room]) -> None:
    """Change a room as the user asks; where that cannot be, say why at the top of the page."""
    state.problems.clear()
    _try(state, code, how)


def _try(state: ClassState, code: str, how: Callable[[Room], Room]) -> None:
    try:
        rooms.change(code, how)
    except RoomError as error:
        state.problems.append(str(error))
