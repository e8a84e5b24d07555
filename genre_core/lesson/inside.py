"""What goes on inside the network while it hears one frame, in little enough to be kept.

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

MOST_MAPS = 8  # kept of each block


@dataclass(frozen=True, eq=False)
class BlockMaps:
    """The feature maps of one convolution block for one frame, the liveliest of them.

    Attributes
    ----------
    shape : (int, int, int)
        Maps, rows along frequency and columns along time that the block gives in all.
    indices : int (n,)
        Which maps are kept, from the one that varies most over the frame.
    maps : float32 (n, rows, columns)
        Without a unit: how strongly each filter answers there.
    """

    shape: tuple[int, int, int]
    indices: npt.NDArray[np.int64]
    maps: FloatArray


@dataclass(frozen=True, eq=False)
class Inside:
    """One frame on its way through the network.

    Attributes
    ----------
    entrance : float32 (n_mels, n_columns)
        What the first block sees.
    blocks : dict of str to BlockMaps
        Every convolution block, from input to output.
    reader : str
        Name of the part that reads the steps in order: "recurrent" in a recurrent network.
    state_size : int
        Numbers in the summary that the reader hands to the classifier.
    reading : float32 (n_steps, n_genres)
        The scores after the reader has read 1, 2, ... n_steps steps; the last row is what the
        network says of the frame.
    """

    entrance: FloatArray
    blocks: dict[str, BlockMaps]
    reader: str
    state_size: int
    reading: FloatArray


def look_inside(trace: Mapping[str, FloatArray], most_maps: int = MOST_MAPS) -> Inside:
    """Keep of `GenreRecognizer.trace` what the lesson shows.

    Parameters
    ----------
    trace : mapping of str to float32 array
    most_maps : int
        Maps kept of each block.
    """
    first, *blocks, reader, last = trace
    return Inside(
        entrance=trace[first][0].copy(),
        blocks={name: liveliest(trace[name], most_maps) for name in blocks},
        reader=reader,
        state_size=trace[reader].shape[-1],
        reading=trace[last].copy(),
    )


def liveliest(maps: FloatArray, most: int = MOST_MAPS) -> BlockMaps:
    """Choose the maps (n_maps, rows, columns) that vary most, at most so many."""
    order = np.argsort(-maps.var(axis=(1, 2)), kind="stable")[:most]
    return BlockMaps((maps.shape[0], maps.shape[1], maps.shape[2]), order, maps[order])
