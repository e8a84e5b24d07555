"""What goes on inside the network for one frame, reduced to what fits into a cache.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. Section 2: convolutions, then a recurrent network over time.
Zeiler, Fergus (2014): Visualizing and understanding convolutional networks. ECCV. (feature maps)
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.types import FloatArray

MOST_MAPS = 8  # of each block
LIVELY_SHARE = 0.3  # of the liveliest map's deviation, from which another is lively too


@dataclass(frozen=True, eq=False)
class BlockMaps:
    """The feature maps of one convolution block for one frame, a few that differ most.

    Attributes
    ----------
    shape : maps, rows along frequency and columns along time that the block gives in all
    indices : int (n,), the maps shown, in the order of `choose_maps`
    maps : float32 (n, rows, columns), without a unit: how strongly each filter answers there
    """

    shape: tuple[int, int, int]
    indices: npt.NDArray[np.int64]
    maps: FloatArray


@dataclass(frozen=True, eq=False)
class Inside:
    """One frame on its way through the network.

    Attributes
    ----------
    entrance : float32 (n_mels, n_columns), what the first block sees
    blocks : every convolution block, from input to output
    reader : name of the part that reads the steps in order: "recurrent" in a recurrent network
    state_size : numbers in the summary that the reader hands to the classifier
    reading : float32 (n_steps, n_genres), the scores after the reader has read 1, 2, ... n_steps
        steps; the last row is the scores of the frame
    """

    entrance: FloatArray
    blocks: dict[str, BlockMaps]
    reader: str
    state_size: int
    reading: FloatArray


def look_inside(trace: Mapping[str, FloatArray], most_maps: int = MOST_MAPS) -> Inside:
    """Keep of `GenreRecognizer.trace` what the lesson shows.

    Of each block at most `most_maps` maps are left.
    """
    first, *blocks, reader, last = trace
    return Inside(
        entrance=trace[first][0].copy(),
        blocks={name: choose_maps(trace[name], most_maps) for name in blocks},
        reader=reader,
        state_size=trace[reader].shape[-1],
        reading=trace[last].copy(),
    )


def choose_maps(maps: FloatArray, most: int = MOST_MAPS) -> BlockMaps:
    """Choose maps that are worth looking at: lively ones that do not look alike.

    First the map that varies most; then, again and again, of those that vary at least
    `LIVELY_SHARE` as much, the one that is least correlated with the maps chosen so far. Where
    these are too few, the rest by how much they vary.

    Parameters
    ----------
    maps : float32 (n_maps, rows, columns)
    most : number of maps to choose
    """
    flat = maps.reshape(len(maps), -1).astype(np.float64)
    centred = flat - flat.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=1))  # (n_maps,)
    unit = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-12)
    order = np.argsort(-deviation, kind="stable")
    lively = [i for i in order if deviation[i] >= LIVELY_SHARE * deviation[order[0]]]
    chosen = [lively.pop(0)]
    alike = np.abs(unit @ unit[chosen[0]])  # with the chosen map most alike, (n_maps,)
    while lively and len(chosen) < most:
        chosen.append(lively.pop(int(np.argmin(alike[lively]))))
        alike = np.maximum(alike, np.abs(unit @ unit[chosen[-1]]))
    chosen += [i for i in order if i not in chosen]
    indices = np.array(chosen[:most], dtype=np.int64)
    return BlockMaps((maps.shape[0], maps.shape[1], maps.shape[2]), indices, maps[indices])
