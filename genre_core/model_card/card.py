"""The model card: what a network is, how it was trained and how accurate it is.

Everything in it is computed from the checkpoint, the record of its training run, the score files
and the log of looks at the test list. Where something is missing, the card says so. The same facts
give the same text.

References
----------
Mitchell et al. (2019): Model cards for model reporting. FAT*.
"""

from genre_core.evaluation.summary import summarise
from genre_core.markdown import markdown_table
from genre_core.model_card import accuracy, coarse, folds, robustness, training, unlike
from genre_core.model_card.facts import CardFacts
from genre_core.model_card.notes import DATASET_CREDITS, INIT_CREDITS, INIT_NOTES
from genre_core.model_card.wording import FEW_CLIPS, unmeasured

COMMAND = "python -m genre_core card"
ALLOWED_LOSS = 0.05  # that a perturbation may cost before the card names it as a weakness


def card(facts: CardFacts) -> str:
    """Return the whole card as markdown."""
    info = facts.info
    sections = (
        ("In short", _in_short(facts)),
        ("Data and split", training.data_section(facts)),
        ("Training", training.training_section(facts)),
        ("Accuracy on the test list", accuracy.accuracy_section(facts)),
        ("Genre by genre", accuracy.genres_section(facts)),
        ("Can its confidence be believed?", accuracy.calibration_section(facts)),
        ("Robustness", robustness.robustness_section(facts)),
        ("None of these", unlike.unlike_section(facts)),
        ("Whole songs", robustness.songs_section(facts)),
        ("Songs from elsewhere, by folds", folds.elsewhere_section(facts)),
        ("Cross-validation", folds.cross_validation_section(facts)),
        ("Coarse clips", coarse.coarse_section(facts)),
        ("Looks at the test list", _looks(facts)),
        ("Known weaknesses", "\n".join(f"- {sentence}" for sentence in weaknesses(facts))),
        ("Size and cost", _size(facts)),
        ("Licence and credits", _credits(facts)),
    )
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections)
    return f"""# Model card: {info.name}

Written by `{COMMAND}`; do not edit by hand. Checkpoint `{facts.file_name}`, content hash
`{info.sha256[:16]}`. Intervals are 95 %: Wilson's by song, bootstrap over songs by frame.

{body}
"""


def weaknesses(facts: CardFacts) -> list[str]:
    """Return a sentence for each known weakness."""
    sentences: list[str] = []
    test = facts.own("test")
    if test is not None:
        per_genre = summarise(test, accuracy.own_length(facts, test)).per_genre
        few = sorted((each.support, each.genre) for each in per_genre if each.support < FEW_CLIPS)
        if few:
            names = ", ".join(f"{genre} {count}" for count, genre in few)
            sentences.append(
                f"Genres with fewer than {FEW_CLIPS} test clips: {names}. Their accuracy is hardly "
                "known."
            )
        weakest = sorted(per_genre, key=lambda genre: genre.recall)[:2]
        names = " and ".join(f"{genre.genre} ({100 * genre.recall:.0f} %)" for genre in weakest)
        sentences.append(f"Least often recognised: {names}.")
    sentences += [
        f"{item.name[0].upper()}{item.name[1:]} costs {100 * item.loss:.1f} points."
        for item in robustness.losses(facts)
        if item.list_name == "test" and item.loss > ALLOWED_LOSS
    ]
    sentences += [INIT_NOTES[source] for source in facts.sources if source in INIT_NOTES]
    stale = facts.stale()
    if stale:
        sentences.append(
            "Left out of this card, because another state of the weights was measured: "
            f"{', '.join(stale)}."
        )
    sentences.append(_outside(facts))
    return sentences


def _outside(facts: CardFacts) -> str:
    n_genres = len(facts.info.genres)
    if facts.info.familiarity is None:
        return (
            f'It knows {n_genres} genres and never answers "none of these": outside them its '
            "answer means little, whatever its confidence."
        )
    return (
        f"It knows {n_genres} genres. Where most of a song lies further from what it has learnt "
        "from than nearly all validation songs do, page and command line say so; the scores still "
        "add up to 1, and mean little there."
    )


def _in_short(facts: CardFacts) -> str:
    test = facts.own("test")
    what = (
        f"A convolutional recurrent network (`{facts.info.model_name}`) that gives a frame of 3 to "
        f"29.12 s of music a score for each of {len(facts.info.genres)} genres: "
        f"{', '.join(facts.info.genres)}."
    )
    if test is None:
        return f"{what}\n\n{unmeasured('test list')}"
    parts = (
        what,
        accuracy.headline(facts, test),
        accuracy.networks_table(facts, test),
        accuracy.comparison_text(facts, test),
    )
    return "\n\n".join(parts)


def _looks(facts: CardFacts) -> str:
    if not facts.looks:
        return "There is no log beside the checkpoint."
    rows = [[look.date, look.what, look.result, look.used_for] for look in facts.looks]
    table = markdown_table(["date", "what", "result", "used for"], rows)
    return (
        "The log beside the checkpoint: looks at accuracy on the test list before this card, and "
        f"what each decided.\n\n{table}"
    )


def _size(facts: CardFacts) -> str:
    share = facts.size.multiply_adds / facts.published_size.multiply_adds
    return (
        f"{facts.size.parameters:,} parameters, {facts.file_bytes / 1e6:.2f} MB; "
        f"{facts.size.multiply_adds / 1e6:,.0f} million multiply-adds for a frame of 29.12 s, "
        f"{100 * share:.0f} % of the published network's "
        f"({facts.published_size.multiply_adds / 1e6:,.0f} million). Counted by "
        "`python -m genre_core networks`."
    )


def _credits(facts: CardFacts) -> str:
    lines = (
        ["- The checkpoint is under the licence of this repository (MIT)."] if facts.bundled else []
    )
    lines += [f"- {INIT_CREDITS[source]}" for source in facts.sources if source in INIT_CREDITS]
    dataset = str(facts.info.training.get("dataset", ""))
    if dataset in DATASET_CREDITS:
        lines.append(f"- {DATASET_CREDITS[dataset]}")
    return "\n".join(lines) or "Not recorded."
