"""What the comparison of two songs says in words."""

from genre_core.inference.song_pair import FramePair, JudgedSong, SongPair
from genre_core.plots.time_axis import clock
from genre_core.ui.words import percent

_FEW_POINTS = 5.0  # percentage points: a smaller difference is none worth a word


def outcome_in_words(pair: SongPair, first: JudgedSong, second: JudgedSong) -> str:
    """Return what the two are called, and the genre in which they part most."""
    one, other = first.verdict.genre, second.verdict.genre
    called = (
        f"The network calls both songs {one}."
        if one == other
        else f"The network calls the first song {one}, the second {other}."
    )
    widest = pair.widest
    if 100 * abs(float(pair.differences[widest])) < _FEW_POINTS:
        return f"{called} Their scores are nearly the same."
    scores = [percent(float(song.verdict.scores[widest]), 0) for song in (first, second)]
    return (
        f"{called} They part most in {pair.genres[widest]}: {scores[0]} in the first, "
        f"{scores[1]} in the second."
    )


def whole_in_words(share_below: float, n_songs: int) -> str:
    """Return how alike the two songs are; `share_below` is of all pairs of `n_songs` songs."""
    of_pairs = round(100 * share_below)
    pairs = f"of 100 pairs of the {n_songs} test songs"
    if of_pairs >= 50:
        return f"As a whole, the two are more alike than {of_pairs} {pairs}."
    return f"As a whole, the two are less alike than {100 - of_pairs} {pairs}."


def alike_in_words(pair: FramePair, first: JudgedSong, second: JudgedSong) -> str:
    """Return a sentence on the frames that are most alike."""
    here, there = _starts(pair, first, second)
    return (
        f"At {here} the first song is most like the second at {there}. "
        f"{_called(pair, first, second)}"
    )


def unlike_in_words(pair: FramePair, first: JudgedSong, second: JudgedSong) -> str:
    """Return a sentence on the frames that are least alike."""
    here, there = _starts(pair, first, second)
    return (
        f"They are furthest apart with the first at {here} and the second at {there}. "
        f"{_called(pair, first, second)}"
    )


def start_of(song: JudgedSong, frame: int) -> str:
    """Return where a frame starts, e.g. "1:27"."""
    return clock(song.spans[frame].start_seconds)


def _starts(pair: FramePair, first: JudgedSong, second: JudgedSong) -> tuple[str, str]:
    return start_of(first, pair.first), start_of(second, pair.second)


def _called(pair: FramePair, first: JudgedSong, second: JudgedSong) -> str:
    one, other = first.best_genre(pair.first), second.best_genre(pair.second)
    if one == other:
        return f"The network calls both moments {one}."
    return f"The network calls the one {one}, the other {other}."
