"""A plain HTML table: read out cell by cell, and scrolled by itself where it is too wide."""

import html
from collections.abc import Collection, Sequence


def table_html(
    caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], words: Collection[int] = ()
) -> str:
    """Return a table whose first column names its rows.

    `words` are the other columns that hold words; the rest are numbers, set flush right.
    """

    def kind(index: int) -> str:
        return ' class="gr-words"' if index in words else ""

    def cell(index: int, text: str) -> str:
        if index == 0:
            return f'<th scope="row">{html.escape(text)}</th>'
        return f"<td{kind(index)}>{html.escape(text)}</td>"

    head = "".join(
        f'<th scope="col"{kind(index)}>{html.escape(text)}</th>'
        for index, text in enumerate(header)
    )
    body = "".join(
        f"<tr>{''.join(cell(index, text) for index, text in enumerate(row))}</tr>" for row in rows
    )
    return (
        f'<div class="gr-scroll" role="region" tabindex="0" aria-label="{html.escape(caption)}">'
        f'<table class="gr-table"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
