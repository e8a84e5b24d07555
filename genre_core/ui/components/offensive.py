"""Words that are shown with dots: counted like all others, but nobody need read them out."""

_STEMS = ("nigg", "fagg", "cunt", "rape", "retard")
_VULGAR = ("fuck", "bitch", "shit", "pussy", "motherfuck", "dick", "hoe", "whore", "cock", "ass")


def with_dots(word: str) -> str:
    """Return a word with its middle replaced by dots, if it is a slur or vulgar."""
    is_offensive = word.startswith(_STEMS) or any(
        word in (v, f"{v}s", f"{v}es", f"{v}in", f"{v}ing", f"{v}ed", f"{v}er") for v in _VULGAR
    )
    if not is_offensive or len(word) < 3:
        return word
    return f"{word[0]}{'•' * (len(word) - 2)}{word[-1]}"
