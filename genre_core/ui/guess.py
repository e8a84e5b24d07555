"""Guess first: what a listener has said of a song, and demo songs whose names say nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Guess:
    """What a listener said; `genre` is None for no idea.

    Attributes
    ----------
    digest : of the song, as `Song.digest`
    """

    digest: str
    genre: str | None


def shuffled(keys: Iterable[str]) -> list[str]:
    """Return the keys in an order that follows neither the alphabet nor the genres."""
    return sorted(keys, key=lambda key: hashlib.blake2b(key.encode()).digest())


def number_of(key: str, keys: Iterable[str]) -> int:
    """Return what a song is called while its name would tell: from 1."""
    return shuffled(keys).index(key) + 1


def key_of(number: str, keys: Iterable[str]) -> str | None:
    """Return the key of a number, None where there is none."""
    order = shuffled(keys)
    return order[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(order) else None
