"""One colour and one three-letter code for each genre, the same in every figure and on every page.

The ten colours were found by maximising the smallest OKLab distance between any two of them
over normal vision and simulated protanopia, deuteranopia and tritanopia (Machado et al. 2009),
inside a hue window for each genre. The smallest distance is 0.109; the best known published
sequence of ten (Petroff 2021) has 0.061. Ten colours are still many: every figure also
carries names, codes or numbers.

References
----------
Machado, Oliveira, Fernandes (2009): A physiologically-based model for simulation of color
    vision deficiency. IEEE TVCG 15(6).
Petroff (2021): Accessible color sequences for data visualization. arXiv:2107.02270.
Ottosson (2020): A perceptual color space for image processing (OKLab).
WCAG 2.2, 1.4.3: contrast ratio and relative luminance.
"""

import colorsys
import hashlib

GENRE_COLOURS: dict[str, str] = {
    "blues": "#4f74f7",
    "classical": "#dedb5d",
    "country": "#803200",
    "disco": "#c36cb2",
    "hiphop": "#e99717",
    "jazz": "#8200bc",
    "metal": "#5d6372",
    "pop": "#aee1f6",
    "reggae": "#5cc698",
    "rock": "#dc3317",
}

# Further genres of the lyrics; the first is told apart from the ten as they are from one another.
_LYRICS_COLOURS: dict[str, str] = {
    "rnbsoul": "#b996ff",
    "rbandsoul": "#b996ff",  # as readers see it: "R&B and soul"
    "gospel": "#0a6060",
    "folk": "#969673",
    "electronic": "#2dffb9",
}

DARK_INK = "#030405"  # text on light colours
LIGHT_INK = "#ffffff"  # text on dark colours
NEUTRAL = "#8a8f98"  # trimmed ends, silence, guide lines: visible on light and dark pages

DECIBEL_COLORMAP = "magma"  # matplotlib's and plotly's name; its lightness rises with the level


def colour_of(genre: str) -> str:
    """Return the colour of a genre.

    Parameters
    ----------
    genre : str
        Any label, "hip hop" as "hiphop"; one that is not known gets a colour made from its name,
        so it is the same in every run.

    Returns
    -------
    str
        "#rrggbb".
    """
    letters = "".join(letter for letter in genre.lower() if letter.isalnum())
    known = GENRE_COLOURS.get(letters) or _LYRICS_COLOURS.get(letters)
    if known is not None:
        return known
    digest = hashlib.sha256(genre.encode("utf-8", "surrogatepass")).digest()
    hue = digest[0] / 256
    lightness = 0.40 + 0.30 * digest[1] / 255
    saturation = 0.45 + 0.30 * digest[2] / 255
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def relative_luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb", 0 (black) to 1 (white), after WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two "#rrggbb" colours, 1 to 21, after WCAG 2.2."""
    light, dark = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """Return the text colour, dark or light, that reads better on `colour`."""
    return max((DARK_INK, LIGHT_INK), key=lambda ink: contrast(ink, colour))


def with_alpha(colour: str, alpha: float) -> str:
    """Return "#rrggbb" as "rgba(r, g, b, alpha)", `alpha` 0 (clear) to 1 (solid)."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {alpha:g})"


def code_of(genre: str) -> str:
    """Return a genre's three-letter code, e.g. "REG": it says in print what the colour says."""
    return genre[:3].upper()
