"""Words that a listener knows for heights of pitch."""

# Upper ends in Hz. A part is named by its middle.
REGISTERS: tuple[tuple[float, str], ...] = (
    (300.0, "the bass"),
    (800.0, "the lower middle"),
    (1_700.0, "the middle"),
    (3_500.0, "the upper middle"),
    (float("inf"), "the treble"),
)


def register(low_hz: float, high_hz: float) -> str:
    """Return e.g. "the bass" for what lies between two frequencies."""
    middle_hz = (low_hz + high_hz) / 2.0
    return next(name for end_hz, name in REGISTERS if middle_hz < end_hz)


def registers_in_words() -> str:
    """Return the table as a sentence."""
    parts, low_hz = [], 0.0
    for end_hz, name in REGISTERS:
        parts.append(
            f"{name} {low_hz:,.0f} to {end_hz:,.0f} Hz"
            if end_hz < float("inf")
            else f"{name} all above"
        )
        low_hz = end_hz
    return f"By the middle of a part: {', '.join(parts)}."
