"""All rooms of this server: a few, for some hours, in memory alone."""

import hmac
import secrets
import threading
import time
from collections.abc import Callable

from genre_core.errors import RoomError
from genre_core.ui.rooms.room import MOST_ROOM_MEGABYTES, Room, RoomSong, check_songs

MOST_ROOMS = 20
MOST_MEGABYTES = 4 * MOST_ROOM_MEGABYTES  # of songs, in all rooms together
SILENCE_SECONDS = 2 * 3600.0
# No vowels, so no words; nothing that looks like another letter or digit; 17 ** 6 codes.
ALPHABET = "CDGHJMNPQRTVWXY79"
CODE_LENGTH = 6
WRONG_CODE_SECONDS = 0.2  # one wrong code after the other, for the whole server


def new_token() -> str:
    """Return a text that nobody guesses."""
    return secrets.token_urlsafe(12)


def as_code(text: str) -> str:
    """Return the code that somebody has typed: in capitals, without blanks and dashes."""
    return "".join(letter for letter in text.upper() if letter.isalnum())[: 2 * CODE_LENGTH]


def is_teacher(room: Room, key: str) -> bool:
    """Return whether the key is the room's."""
    return hmac.compare_digest(room.key.encode(), key.encode())


class RoomStore:
    """The rooms by their codes. All methods may be called from any thread.

    Parameters
    ----------
    most_rooms, most_megabytes : of all rooms together
    silence_seconds : a room in which nothing has happened for so long is closed
    clock : seconds, as `time.monotonic`
    """

    def __init__(
        self,
        most_rooms: int = MOST_ROOMS,
        most_megabytes: int = MOST_MEGABYTES,
        silence_seconds: float = SILENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_rooms = most_rooms
        self._most_megabytes = most_megabytes
        self._silence_seconds = silence_seconds
        self._clock = clock
        self._rooms: dict[str, Room] = {}
        self._changed: dict[str, float] = {}  # by code: when something happened last
        self._lock = threading.Lock()
        self._wrong = threading.Lock()
        self._timer: threading.Timer | None = None

    def open(
        self, songs: tuple[RoomSong, ...], genres: tuple[str, ...], on_phones: bool = True
    ) -> Room:
        """Open a room.

        Raises RoomError if there are too many rooms, or too many or too large songs.
        """
        check_songs(songs)
        with self._lock:
            self._close_silent()
            if len(self._rooms) >= self._most_rooms:
                raise RoomError(
                    f"{self._most_rooms} rooms are open, and this server holds no more. Close one "
                    "of yours, or come back later."
                )
            code = self._new_code()
            room = Room(code, new_token(), genres, songs, on_phones=on_phones)
            n_bytes = room.n_bytes + sum(each.n_bytes for each in self._rooms.values())
            if n_bytes > self._most_megabytes * 2**20:
                raise RoomError(
                    f"The songs of all rooms may have {self._most_megabytes} MB together, and "
                    "with these there would be more. Use smaller files, or come back later."
                )
            self._rooms[code], self._changed[code] = room, self._clock()
            self._watch()
            return room

    def get(self, code: str) -> Room | None:
        """Return a room, None where there is none."""
        with self._lock:
            self._close_silent()
            return self._rooms.get(code)

    def find(self, code: str) -> Room | None:
        """Return the room of a code that somebody typed; wrong ones cost time, one by one."""
        room = self.get(as_code(code))
        if room is None:
            with self._wrong:
                time.sleep(WRONG_CODE_SECONDS)
        return room

    def change(self, code: str, change: Callable[[Room], Room]) -> Room:
        """Change a room by a function of it, and return it.

        Raises RoomError if there is no such room, or as `change` does; then the room stays.
        """
        with self._lock:
            self._close_silent()
            if code not in self._rooms:
                raise RoomError("This room is closed. Nothing of it has been kept.")
            self._rooms[code] = changed = change(self._rooms[code])
            self._changed[code] = self._clock()
            return changed

    def close(self, code: str) -> None:
        """Forget a room and its songs."""
        with self._lock:
            self._rooms.pop(code, None)
            self._changed.pop(code, None)

    def __len__(self) -> int:
        with self._lock:
            self._close_silent()
            return len(self._rooms)

    def _new_code(self) -> str:
        while True:
            code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
            if code not in self._rooms:
                return code

    def _close_silent(self) -> None:
        since = self._clock() - self._silence_seconds
        for code in [code for code, changed in self._changed.items() if changed <= since]:
            del self._rooms[code], self._changed[code]

    def _watch(self) -> None:
        """Close silent rooms though nobody asks for any."""
        if self._timer is None and self._rooms:
            self._timer = threading.Timer(self._silence_seconds, self._look)
            self._timer.daemon = True  # the server ends without it
            self._timer.start()

    def _look(self) -> None:
        with self._lock:
            self._timer = None
            self._close_silent()
            self._watch()


rooms = RoomStore()
