"""The page "Class": join a room, open one, or go on in one."""

import streamlit as st

from genre_core.errors import RoomError
from genre_core.ui.components import style
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.classroom import lobby, pupil, results, set_up, teacher
from genre_core.ui.pages.classroom import style as own_style
from genre_core.ui.pages.classroom.state import ClassState, Seat
from genre_core.ui.rooms import room as rules
from genre_core.ui.rooms.room import Room
from genre_core.ui.rooms.store import ALPHABET, CODE_LENGTH, as_code, is_teacher, new_token, rooms
from genre_core.ui.words import count

POLL_SECONDS = 2.0
_TITLE = "Guess with a class"


def page() -> None:
    """Show the page."""
    style.apply()
    own_style.apply()
    state = ClassState.current()
    state.follow_link()
    state.write_link()
    seat = state.view
    room = rooms.find(seat.room) if seat.room else None
    if room is None:
        _problems(state)
        _first_view(state)
    elif not (is_teacher(room, seat.key) or seat.me in room.pupils):
        _join(state, room)
    elif room.stage == "end":
        _end(state, room)
    else:
        _follow(state, room.code)


@st.fragment(run_every=POLL_SECONDS)
def _follow(state: ClassState, code: str) -> None:
    """Show what the class is at, again and again: all that can change is drawn here."""
    room = rooms.get(code)
    if room is None or room.stage == "end":
        st.rerun()
    _problems(state)
    if is_teacher(room, state.view.key):
        teacher.show(state, room)
    else:
        pupil.show(state, room)


def _end(state: ClassState, room: Room) -> None:
    st.title("The class and the network", anchor=False)
    _problems(state)
    if not is_teacher(room, state.view.key):
        st.markdown(pupil.own_score(room, state.view.me))
    results.show(room)
    if is_teacher(room, state.view.key):
        lobby.close_button(state, room)


def _problems(state: ClassState) -> None:
    for problem in state.problems:
        st.error(as_markdown(problem), icon=":material/error:")


def _first_view(state: ClassState) -> None:
    st.title(_TITLE, anchor=False)
    if state.view.room:
        st.warning(
            f"There is no room {as_markdown(state.view.room, 20)}. It may be closed: a room is "
            "forgotten when the teacher closes it, or after two hours in which nothing happens.",
            icon=":material/meeting_room:",
        )
    st.markdown(
        "The teacher plays some songs, everyone guesses the genre on a phone, and at the end the "
        "mistakes of the class stand beside those of the network."
    )
    st.header("Join a room", anchor=False)
    with (
        st.form("class_code", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        code = st.text_input(
            "Code of the room",
            key="class_code_text",
            max_chars=2 * CODE_LENGTH,
            autocomplete="off",
            width=220,
        )
        is_sent = st.form_submit_button("Next", icon=":material/login:", type="primary")
    if is_sent:
        _go_to(state, code)
    set_up.show(state)


def _go_to(state: ClassState, typed: str) -> None:
    code = as_code(typed)
    if rooms.find(code) is None:
        st.error(
            f"There is no room with the code “{as_markdown(typed, 20)}”. A code has {CODE_LENGTH} "
            f"letters and digits: {', '.join(ALPHABET)}.",
            icon=":material/error:",
        )
        return
    state.change(room=code)
    st.rerun()


def _join(state: ClassState, room: Room) -> None:
    st.title("Join the class", anchor=False)
    st.markdown(f"Room **{room.code}**. {count(len(room.pupils), 'pupil')} so far.")
    with st.form("class_join", border=False):
        name = st.text_input(
            "Your name, if you like",
            key="class_name",
            max_chars=rules.MOST_NAME,
            autocomplete="off",
            help="Only your teacher sees it, as a list of who is here. It is not kept.",
        )
        is_sent = st.form_submit_button("Join", icon=":material/login:", type="primary")
    st.caption(
        "Guesses are counted without names. All of it is in memory only, and is forgotten when the "
        "room is closed."
    )
    st.button("Another room", key="class_leave", type="tertiary", on_click=state.leave)
    if not is_sent:
        return
    token = new_token()
    try:
        rooms.change(room.code, lambda current: rules.join(current, token, name))
    except RoomError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    state.view = Seat(room.code, me=token)
    st.rerun()
