"""Channels become one, and samples that cannot be sound become 0."""

import numpy as np
import numpy.typing as npt

from genre_core.types import FloatArray

SILENCE_AMPLITUDE: float = 10 ** (-96 / 20)  # the last bit of 16


class Levels:
    """Power of the channels and of their mix, and wild samples, over the blocks of a song."""

    def __init__(self) -> None:
        self.n_wild = 0
        self.peak = 0.0
        self._n_values = 0
        self._channels: npt.NDArray[np.float64] = np.zeros(0)
        self._mix = 0.0

    def without_wild(self, block: FloatArray, max_amplitude: float) -> FloatArray:
        """Return the block with 0 for samples that are not finite or beyond `max_amplitude`."""
        self._n_values += block.size
        if (peak := _peak(block)) <= max_amplitude:  # so written, NaN is caught too
            self.peak = max(self.peak, peak)
            return block
        is_sound = np.abs(block) <= max_amplitude
        self.n_wild += int(np.count_nonzero(~is_sound))
        tamed = np.where(is_sound, block, np.float32(0))
        self.peak = max(self.peak, _peak(tamed))
        return tamed

    def add(self, block: FloatArray, mix: FloatArray) -> None:
        """Count a block, (n_samples, n_channels), and its mix, (n_samples,)."""
        self._add_channels(np.array([float(channel @ channel) for channel in block.T]))
        self._mix += float(mix @ mix)

    def join(self, other: "Levels") -> None:
        """Count the blocks that another has counted."""
        self.n_wild += other.n_wild
        self.peak = max(self.peak, other.peak)
        self._n_values += other._n_values
        self._mix += other._mix
        self._add_channels(other._channels)

    def _add_channels(self, power: npt.NDArray[np.float64]) -> None:
        n_channels = max(len(power), len(self._channels))  # may change from block to block
        self._channels = np.pad(self._channels, (0, n_channels - len(self._channels)))
        self._channels[: len(power)] += power

    @property
    def has_sound(self) -> bool:
        """Whether any sample is above silence."""
        return self.peak > SILENCE_AMPLITUDE

    @property
    def wild_share(self) -> float:
        """Share of all values that became 0."""
        return self.n_wild / self._n_values if self._n_values else 0.0

    @property
    def loudest(self) -> int:
        """Number of the channel with most power, from 0."""
        return int(np.argmax(self._channels))

    @property
    def mix_share(self) -> float:
        """Power of the mix, over that of the mix if the channels were unrelated.

        1 where there is one channel, or none has sound; of two as loud as one another, 1 plus their
        correlation.
        """
        unrelated = float(self._channels.sum()) / max(len(self._channels), 1) ** 2
        return self._mix / unrelated if unrelated > 0 else 1.0


def _peak(block: FloatArray) -> float:
    """Return the largest amplitude; NaN if there is one. Faster than the maximum of `np.abs`."""
    return max(float(block.max(initial=0.0)), -float(block.min(initial=0.0)))


def mono(block: FloatArray, channel: int | None = None) -> FloatArray:
    """Return the average of the channels, or one of them."""
    n_channels = block.shape[1]
    if channel is not None and channel < n_channels:
        return np.ascontiguousarray(block[:, channel])
    # A product with equal weights: nine times as fast as the mean over the short axis.
    return block @ np.full(n_channels, 1 / n_channels, dtype=np.float32)
