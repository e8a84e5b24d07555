"""Tables for the reports and cards that the program writes."""

from collections.abc import Collection, Sequence


def markdown_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int] = ()
) -> str:
    """Return an aligned markdown table; the columns in `numbers` are set flush right."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (header, *rows)]
    widths = [max(3, *(len(row[i]) for row in cells)) for i in range(len(header))]
    rule = ["-" * (w - 1) + ":" if i in numbers else "-" * w for i, w in enumerate(widths)]

    def line(row: Sequence[str]) -> str:
        padded = (
            cell.rjust(w) if i in numbers else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"

    return "\n".join(line(row) for row in (cells[0], rule, *cells[1:]))
