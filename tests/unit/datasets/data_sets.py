"""Data sets without sound, as values and as files."""

from pathlib import Path

from genre_core.datasets.clips import Clip, DataSet


def clip(clip_id: str, label: str, group: str = "", artist: str = "") -> Clip:
    return Clip(clip_id, label, group, "", artist, Path(clip_id))


def many_clips(n_genres: int = 4, n_artists: int = 12, n_songs: int = 5) -> DataSet:
    """Return songs whose artists also link two genres, with near-duplicates across artists."""
    clips = [
        clip(f"g{genre}.{artist}.{song}", f"g{genre}", artist=f"artist {genre} {artist}")
        for genre in range(n_genres)
        for artist in range(n_artists)
        for song in range(n_songs)
    ]
    return DataSet(
        name="many",
        clips=tuple(clips),
        genres=tuple(f"g{genre}" for genre in range(n_genres)),
        duplicates=(("g0.0.0", "g0.1.0"), ("g1.3.2", "g2.5.1"), ("g0.1.2", "g0.2.2")),
    )
