"""The verdict: the first thing to see, and the steps towards it in the same place."""

import html
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from streamlit.delta_generator import DeltaGenerator

from genre_core.evaluation.surety import Surety
from genre_core.inference.aggregate import close_genres
from genre_core.inference.analysis import UNLIKE
from genre_core.inference.recognizer import OnStep
from genre_core.plots.palette import colour_of, ink_on
from genre_core.types import Verdict
from genre_core.ui.components.text import as_html
from genre_core.ui.words import percent

SHOWN = 3  # genres with their scores


class HtmlSlot(Protocol):
    """A place on the page that shows one piece of HTML at a time, such as `st.empty()`."""

    def html(self, body: str) -> object:
        """Replace what is shown."""


def show_verdict(
    place: HtmlSlot,
    verdict: Verdict,
    surety: Surety | None = None,
    unlike_training: bool = False,
    remarks: Sequence[str] = (),
) -> None:
    """Show the genre in its colour, how sure the network is, the next genres and the parts.

    Where the song is `unlike_training`, the card says so in place of how sure the network is.

    Parameters
    ----------
    surety : None where it was not measured
    remarks : sentences on what others call the song; foreign text, escaped here
    """
    colour = colour_of(verdict.genre)
    if unlike_training:
        name, says, look = verdict.genre, "The nearest of its genres", " gr-unlike"
        facts = [f"<strong>{UNLIKE[0].upper()}{UNLIKE[1:]}</strong>"]
    else:
        name, says, look = headline(verdict), "The network says", ""
        unit = " of the votes" if verdict.aggregation == "majority_vote" else ""
        sure = f" – the network is {surety.words}" if surety is not None else ""
        facts = [f"<strong>{percent(verdict.confidence, 0)}</strong>{unit}{sure}"]
    facts += [html.escape(next_genres(verdict)), html.escape(agreement_in_words(verdict))]
    facts += [as_html(remark, 200) for remark in remarks]
    size = " gr-several" if name != verdict.genre else ""
    place.html(
        f'<div class="gr-verdict{look}" role="status" '
        f'style="background-color:{colour};color:{ink_on(colour)}">'
        f'<div class="gr-named"><p class="gr-says">{says}</p>'
        f'<p class="gr-genre{size}">{html.escape(name)}</p></div>'
        f'<div class="gr-facts">{"".join(f"<p>{fact}</p>" for fact in facts)}</div></div>'
    )


def headline(verdict: Verdict) -> str:
    """Return the genre, with one or two others where it is close: "rock, perhaps pop"."""
    first, *others = close_genres(verdict)
    return f"{first}, perhaps {' or '.join(others)}" if others else first


def next_genres(verdict: Verdict) -> str:
    """Return the genres after the first with their scores, e.g. "Then reggae 12 %, pop 8 %."."""
    order = np.argsort(-verdict.scores, kind="stable")[1:SHOWN]
    named = (f"{verdict.genres[i]} {percent(float(verdict.scores[i]), 0)}" for i in order)
    return f"Then {', '.join(named)}."


def agreement_in_words(verdict: Verdict) -> str:
    """Return a sentence on how many parts of the song say the same as the verdict."""
    n = verdict.n_frames
    against = round(verdict.disagreement * n)
    if n == 1:
        return "The song is so short that it is one part only."
    if against == 0:
        return (
            f"Both parts of the song say {verdict.genre}."
            if n == 2
            else (f"All {n} parts of the song say {verdict.genre}.")
        )
    say, others = ("says" if number == 1 else "say" for number in (n - against, against))
    return f"{n - against} of {n} parts {say} {verdict.genre}, {against} {others} something else."


def cancellable(
    place: HtmlSlot, button: DeltaGenerator, key: str, on_cancel: Callable[[], None]
) -> OnStep:
    """Return what shows the steps of an analysis, and a button that ends it at the next one.

    Parameters
    ----------
    place, button : where the progress and, from the first step on, the button are shown
    key : of the button
    on_cancel : called before the page runs anew
    """
    is_shown = False

    def on_step(what: str, share: float) -> None:
        nonlocal is_shown
        if not is_shown:
            is_shown = True
            button.button("Cancel", key=key, icon=":material/stop:", on_click=on_cancel)
        show_progress(place, what, share)

    return on_step


def show_progress(place: HtmlSlot, what: str, share: float) -> None:
    """Show what is being done, in the place and size of the verdict, so that nothing jumps."""
    done = round(100 * min(max(share, 0.0), 1.0))
    place.html(
        f'<div class="gr-progress" role="status"><div>{html.escape(what)} …</div>'
        f'<progress max="100" value="{done}" aria-label="Progress">{done} %</progress>'
        "</div>"
    )
