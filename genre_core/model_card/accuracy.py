"""Accuracy and confidence on the test list: the numbers, and the sections of the card with them."""

from dataclasses import dataclass

from genre_core.evaluation import knn
from genre_core.evaluation.calibration import reliability
from genre_core.evaluation.export import accuracy_table
from genre_core.evaluation.metrics import PairedTest, mcnemar
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.summary import summarise
from genre_core.evaluation.verdicts import AGGREGATIONS, NAMES, song_scores
from genre_core.markdown import markdown_table
from genre_core.model_card.facts import CardFacts
from genre_core.model_card.wording import network_name, songs_correct, unmeasured


@dataclass(frozen=True)
class Comparison:
    """The network against another one."""

    other: str
    test: PairedTest


def own_length(facts: CardFacts, score_set: ScoreSet) -> float:
    """Return the network's own frame length, or the longest that was scored, in seconds."""
    own = facts.info.frames.frame_seconds
    return own if own in score_set.frames else max(score_set.frames)


def comparisons(facts: CardFacts, test: ScoreSet) -> list[Comparison]:
    """Compare with every other network on the same clips."""
    seconds = own_length(facts, test)
    ours = song_scores(test.frames[seconds]).argmax(axis=1)
    return [
        Comparison(
            network_name(item),
            mcnemar(test.labels(), ours, song_scores(item.frames[seconds]).argmax(axis=1)),
        )
        for item in facts.others(test)
    ]


def headline(facts: CardFacts, test: ScoreSet) -> str:
    """Return the sentence above the table of groups."""
    provenance = test.provenance
    return (
        f"Song accuracy of `{facts.info.name}` on the test list of {provenance.dataset} "
        f"({len(test.clips)} clips; list: {provenance.split}), frames of "
        f"{own_length(facts, test):g} s, with 95 % intervals:"
    )


def networks_table(facts: CardFacts, test: ScoreSet) -> str:
    """Return the song accuracy of this network and the others."""
    seconds = own_length(facts, test)
    rows = [[f"`{facts.info.name}`", songs_correct(summarise(test, seconds))]]
    rows += [[network_name(item), songs_correct(summarise(item, seconds))]
             for item in facts.others(test)]  # fmt: skip
    return markdown_table(["network", "songs correct"], rows, numbers={1})


def comparison_text(facts: CardFacts, test: ScoreSet) -> str:
    """Return the comparison with each other network: the songs on which they differ, and p."""
    sentences = [
        f"`{facts.info.name}` alone is correct on {item.test.first_only} clips, {item.other} alone "
        f"on {item.test.second_only} (McNemar, exact, two-sided: p = {item.test.p_value:.2g})."
        for item in comparisons(facts, test)
    ]
    return "\n".join(sentences) or "No other network was measured on these clips."


def accuracy_section(facts: CardFacts) -> str:
    """Return the section "Accuracy on the test list"."""
    test = facts.own("test")
    if test is None:
        return unmeasured("test list")
    parts = []
    for item in (test, *facts.others(test)):
        name = f"`{facts.info.name}`" if item is test else network_name(item)
        parts.append(f"**{name}**\n\n{_table_by_length(item)}")
    parts.append(
        '"Diagonal" is the mean recall over the genres, as the paper counts accuracy. A clip of '
        "30 s holds one frame of 29.12 s, so by frame and by song are the same there."
    )
    parts.append(f"By song, with each aggregation:\n\n{lengths_table(facts, test)}")
    valid = facts.own("valid")
    if valid is not None:
        seconds = own_length(facts, valid)
        summary = summarise(valid, seconds)
        parts.append(
            f"Validation list ({summary.n_songs} clips), frames of {seconds:g} s: "
            f"{summary.song_accuracy.in_percent()}. The recipe was chosen by it, so this flatters."
        )
    return "\n\n".join(parts)


def _table_by_length(score_set: ScoreSet) -> str:
    rows = []
    for seconds in sorted(score_set.frames):
        summary = summarise(score_set, seconds)
        rows.append(
            [
                f"{seconds:g} s",
                str(summary.n_frames),
                summary.frame_accuracy.in_percent(),
                summary.song_accuracy.in_percent(),
                summary.averaging_gain.in_points(),
                f"{100 * summary.frame_diagonal:.1f} %",
                f"{100 * summary.song_diagonal:.1f} %",
            ]
        )
    header = ["frame", "frames", "by frame", "by song (mean)", "gain, points"]
    header += ["diagonal by frame", "by song"]
    return markdown_table(header, rows, numbers=set(range(len(header))))


def lengths_table(facts: CardFacts, test: ScoreSet) -> str:
    """Return accuracy for each frame length and aggregation, and the settings of the kNN."""
    valid = facts.own("valid")
    references = None if valid is None else dict.fromkeys(valid.frames, valid)
    rows = [
        [f"{row['frame_seconds']:g} s", row["by_frame"], *(row[name] for name in AGGREGATIONS)]
        for row in accuracy_table(test, references).to_dict("records")
    ]
    header = ["frame", "by frame", *(NAMES[name] for name in AGGREGATIONS)]
    table = markdown_table(header, rows, numbers=set(range(len(header))))
    songs = "the validation list" if valid is not None else "other artists on this list"
    return (
        f"{table}\n\nkNN looks up, for each frame, the genres of the {knn.DEFAULT.k} frames of "
        f"{songs} with the most similar scores ({knn.DEFAULT.metric.capitalize()} distance)."
    )


def genres_section(facts: CardFacts) -> str:
    """Return the section "Genre by genre"."""
    test = facts.own("test")
    if test is None:
        return unmeasured("test list")
    seconds = own_length(facts, test)
    others = facts.others(test)
    beside = [summarise(item, seconds).per_genre for item in others]
    rows = []
    for index, genre in enumerate(summarise(test, seconds).per_genre):
        shares = (genre.precision, genre.recall, genre.f1, *(item[index].recall for item in beside))
        rows.append(
            [genre.genre, str(genre.support), *(f"{100 * share:.0f} %" for share in shares)]
        )
    header = ["genre", "n", "precision", "recall", "F1"]
    header += [f"recall of {network_name(item)}" for item in others]
    table = markdown_table(header, rows, numbers=set(range(1, len(header))))
    return f"Frames of {seconds:g} s.\n\n{table}"


def calibration_section(facts: CardFacts) -> str:
    """Return the section "Can its confidence be believed?"."""
    test = facts.own("test")
    temperature = facts.info.temperature
    how = "no temperature was fitted" if temperature == 1.0 else "fitted on the validation list"
    text = f"Scores are softmax(logits / {temperature:.3f}); {how}."
    if test is None:
        return f"{text}\n\n{unmeasured('test list')}"
    seconds = own_length(facts, test)
    error = summarise(test, seconds).calibration_error
    rows = [
        [
            f"{100 * item.low:.0f} to {100 * item.high:.0f} %",
            str(item.count),
            f"{100 * item.confidence:.1f} %",
            f"{100 * item.accuracy:.1f} %",
        ]
        for item in reliability(test.labels(), song_scores(test.frames[seconds]))
        if item.count
    ]
    table = markdown_table(
        ["confidence", "songs", "mean confidence", "accuracy"], rows, numbers={1, 2, 3}
    )
    return (
        f"{text} Expected calibration error by song, ten bins, frames of {seconds:g} s: "
        f"{error:.3f}.\n\n{table}"
    )
