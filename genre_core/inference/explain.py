"""Why this genre: which parts of a frame's mel-spectrogram raise its score, and which lower it.

Two methods explain the genre's log-odds. *Occlusion* hides one part after the other and measures
how far the log-odds fall. *Integrated gradients* goes from the neutral spectrogram to the real one,
and attributes to every point its share of the change; the shares add up to all of it. In a hidden
part, or a neutral spectrogram, every mel band has its mean over the frame: the timbre stays, the
events do not. The rest of a frame stays at its level when a part is hidden.

Each map is checked: the log-odds must fall further when its strongest parts are hidden together
than when as many parts drawn at random are.

The functions are generators that yield after each pass of the network, so the caller can show the
progress and stop. Frames pass one by one: on a CPU a batch is no faster, and needs more memory.
Captum has both methods, but no progress, no cancelling and no lock for one frame at a time, and it
computes every map anew for each hidden part (see `models.hidden_parts`).

References
----------
Zeiler, Fergus (2014): Visualizing and understanding convolutional networks. ECCV. (occlusion)
Sundararajan, Taly, Yan (2017): Axiomatic attribution for deep networks. ICML. (integrated
    gradients, and that they are complete)
Samek, Binder, Montavon, Lapuschkin, Müller (2017): Evaluating the visualization of what a deep
    neural network has learned. IEEE TNNLS 28(11). (hide the strongest parts, compare with random)
"""

import math
from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from genre_core.inference.grid import Cell, Grid
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.types import FloatArray

Method = Literal["occlusion", "integrated_gradients"]
LogOddsWithout = Callable[[Collection[Cell]], float]  # of the genre, with these cells hidden
Gradient = Callable[[FloatArray], tuple[float, FloatArray]]  # log-odds, and 1 / dB at each point

T = TypeVar("T")
Passes = Generator[None, None, T]  # one yield for each pass of the network

PART_ROWS, PART_COLUMNS = 6, 8  # a part that is hidden: 16 bands, 3.6 s of a frame of 29.12 s
FINE_ROWS, FINE_COLUMNS = 24, 64  # a cell of integrated gradients: 4 bands, 0.5 s
GRADIENT_STEPS = 24  # at 96, parts of seven demo songs differ little: they correlate by 0.99
CHECKED_PARTS = 5  # hidden together in the check: a tenth of the spectrogram
CHECK_DRAWS = 8
NEGLIGIBLE = 1e-4  # log-odds; less is rounding


@dataclass(frozen=True)
class Check:
    """The log-odds with the strongest parts of a map hidden, and with parts drawn at random.

    Attributes
    ----------
    n_parts : number of parts hidden together
    share : of the spectrogram that they cover, 0 to 1
    log_odds : of the frame as it is
    strongest : log-odds with the strongest parts hidden
    random : log-odds with each random draw of as many parts hidden
    """

    n_parts: int
    share: float
    log_odds: float
    strongest: float
    random: tuple[float, ...]

    @property
    def holds(self) -> bool:
        """Whether the strongest parts matter more than parts drawn at random, on average."""
        return self.strongest < float(np.mean(self.random))


@dataclass(frozen=True, eq=False)
class Explanation:
    """The influence of the parts of one frame on the score of a genre.

    Attributes
    ----------
    log_odds : of the genre, for the frame as it is
    influence : float32, as `grid.shape`, on the log-odds; above 0 it raises them
    part_influence : the same in the larger parts that are named, played and checked
    neutral_log_odds : of the neutral spectrogram; only with integrated gradients
    gap : `log_odds - neutral_log_odds` minus the sum of the influences, which is not 0 because the
        number of steps is finite; only with integrated gradients
    check : None where no part raises the log-odds
    """

    genre: str
    method: Method
    log_odds: float
    grid: Grid
    influence: FloatArray
    part_grid: Grid
    part_influence: FloatArray
    neutral_log_odds: float | None
    gap: float | None
    check: Check | None


def score_of(log_odds: float) -> float:
    """Return the score, 0 to 1, whose log-odds these are."""
    return 1.0 / (1.0 + math.exp(-log_odds)) if log_odds > -700.0 else 0.0


def neutral(log_mel: FloatArray) -> FloatArray:
    """Return `log_mel` (n_mels, n_columns) with every band at its mean over time, in dB."""
    mean = log_mel.mean(axis=1, keepdims=True, dtype=np.float64)
    return np.broadcast_to(mean.astype(np.float32), log_mel.shape)


def occlusion(log_odds_without: LogOddsWithout, grid: Grid) -> Passes[tuple[float, FloatArray]]:
    """Hide each cell of a frame in turn.

    Returns the log-odds of the whole frame, and the influence of each cell, float32 of
    `grid.shape`: the fall of the log-odds when it is hidden.
    """
    whole = log_odds_without([])
    yield
    influence = np.zeros(grid.shape, dtype=np.float32)
    for cell in grid.cells():
        influence[cell] = whole - log_odds_without([cell])
        yield
    return whole, influence


def integrated_gradients(
    log_mel: FloatArray, gradient: Gradient, n_steps: int = GRADIENT_STEPS
) -> Passes[FloatArray]:
    """Return the influence of every point of `log_mel`, float32 (n_mels, n_columns) in dB.

    With more steps, the sum comes closer to log-odds(frame) - log-odds(neutral spectrogram). The
    gradient is taken in the middle of `n_steps` equal steps between the two.
    """
    start = neutral(log_mel)
    path = log_mel - start
    total = np.zeros(log_mel.shape, dtype=np.float64)
    for step in range(n_steps):
        _, slope = gradient(start + path * np.float32((step + 0.5) / n_steps))
        total += slope
        yield
    return (path * total / n_steps).astype(np.float32)


def strongest(influence: FloatArray, n: int) -> list[Cell]:
    """Return up to `n` cells that raise the log-odds, the strongest first."""
    order = np.argsort(-influence, axis=None, kind="stable")[:n]
    cells = [divmod(int(index), influence.shape[1]) for index in order]
    return [cell for cell in cells if influence[cell] > NEGLIGIBLE]


def check(
    log_odds_without: LogOddsWithout, whole: float, grid: Grid, influence: FloatArray
) -> Passes[Check | None]:
    """Hide the strongest parts of a map together, then as many drawn at random, a few times.

    The draws are the same for the same input. Returns None where no part raises the log-odds.

    Parameters
    ----------
    whole : log-odds of the whole frame
    influence : float32, as `grid.shape`
    """
    parts = strongest(influence, CHECKED_PARTS)
    if not parts:
        return None
    without_strongest = log_odds_without(parts)
    yield
    cells = grid.cells()
    rng = np.random.default_rng(0)
    random = []
    for _ in range(CHECK_DRAWS):
        drawn = rng.choice(len(cells), len(parts), replace=False)
        random.append(log_odds_without([cells[index] for index in drawn]))
        yield
    share = float(grid.mask(parts).mean())
    return Check(len(parts), share, whole, without_strongest, tuple(random))


def n_passes(method: Method) -> int:
    """Return the largest number of passes of the network for one explanation."""
    own = PART_ROWS * PART_COLUMNS if method == "occlusion" else GRADIENT_STEPS + 1
    return own + 1 + 1 + CHECK_DRAWS


def explain(
    recognizer: GenreRecognizer, log_mel: FloatArray, genre: str, method: Method
) -> Generator[float, None, Explanation]:
    """Explain the score of a genre for one frame; yield the share of the work done, 0 to 1.

    Parameters
    ----------
    log_mel : float32 (n_mels, n_columns), dB, one of those of `recognizer.log_mel`
    genre : one of the recognizer's
    """
    steps = _explain(recognizer, log_mel, genre, method)
    total = n_passes(method)
    done = 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            explanation: Explanation = end.value
            return explanation
        done += 1
        yield done / total


def _explain(
    recognizer: GenreRecognizer, log_mel: FloatArray, genre: str, method: Method
) -> Passes[Explanation]:
    parts = Grid.even(log_mel.shape, PART_ROWS, PART_COLUMNS)
    frame = recognizer.hidden_parts(log_mel)

    def log_odds_without(cells: Collection[Cell]) -> float:
        return recognizer.log_odds_without(frame, [parts.box(cell) for cell in cells], genre)

    def gradient(picture: FloatArray) -> tuple[float, FloatArray]:
        return recognizer.log_odds_gradient(picture, genre)

    grid, neutral_log_odds, gap = parts, None, None
    if method == "occlusion":
        whole, influence = yield from occlusion(log_odds_without, parts)
        part_influence = influence
    else:
        whole = log_odds_without([])
        yield
        neutral_log_odds = recognizer.log_odds(neutral(log_mel), genre)
        yield
        points = yield from integrated_gradients(log_mel, gradient)
        gap = whole - neutral_log_odds - float(points.sum(dtype=np.float64))
        grid = Grid.even(log_mel.shape, FINE_ROWS, FINE_COLUMNS)
        influence, part_influence = grid.sums(points), parts.sums(points)
    check_result = yield from check(log_odds_without, whole, parts, part_influence)
    return Explanation(
        genre=genre,
        method=method,
        log_odds=whole,
        grid=grid,
        influence=influence,
        part_grid=parts,
        part_influence=part_influence,
        neutral_log_odds=neutral_log_odds,
        gap=gap,
        check=check_result,
    )
