"""A class room as a value, and all that can happen in it as functions from room to room."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from genre_core.errors import RoomError

MOST_PUPILS = 40
FEWEST_SONGS, MOST_SONGS = 3, 20
MOST_NAME = 24  # characters of a pupil's name
MOST_SONG_MEGABYTES = 15
MOST_ROOM_MEGABYTES = 80

Stage = Literal["lobby", "guess", "reveal", "end"]


@dataclass(frozen=True)
class NetworkVerdict:
    """What the network says of a song; `score` is 0 to 1."""

    genre: str
    score: float


@dataclass(frozen=True)
class RoomSong:
    """One song of a room.

    Attributes
    ----------
    title, file_name : anybody's text
    data, mime : the file, which a browser can play
    truth : its true genre, one of the room's genres, or None where nobody has said it
    demo : key of the demo song, None for the teacher's own
    verdict : None until the network has read it
    """

    title: str
    file_name: str
    data: bytes = field(repr=False)
    mime: str
    truth: str | None
    demo: str | None = None
    verdict: NetworkVerdict | None = None


@dataclass(frozen=True)
class Pupil:
    """One who has joined: a name, which may be empty, and the guesses by the song's place.

    A guess of None is "no idea".
    """

    name: str = ""
    guesses: Mapping[int, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Room:
    """One room.

    Attributes
    ----------
    code : what pupils type
    key : what only the teacher knows
    genres : what can be guessed: the genres of the network
    pupils : by their tokens, in the order in which they came
    stage, place : what is going on, and with which song
    on_phones : whether pupils can play the songs
    """

    code: str
    key: str = field(repr=False)
    genres: tuple[str, ...]
    songs: tuple[RoomSong, ...]
    pupils: Mapping[str, Pupil] = field(default_factory=dict, repr=False)
    stage: Stage = "lobby"
    place: int = 0
    on_phones: bool = True

    @property
    def song(self) -> RoomSong:
        """The song that is guessed or revealed."""
        return self.songs[self.place]

    @property
    def is_ready(self) -> bool:
        """Whether the network has read every song."""
        return all(song.verdict is not None for song in self.songs)

    @property
    def n_answers(self) -> int:
        """How many pupils have chosen something for the song."""
        return sum(self.place in pupil.guesses for pupil in self.pupils.values())

    @property
    def n_bytes(self) -> int:
        """How much memory the songs take."""
        return sum(len(song.data) for song in self.songs)


def check_songs(songs: tuple[RoomSong, ...]) -> None:
    """Raise RoomError where there are too few songs for a room, or too many, or too large ones."""
    if not FEWEST_SONGS <= len(songs) <= MOST_SONGS:
        raise RoomError(
            f"A room has {FEWEST_SONGS} to {MOST_SONGS} songs, and these are {len(songs)}. "
            + ("Add some." if len(songs) < FEWEST_SONGS else "Remove some.")
        )
    megabytes = sum(len(song.data) for song in songs) / 2**20
    if megabytes > MOST_ROOM_MEGABYTES:
        raise RoomError(
            f"The songs of a room may have {MOST_ROOM_MEGABYTES} MB together, and these have "
            f"{megabytes:.0f} MB. Use fewer songs, or smaller files, such as MP3."
        )


def join(room: Room, token: str, name: str) -> Room:
    """Let a pupil in, at any time before the end.

    Raises RoomError if the room is full.
    """
    if len(room.pupils) >= MOST_PUPILS:
        raise RoomError(
            f"This room is full: it has room for {MOST_PUPILS} pupils. Share a phone, or ask your "
            "teacher to open a second room."
        )
    return replace(room, pupils={**room.pupils, token: Pupil(name.strip()[:MOST_NAME])})


def guess(room: Room, token: str, place: int, genre: str | None) -> Room:
    """Note what a pupil chose for the song at `place`; until it is revealed, it can be changed.

    Raises RoomError if the song is not being guessed, or there is no such pupil or genre.
    """
    if token not in room.pupils or (genre is not None and genre not in room.genres):
        raise RoomError("This room knows no such pupil or genre. Join it again.")
    if room.stage != "guess" or room.place != place:
        raise RoomError("That was too late: your teacher has gone on.")
    pupil = room.pupils[token]
    changed = replace(pupil, guesses={**pupil.guesses, place: genre})
    return replace(room, pupils={**room.pupils, token: changed})


def note_verdict(room: Room, place: int, verdict: NetworkVerdict) -> Room:
    """Note what the network says of a song."""
    songs = list(room.songs)
    songs[place] = replace(songs[place], verdict=verdict)
    return replace(room, songs=tuple(songs))


def drop_song(room: Room, song: RoomSong) -> Room:
    """Leave out a song that the network cannot read, before the first song is guessed.

    Raises RoomError if too few would be left.
    """
    if len(room.songs) <= FEWEST_SONGS:
        raise RoomError(
            f"Then fewer than {FEWEST_SONGS} songs are left. Close the room and choose others."
        )
    return replace(room, songs=tuple(each for each in room.songs if each is not song))


def go_on(room: Room, stage: Stage, place: int) -> Room:
    """Go on from where the teacher was when the button was pressed: a second click does nothing."""
    if (room.stage, room.place) != (stage, place) or not room.is_ready:
        return room
    if stage == "guess":
        return replace(room, stage="reveal")
    if stage == "lobby":
        return replace(room, stage="guess")
    if stage == "reveal":
        is_last = place + 1 == len(room.songs)
        return (
            replace(room, stage="end") if is_last else replace(room, stage="guess", place=place + 1)
        )
    return room
