"""The accuracy that the README shows between its marks."""

from genre_core.errors import SettingsError
from genre_core.model_card.accuracy import headline, lengths_table, networks_table
from genre_core.model_card.facts import CardFacts

README_BEGIN = "<!-- accuracy: begin"
README_END = "<!-- accuracy: end -->"


def readme_block(facts: CardFacts, card_path: str) -> str:
    """Return the text between the marks; `card_path` is the card as the README links to it."""
    test = facts.own("test")
    if test is None:
        return f"Not measured yet: see [the card]({card_path})."
    see = (
        f"[The card]({card_path}) has the recipe, every genre, calibration, robustness and known "
        'weaknesses; the page "Test set" shows every song.'
    )
    parts = (
        headline(facts, test),
        networks_table(facts, test),
        f"Accuracy by frame, and by song with each way to combine its frames, on all "
        f"{len(test.clips)}:",
        lengths_table(facts, test),
        see,
    )
    return "\n\n".join(parts)


def rewrite_readme(text: str, block: str) -> str:
    """Return `text` with `block` between its accuracy marks; SettingsError if there are none."""
    start, end = text.find(README_BEGIN), text.find(README_END)
    if start < 0 or end < start:
        raise SettingsError(
            f"No lines {README_BEGIN} ... --> and {README_END} to write the accuracy between."
        )
    first_line = text[start : text.index("\n", start)]
    return f"{text[:start]}{first_line}\n{block}\n{text[end:]}"
