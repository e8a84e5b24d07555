"""What a link to the page "Lyrics" says.

`?part=years&quantity=richness&span=1&genres=rock.pop`, `?part=song&example=metal&about=rock`.
Pasted text is in no link.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from genre_core.ui import url

Part = Literal["song", "years", "typical", "quality"]
Quantity = Literal["n_words", "richness", "net_sentiment"]
TextKind = Literal["raw", "processed"]
Span = Literal[1, 10]

PARTS: dict[Part, str] = {
    "song": "One song",
    "years": "Over the years",
    "typical": "Typical words",
    "quality": "How good it is",
}


@dataclass(frozen=True)
class LyricsView:
    """The settings of the page.

    Attributes
    ----------
    part : str
        A key of `PARTS`.
    example : str
        Name of the bundled example that is shown; empty for none.
    about : str
        The genre that the words are shaded for; empty for the verdict.
    quantity, span_years, genres
        Of "Over the years"; `genres` are parted by dots, empty for the usual ones.
    genre, text_kind
        Of "Typical words"; `text_kind` of "How good it is" too.
    """

    part: Part = "song"
    example: str = ""
    about: str = ""
    quantity: Quantity = "n_words"
    span_years: Span = 10
    genres: str = ""
    genre: str = ""
    text_kind: TextKind = "raw"


PARAMETERS = {
    "part": url.one_of("part", PARTS),
    "example": url.text("example"),
    "about": url.text("about"),
    "quantity": url.one_of("quantity", get_args(Quantity)),
    "span": url.one_of("span_years", get_args(Span), int),
    "genres": url.text("genres"),
    "genre": url.text("genre"),
    "text": url.one_of("text_kind", get_args(TextKind)),
}
