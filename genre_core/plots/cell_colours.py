"""The colours of the cells of a matrix."""

from dataclasses import dataclass

import matplotlib.colors
import numpy as np

# Lightness changes in one direction, so that the scale is also read in grey.
_LIGHT = ("#f3f5fa", "#ccd7ef", "#95abdc", "#5876bb", "#2f4a86", "#182648")
_DARK = ("#1b202b", "#27375a", "#36528e", "#5478c6", "#8dadea", "#d3e2ff")
# Worse on the left, better on the right.
_LIGHT_SIGNED = ("#9a4a12", "#e0a06a", "#f5f5f5", "#8fa9dd", "#2f4a86")
_DARK_SIGNED = ("#f0a868", "#8a5226", "#1b202b", "#38568f", "#93b3f2")


@dataclass(frozen=True)
class CellColours:
    """A colour for every value from `low` to `high`, and ink that can be read on it."""

    stops: tuple[str, ...]
    low: float
    high: float

    def of(self, value: float) -> str:
        """Return the colour of `value` as "#rrggbb"."""
        place = (value - self.low) / (self.high - self.low)
        stops = [matplotlib.colors.to_rgb(stop) for stop in self.stops]
        at = np.linspace(0.0, 1.0, len(stops))
        red, green, blue = (float(np.interp(place, at, [s[k] for s in stops])) for k in range(3))
        return matplotlib.colors.to_hex((red, green, blue))

    def plotly(self) -> list[list[float | str]]:
        """Return the scale as plotly takes it."""
        places = np.linspace(0.0, 1.0, len(self.stops))
        return [[float(p), rgb(c)] for p, c in zip(places, self.stops, strict=True)]


def percent_colours(dark: bool) -> CellColours:
    """Return the one scale of all matrices: 0 to 100 % of a row."""
    return CellColours(_DARK if dark else _LIGHT, 0.0, 100.0)


def difference_colours(dark: bool, most: float) -> CellColours:
    """Return the scale of differences: `most` percentage points worse to as many better."""
    return CellColours(_DARK_SIGNED if dark else _LIGHT_SIGNED, -most, most)


def rgb(colour: str) -> str:
    """Return "#rrggbb" as plotly's "rgb(r, g, b)".

    Streamlit's theme takes some dark hex colours for its own placeholders.
    """
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"
