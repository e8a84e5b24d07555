"""How well the network notices sound that is none of its genres."""

from genre_core.evaluation.unlike import Group
from genre_core.markdown import markdown_table
from genre_core.model_card.facts import CardFacts
from genre_core.model_card.wording import unmeasured


def unlike_section(facts: CardFacts) -> str:
    """Return the section "None of these"."""
    record = facts.unlike
    if record is None:
        return unmeasured("other sounds")
    rows = [
        [
            group.name,
            str(group.n_sounds),
            f"{record.area_under_curve(group):.2f}",
            f"{100 * record.share_unlike(group):.0f} %",
        ]
        for group in record.groups
    ]
    header = ["sound", "n", "area under curve", "called unlike"]
    table = markdown_table(header, rows, numbers={1, 2, 3})
    known = _share_of(record.known, record.share_unlike(record.known))
    return (
        "The features of a song are the means of the maps of the last two convolution blocks, "
        "standardised. Its distance is that to the 5th nearest training song: in space for the "
        "last block but one, plus in direction for the last (after Sun et al. 2022). Which "
        "features to take was chosen on these sounds and the validation list. "
        "Beyond 98 % of the validation songs, page and command line say that the song is unlike "
        f"anything this network has learnt: {known} of the test list. The area under the curve "
        "says how often such a sound is further away than a song of the test list: 0.5 is chance, "
        f"1 is perfect.\n\n{table}{_refused(record.groups)}"
    )


def _share_of(group: Group, share: float) -> str:
    return f"{round(share * group.n_sounds)} of the {group.n_sounds} songs"


def _refused(groups: tuple[Group, ...]) -> str:
    refused = [f"{group.n_refused} of {group.name}" for group in groups if group.n_refused]
    if not refused:
        return ""
    return (
        f"\n\nSilent in every frame, and so refused with a message: {', '.join(refused)}. They "
        "count as unlike."
    )
