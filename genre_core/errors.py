"""Errors that a user can act on: each message names the thing, the limit and the remedy."""


class GenreError(Exception):
    """Base of every error that this package raises on purpose."""


class AudioError(GenreError):
    """A sound file cannot be read, or is too short or too long to analyse."""


class ModelError(GenreError):
    """A checkpoint or weight file is missing, damaged or not what was expected."""


class LyricsError(GenreError):
    """A text or a song file holds no lyrics that can be read."""


class DatasetError(GenreError):
    """A data set, a split or an archive of songs is not usable."""


class LibraryError(GenreError):
    """A library store cannot be opened, read or written, or a file's tags cannot be changed."""


class SettingsError(GenreError, ValueError):
    """A setting chosen by the user is outside its limits."""


class BusyError(GenreError):
    """More visitors wait for the processor than the program lets wait."""


class RoomError(GenreError):
    """A class room is full, closed, or cannot be opened with these songs."""
