"""What a class and the network said of a room's songs, counted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from genre_core.ui.rooms.room import Room

Counts = npt.NDArray[np.int64]
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class SongTally:
    """What was said of one song.

    Attributes
    ----------
    guesses : of the class, by genre, the most frequent first
    no_idea, no_answer : numbers of pupils
    """

    title: str
    truth: str | None
    network: str
    network_score: float
    guesses: dict[str, int]
    no_idea: int
    no_answer: int

    @property
    def most_said(self) -> tuple[str, ...]:
        """The genres with the most guesses: one, several at a tie, none without guesses."""
        most = max(self.guesses.values(), default=0)
        return tuple(genre for genre, n in self.guesses.items() if n == most)

    @property
    def n_guesses(self) -> int:
        """How many pupils named a genre."""
        return sum(self.guesses.values())

    @property
    def share_right(self) -> float | None:
        """The share of right guesses, 0 to 1; None without guesses or without a true genre."""
        if self.truth is None or not self.n_guesses:
            return None
        return self.guesses.get(self.truth, 0) / self.n_guesses


def tally(room: Room, place: int) -> SongTally:
    """Return what was said of the song at `place`, which the network must have read."""
    song = room.songs[place]
    assert song.verdict is not None
    said = [pupil.guesses[place] for pupil in room.pupils.values() if place in pupil.guesses]
    counts = Counter(genre for genre in said if genre is not None)
    ordered = sorted(counts, key=lambda genre: (-counts[genre], room.genres.index(genre)))
    return SongTally(
        song.title,
        song.truth,
        song.verdict.genre,
        song.verdict.score,
        {genre: counts[genre] for genre in ordered},
        said.count(None),
        len(room.pupils) - len(said),
    )


def tallies(room: Room) -> tuple[SongTally, ...]:
    """Return what was said of every song."""
    return tuple(tally(room, place) for place in range(len(room.songs)))


def genres_in_use(room: Room) -> tuple[str, ...]:
    """Return the genres that a song has or somebody named, in the network's order."""
    used = {song.truth for song in room.songs}
    for each in tallies(room):
        if each.truth is not None:
            used |= {each.network, *each.guesses}
    return tuple(genre for genre in room.genres if genre in used)


def class_confusion(room: Room) -> Counts:
    """Return the guesses as counts, int (n, n) for the `genres_in_use`; rows are true genres."""
    return _confusion(room, lambda song: song.guesses)


def network_confusion(room: Room) -> Counts:
    """Return the network's verdicts as counts, in the shape of `class_confusion`."""
    return _confusion(room, lambda song: {song.network: 1})


def hardest(room: Room) -> SongTally | None:
    """Return the song with the smallest share of right guesses; None where there is none."""
    rated = [each for each in tallies(room) if each.share_right is not None]
    return min(rated, key=lambda each: each.share_right or 0.0, default=None)


def table(room: Room) -> pd.DataFrame:
    """Return one row a song: what it is, what the network says, and the guesses by genre."""
    rows = [
        {
            "song": number,
            "title": each.title,
            "true_genre": each.truth or "",
            "network": each.network,
            "network_score": round(each.network_score, 4),
            **{genre: each.guesses.get(genre, 0) for genre in room.genres},
            "no_idea": each.no_idea,
            "no_answer": each.no_answer,
        }
        for number, each in enumerate(tallies(room), 1)
    ]
    return pd.DataFrame(rows)


def csv(room: Room) -> str:
    """Return `table` as CSV; a title that a spreadsheet would run as a formula gets a `'`."""
    counted = table(room)
    titles = counted["title"]
    counted["title"] = [f"'{text}" if text.startswith(_FORMULA) else text for text in titles]
    return str(counted.to_csv(index=False, lineterminator="\n"))


def _confusion(room: Room, said: Callable[[SongTally], dict[str, int]]) -> Counts:
    genres = genres_in_use(room)
    counts = np.zeros((len(genres), len(genres)), dtype=np.int64)
    for song in tallies(room):
        if song.truth is not None:
            for genre, n in said(song).items():
                counts[genres.index(song.truth), genres.index(genre)] += n
    return counts
