"""Text for a terminal and for records."""

import shlex
import sys


def command_line() -> str:
    """Return the command that runs now, for a record."""
    return shlex.join(["python", "-m", "genre_core", *sys.argv[1:]])


def printable(text: str) -> str:
    r"""Return `text` with line ends, control characters and undecodable bytes escaped."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
