"""The verdict: the first thing to see, and the steps towards it in the same place."""

import html
from collections.abc import Callable
from typing import Protocol

from streamlit.delta_generator import DeltaGenerator

from genre_core.inference.aggregate import CLOSE_MARGIN, confidence_in_words
from genre_core.inference.analysis import UNLIKE
from genre_core.inference.recognizer import OnStep
from genre_core.plots.palette import colour_of, ink_on
from genre_core.types import Verdict
from genre_core.ui.words import percent

SPLIT_FROM = 0.5  # share of frames with another genre from which the song is called divided


class HtmlSlot(Protocol):
    """A place on the page that shows one piece of HTML at a time, such as `st.empty()`."""

    def html(self, body: str) -> object:
        """Replace what is shown."""


def show_verdict(place: HtmlSlot, verdict: Verdict, unlike_training: bool = False) -> None:
    """Show the genre in its colour, how sure the network is, the runner-up and the frames.

    Where the song is `unlike_training`, the card does not say how sure the network is.
    """
    colour = colour_of(verdict.genre)
    ink = ink_on(colour)
    runner_up = float(verdict.scores[verdict.genres.index(verdict.runner_up)])
    close = ": nearly a tie" if verdict.margin < CLOSE_MARGIN else ""
    sure = (
        f"{UNLIKE}: the nearest of its genres"
        if unlike_training
        else f"the network is {confidence_in_words(verdict)}"
    )
    facts = (
        f"<p><strong>{percent(verdict.confidence, 0)}</strong> – {sure}</p>"
        f"<p>Runner-up: {html.escape(verdict.runner_up)}, {percent(runner_up, 0)}{close}</p>"
        f"<p>{html.escape(agreement_in_words(verdict))}</p>"
    )
    place.html(
        f'<div class="gr-verdict" role="status" style="background:{colour};color:{ink}">'
        f'<div><p class="gr-says">The network says</p>'
        f'<p class="gr-genre">{html.escape(verdict.genre)}</p></div>'
        f'<div class="gr-facts">{facts}</div></div>'
    )


def agreement_in_words(verdict: Verdict) -> str:
    """Return a sentence on how far the frames agree with the verdict."""
    n = verdict.n_frames
    against = round(verdict.disagreement * n)
    if n == 1:
        return "The song has one frame only, so nothing was averaged."
    if against == 0:
        return "Both frames agree." if n == 2 else f"All {n} frames agree."
    if verdict.disagreement >= SPLIT_FROM:
        return f"The frames disagree: only {n - against} of {n} say {verdict.genre}."
    says = "says" if against == 1 else "say"
    return f"The frames disagree: {against} of {n} {says} something else."


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
