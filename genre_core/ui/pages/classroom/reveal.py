"""One song, revealed: what it is, what the class said and what the network said."""

import html

import streamlit as st

from genre_core.plots.palette import colour_of
from genre_core.ui.components.genre_chip import chip_html
from genre_core.ui.components.text import as_html
from genre_core.ui.rooms.room import Room
from genre_core.ui.rooms.tally import SongTally, tally
from genre_core.ui.words import percent


def show(room: Room) -> None:
    """Show the song that is revealed."""
    said = tally(room, room.place)
    st.html(f'<div class="gr-revealed">{_title_html(said)}{_bars_html(said)}</div>')


def _title_html(said: SongTally) -> str:
    truth = (
        f"It is {chip_html(said.truth)}."
        if said.truth
        else "Nobody has said which genre it truly is."
    )
    return (
        f'<p class="gr-song">{as_html(said.title)}</p><p>{truth} The network says '
        f"{chip_html(said.network, f'{said.network} {percent(said.network_score, 0)}')}.</p>"
    )


def _bars_html(said: SongTally) -> str:
    rows = [(genre, n, colour_of(genre)) for genre, n in said.guesses.items()]
    rows += [("no idea", said.no_idea, "")] if said.no_idea else []
    if not rows:
        return "<p>Nobody in the class has answered.</p>"
    most = max(n for _, n, _ in rows)
    lines = "".join(
        f"<tr><th scope='row'>{html.escape(genre)}</th><td class='gr-n'>{n}</td>"
        f"<td class='gr-bar'><i style='width:{100 * n / most:.0f}%;"
        f"{f'background:{colour}' if colour else ''}'></i></td></tr>"
        for genre, n, colour in rows
    )
    silent = f"<p class='gr-soft'>{said.no_answer} without an answer.</p>" if said.no_answer else ""
    return f"<table class='gr-guesses'><caption>The class</caption>{lines}</table>{silent}"
