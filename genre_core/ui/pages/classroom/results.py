"""At the end: the mistakes of the class beside those of the network."""

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.plots.confusion import confusion_figure, largest_confusions
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.download import download
from genre_core.ui.components.text import as_markdown
from genre_core.ui.rooms.room import Room
from genre_core.ui.rooms.tally import (
    class_confusion,
    csv,
    genres_in_use,
    hardest,
    network_confusion,
    tallies,
)
from genre_core.ui.words import count, percent

_CELLS = {"row": "% of the true genre", "count": "Counts"}


def show(room: Room) -> None:
    """Show both matrices, what they have in common, the songs, and the table to keep."""
    st.markdown("\n".join(f"- {line}" for line in findings(room)))
    if any(song.truth is not None for song in room.songs):
        _matrices(room)
    else:
        st.info("No song has a true genre, so there are no matrices.", icon=":material/grid_off:")
    st.header("Song by song", anchor=False)
    st.table(song_table(room), border="horizontal", hide_index=True, alt="The songs of the room")
    download(
        "Table (CSV), without names",
        csv(room),
        file_name="class.csv",
        icon=":material/table:",
        key="class_csv",
    )


def findings(room: Room) -> list[str]:
    """Return what came out, a Markdown sentence each."""
    counted = (
        ("class", class_confusion(room), ("guess", "guesses")),
        ("network", network_confusion(room), ("song", "songs")),
    )
    lines = []
    for who, confusion, units in counted:
        right, total = int(np.trace(confusion)), int(confusion.sum())
        if total:
            lines.append(
                f"The {who}: **{right} of {count(total, *units)}** right, "
                f"{percent(right / total, 0)}."
            )
    answered = [each for each in tallies(room) if each.n_guesses]
    if answered:
        same = sum(each.network in each.most_said for each in answered)
        lines.append(
            f"For {same} of {count(len(answered), 'song')} the network says what most of the class "
            "said."
        )
    song = hardest(room)
    if song is not None:
        lines.append(
            f"Hardest for the class: “{as_markdown(song.title, 60)}”, "
            f"{as_markdown(song.truth or '')}. {song.guesses.get(song.truth or '', 0)} of "
            f"{song.n_guesses} were right; the network says {as_markdown(song.network)}."
        )
    no_idea = sum(each.no_idea for each in tallies(room))
    no_answer = sum(each.no_answer for each in tallies(room))
    lines.append(
        f"Not counted: {count(no_idea, 'time')} no idea, {count(no_answer, 'time')} no answer."
    )
    return lines


def song_table(room: Room) -> pd.DataFrame:
    """Return one row a song, as Markdown."""
    rows = []
    for number, each in enumerate(tallies(room), 1):
        most = " and ".join(each.most_said)
        n = each.guesses[each.most_said[0]] if each.most_said else 0
        rows.append(
            {
                "Song": rf"{number}\. {as_markdown(each.title, 60)}",
                "True genre": as_markdown(each.truth or "not said"),
                "The class": f"{as_markdown(most)} ({n} of {each.n_guesses})"
                if most
                else "nothing",
                "The network": f"{as_markdown(each.network)} ({percent(each.network_score, 0)})",
            }
        )
    return pd.DataFrame(rows)


def _matrices(room: Room) -> None:
    cells = st.segmented_control(
        "What the cells show",
        list(_CELLS),
        default="row",
        format_func=_CELLS.__getitem__,
        key="class_cells",
        required=True,
        label_visibility="collapsed",
    )
    st.caption(
        "A row is a true genre, a column what was named. The diagonal is right. Both have the same "
        "colours, from 0 to 100 % of a row."
    )
    sides = (
        ("The class", "guesses", class_confusion(room)),
        ("The network", "songs", network_confusion(room)),
    )
    genres = genres_in_use(room)
    with st.grid(2, min_column_width=330, gap="medium"):
        for name, what, counts in sides:
            errors = "; ".join(
                f"{true} named {named} {n} of {total} times"
                for true, named, n, total in largest_confusions(counts, genres)
            )
            with st.container(gap="xsmall"):
                st.header(name, anchor=False)
                st.plotly_chart(
                    confusion_figure(
                        counts,
                        genres,
                        what=what,
                        cells="count" if cells == "count" else "row",
                        dark=st.context.theme.type == "dark",
                    ),
                    config=CHART_CONFIG,
                    key=f"class_matrix_{what}",
                    alt=f"Confusion matrix of {name.lower()}, {counts.sum()} {what}. "
                    + (f"Most frequent errors: {errors}." if errors else "No errors."),
                )
