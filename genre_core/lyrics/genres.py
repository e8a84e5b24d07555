"""What the corpus calls its genres, and what a reader is shown."""

_NAMES = {"rnb_soul": "R&B and soul"}


def genre_name(genre: str) -> str:
    """Return a genre's name for readers."""
    return _NAMES.get(genre, genre)
