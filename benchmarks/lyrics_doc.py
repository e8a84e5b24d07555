"""Write the measured parts of docs/lyrics.md from experiment F, the bundled model and its scores.

python -m benchmarks.lyrics_doc
"""

import sys
from pathlib import Path

from benchmarks.experiments_doc import fill
from genre_core.errors import GenreError
from genre_core.evaluation.lyrics_scores import WHOLE_TEXT_SECONDS
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.summary import summarise
from genre_core.experiments.lyrics_summary import LyricsRow, flattery, read_rows, spread
from genre_core.lyrics import bundled
from genre_core.lyrics.genres import genre_name
from genre_core.markdown import markdown_table
from genre_core.plots.lyrics.accuracy import NAMES

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "lyrics.md"
KINDS = {"raw": "whole texts, six genres", "processed": "without stop words, seven genres"}
SCORES = {"raw": "whole texts", "processed": "without stop words"}


def model_part() -> str:
    """Return the table of the bundled model's grouped folds, and how it was chosen."""
    rows = []
    for kind, name in SCORES.items():
        scores = load_score_set(bundled.SCORES_FOLDER / f"{kind}.json")
        summary = summarise(scores, WHOLE_TEXT_SECONDS)
        accuracy = summary.song_accuracy
        rows.append(
            [
                name,
                str(len(scores.genres)),
                f"{summary.n_songs:,}",
                f"{accuracy.value:.3f} ({accuracy.low:.3f} - {accuracy.high:.3f})",
                f"{summary.macro_f1:.3f}",
                f"{summary.song_diagonal:.3f}",
                f"{summary.calibration_error:.3f}",
            ]
        )
    header = ["texts", "genres", "songs", "accuracy (95 %)", "macro F1", "mean recall", "ECE"]
    facts = bundled.bundled_model().facts
    compared = "; ".join(
        f"{NAMES[each['classifier']]}, {'all' if each['n'] is None else each['n']} words "
        f"{each['accuracy']:.3f} / {each['macro_f1']:.3f}"
        for each in facts["compared"]
    )
    mixed = facts["songs_drawn_at_random"]
    songs = ", ".join(f"{genre_name(genre)} {n:,}" for genre, n in facts["songs"].items())
    return (
        f"{markdown_table(header, rows, range(1, len(header)))}\n\n"
        f"The bundled model learnt from {songs}. Compared on the same folds (accuracy / macro F1): "
        f"{compared}. With songs drawn at random the best has {mixed['accuracy']:.3f} / "
        f"{mixed['macro_f1']:.3f}."
    )


def experiment_part(rows: list[LyricsRow]) -> str:
    """Return the tables of experiment F."""
    parts = []
    for kind, name in KINDS.items():
        own = [row for row in rows if row.text_kind == kind and row.songs == "balanced"]
        sizes = sorted({row.n for row in own if row.n is not None})
        table = []
        for classifier in dict.fromkeys(row.classifier for row in own):
            by_size = {r.n: r for r in own if r.classifier == classifier and r.split == "grouped"}
            mixed = {g.classifier: m for g, m in flattery(rows, kind)}.get(classifier)
            table.append(
                [
                    NAMES[classifier],
                    *(_cell(by_size.get(size)) for size in (*sizes, None)),
                    "–" if mixed is None else f"{100 * mixed.accuracy:.1f}",
                ]
            )
        header = ["classifier", *(f"n = {n:,}" for n in sizes), "all words", "all, at random"]
        n = f"{own[0].n_songs:,} songs" if own else "no songs"
        parts.append(
            f"**{name[0].upper()}{name[1:]}** ({n}):\n\n"
            + markdown_table(header, table, range(1, len(header)))
        )
    whole = [row for row in rows if row.songs == "all"]
    parts += [
        f"All {row.n_songs:,} songs without stop words, {NAMES[row.classifier]} on all words: "
        f"{row.accuracy:.3f} / {row.macro_f1:.3f}."
        for row in whole
    ]
    return "\n\n".join(parts)


def main() -> int:
    """Fill both parts."""
    try:
        text = DOCUMENT.read_text(encoding="utf-8")
        text = fill(text, "model", model_part())
        text = fill(text, "experiment", experiment_part(read_rows()))
    except GenreError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    DOCUMENT.write_text(text, encoding="utf-8")
    print(DOCUMENT)
    return 0


def _cell(row: LyricsRow | None) -> str:
    """Return accuracy and its spread over the folds in percent, and macro F1."""
    if row is None:
        return "–"
    return f"{100 * row.accuracy:.1f} ± {100 * spread(row):.1f} / {100 * row.macro_f1:.1f}"


if __name__ == "__main__":
    sys.exit(main())
