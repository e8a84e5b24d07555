"""The seat of one browser session in a class room, and the link that leads back to it.

`/class?room=CODE` asks to join; with `me=TOKEN` a pupil comes back, with `key=KEY` the teacher.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from genre_core.ui import url
from genre_core.ui.page_state import PageState
from genre_core.ui.rooms.room import RoomSong


@dataclass(frozen=True)
class Seat:
    """A room's code, and who sits there: a pupil's token or the teacher's key."""

    room: str = ""
    me: str = ""
    key: str = ""


PARAMETERS: Mapping[str, url.Parameter] = {name: url.text(name) for name in ("room", "me", "key")}


@dataclass
class ClassState(PageState[Seat]):
    """The state of the page "Class".

    Attributes
    ----------
    own_songs : the teacher's own, before the room is open
    n_taken : uploads taken so far; part of the uploader's key, so that it starts empty again
    host : host and port for the phones, where the teacher has changed it
    problems : sentences to show until something else is done; unescaped
    """

    page = "class"
    default = Seat()
    parameters = PARAMETERS

    own_songs: list[RoomSong] = field(default_factory=list)
    n_taken: int = 0
    host: str = ""
    problems: list[str] = field(default_factory=list)

    def open(self, view: Seat, notes: tuple[str, ...]) -> None:
        """Take the seat of a link; who sits in its room already stays there."""
        if view.room == self.view.room and not (view.me or view.key):
            view = self.view
        super().open(view, notes)

    def leave(self) -> None:
        """Go back to the page's first view."""
        self.view = Seat()
        self.host = ""
        self.problems.clear()
