"""A grid's cells cover a spectrogram, each point once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from genre_core.inference.grid import Grid

sizes = st.integers(1, 40)


@given(sizes, sizes, st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**16))
def test_cells_tile_the_spectrogram(
    n_mels: int, n_columns: int, rows: int, columns: int, seed: int
) -> None:
    grid = Grid.even((n_mels, n_columns), rows, columns)
    covered = sum(grid.mask([cell]).astype(int) for cell in grid.cells())
    np.testing.assert_array_equal(covered, np.ones((n_mels, n_columns)))
    heights = np.diff(grid.band_edges)
    assert heights.max() - heights.min() <= 1
    values = np.random.default_rng(seed).standard_normal((n_mels, n_columns)).astype(np.float32)
    sums = grid.sums(values)
    assert sums.shape == grid.shape
    np.testing.assert_allclose(sums.sum(), values.sum(), atol=1e-3)
    cell = grid.cells()[-1]
    np.testing.assert_allclose(sums[cell], values[grid.mask([cell])].sum(), atol=1e-3)
