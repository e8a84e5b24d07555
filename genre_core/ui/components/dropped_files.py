"""Several songs dropped at once: how many a session takes, and what is said of the others."""

from collections.abc import Sequence

from genre_core.library.dropped import MAX_SONGS
from genre_core.ui.components.text import tidy
from genre_core.ui.words import count

MAX_BYTES = 2**30  # of a session's songs, together
_MOST_NAMED = 10  # files left out that are named


def within_limits(
    files: Sequence[tuple[str, int]], n_bytes: int = 0
) -> tuple[list[int], tuple[str, ...]]:
    """Return the places of the files to take, and sentences about the others.

    Parameters
    ----------
    files : names and sizes in bytes
    n_bytes : what the session has already
    """
    places: list[int] = []
    too_many, too_large = [], []
    for place, (name, size) in enumerate(files):
        if len(places) == MAX_SONGS:
            too_many.append(name)
        elif n_bytes + size > MAX_BYTES:
            too_large.append(name)
        else:
            places.append(place)
            n_bytes += size
    return places, (
        *_left_out(too_many, f"{MAX_SONGS} songs at once are the limit: drop them again later"),
        *_left_out(
            too_large,
            f"{MAX_BYTES // 2**20:,} MB in one session are the limit: scan the folder with "
            "`library scan`",
        ),
    )


def _left_out(names: list[str], why: str) -> list[str]:
    if not names:
        return []
    named = ", ".join(tidy(name, 40) for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return [f"{count(len(names), 'file')} left out ({named}{more}): {why}."]
