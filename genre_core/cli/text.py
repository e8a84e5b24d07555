"""Text from outside on its way to a terminal."""


def printable(text: str) -> str:
    r"""Return `text` with line ends, control characters and undecodable bytes escaped."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
