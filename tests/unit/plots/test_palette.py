"""The genre colours: readable, told apart, and the same everywhere."""

import itertools

import numpy as np
import pytest

from genre_core.config import GENRES
from genre_core.plots import palette

# Machado et al. (2009), severity 1.0, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
RGB_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LMS_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear_rgb(colour: str) -> np.ndarray:
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def oklab(linear: np.ndarray) -> np.ndarray:
    return LMS_TO_OKLAB @ np.cbrt(RGB_TO_LMS @ np.clip(linear, 0, 1))


def test_every_genre_has_its_own_colour_and_code():
    assert set(palette.GENRE_COLOURS) == set(GENRES)
    assert len(set(palette.GENRE_COLOURS.values())) == len(GENRES)
    assert len({palette.code_of(g) for g in GENRES}) == len(GENRES)


@pytest.mark.parametrize("vision", VISION)
def test_any_two_genres_can_be_told_apart(vision: str):
    seen = {g: oklab(VISION[vision] @ linear_rgb(c)) for g, c in palette.GENRE_COLOURS.items()}
    distances = {
        pair: float(np.linalg.norm(seen[pair[0]] - seen[pair[1]]))
        for pair in itertools.combinations(seen, 2)
    }
    # 0.02 is just noticeable; the best published sequence of ten reaches 0.061.
    closest = min(distances, key=distances.__getitem__)
    assert distances[closest] > 0.1, closest


@pytest.mark.parametrize("genre", GENRES)
def test_text_on_a_genre_colour_is_readable(genre: str):
    colour = palette.colour_of(genre)
    assert palette.contrast(palette.ink_on(colour), colour) >= 4.5  # WCAG AA


def test_a_genre_of_the_lyrics_has_the_colour_of_the_sound():
    assert palette.colour_of("hip hop") == palette.colour_of("Hip-Hop") == "#e99717"
    assert palette.colour_of("R&B and soul") == palette.colour_of("rnb_soul")


@pytest.mark.parametrize("vision", VISION)
def test_soul_is_told_apart_from_every_genre_of_the_sound(vision: str):
    soul = oklab(VISION[vision] @ linear_rgb(palette.colour_of("rnb_soul")))
    for colour in palette.GENRE_COLOURS.values():
        assert np.linalg.norm(soul - oklab(VISION[vision] @ linear_rgb(colour))) > 0.1, colour


def test_unknown_genres_get_a_stable_colour_of_their_own():
    names = ["afrobeat", "Fado", "", "ü", "\udcff"]
    colours = [palette.colour_of(name) for name in names]
    assert colours == [palette.colour_of(name) for name in names]
    assert len(set(colours)) == len(names)
    for colour in colours:
        assert len(colour) == 7
        assert palette.contrast(palette.ink_on(colour), colour) >= 4.5


def test_contrast_of_black_and_white():
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert palette.contrast("#777777", "#777777") == pytest.approx(1.0)
