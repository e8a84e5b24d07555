"""A spectrogram cut into cells of whole bands and columns."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.models.hidden_parts import Box
from genre_core.types import FloatArray

Cell = tuple[int, int]  # row (0: lowest bands) and column (0: first) in a grid


@dataclass(frozen=True)
class Grid:
    """A spectrogram cut into cells: whole bands and columns, edges ascending from 0."""

    band_edges: tuple[int, ...]
    column_edges: tuple[int, ...]

    @classmethod
    def even(cls, shape: tuple[int, int], rows: int, columns: int) -> "Grid":
        """Cut (n_mels, n_columns) into cells as even as can be; at most one for each point."""
        bands, times = (
            tuple(int(edge) for edge in np.arange(n + 1) * size // n)
            for size, n in ((shape[0], min(rows, shape[0])), (shape[1], min(columns, shape[1])))
        )
        return cls(bands, times)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of cells."""
        return len(self.band_edges) - 1, len(self.column_edges) - 1

    def cells(self) -> list[Cell]:
        """Return every cell."""
        return [(row, column) for row in range(self.shape[0]) for column in range(self.shape[1])]

    def box(self, cell: Cell) -> Box:
        """Return the bands and columns of a cell."""
        row, column = cell
        return Box(
            *self.band_edges[row : row + 2],
            *self.column_edges[column : column + 2],
        )

    def mask(self, cells: Collection[Cell]) -> npt.NDArray[np.bool_]:
        """Return bool (n_mels, n_columns): True in `cells`."""
        mask = np.zeros((self.band_edges[-1], self.column_edges[-1]), dtype=bool)
        for row, column in cells:
            bands = slice(self.band_edges[row], self.band_edges[row + 1])
            mask[bands, self.column_edges[column] : self.column_edges[column + 1]] = True
        return mask

    def sums(self, values: FloatArray) -> FloatArray:
        """Add up `values` (n_mels, n_columns) in each cell, float32 (rows, columns)."""
        rows = np.add.reduceat(values.astype(np.float64), self.band_edges[:-1], axis=0)
        return np.add.reduceat(rows, self.column_edges[:-1], axis=1).astype(np.float32)
