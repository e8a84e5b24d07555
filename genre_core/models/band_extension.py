"""What a narrow line took from a recording, filled in before the network hears it.

A telephone passes 300 to 3,400 Hz, a file at 8 kHz nothing above 4 kHz. A network takes the weak
or empty bands for a property of the music. Here they are given the level that the bands present let
one expect. A band that is only weak keeps its own movement, which a filter leaves as it is; one
that holds nothing, or only noise, is given the movement of the nearest, mirrored at the edge.

References
----------
Dietz, Liljeryd, Kjörling, Kunz (2002): Spectral band replication, a novel approach in audio
    coding. AES 112th convention, paper 5553. (movement from below the edge, level set apart)
Raj, Stern (2005): Missing-feature approaches in speech recognition. IEEE Signal Processing
    Magazine 22(5). (what is missing estimated from what is reliable, by a normal distribution)
"""

import torch
from torch import Tensor, nn

CORE: tuple[float, float] = (3 / 16, 11 / 16)  # share of the bands; at 12 kHz, 0.5 to 2.5 kHz
LOST_DB = 15.0  # this far under its expected level a band is missing
EDGE_BANDS = 2  # bands beside the missing ones that the filter's slope has touched
LEVEL_NOISE_DB = 3.0  # deviation of a level that keeps the estimate from following every ripple
MUSIC_LAG = 2  # columns (43 ms), after which noise says nothing of itself any more
MUSIC_CORRELATION = 0.3  # with itself after the lag, of a band that holds more than noise
MOST_DEVIATIONS = 2.0  # above the mean; what leaks into a weak band at a beat goes far beyond


class BandExtension(nn.Module):
    """Fill in bands that are missing at the bottom and the top of a log-mel-spectrogram.

    Before `fit` it changes nothing.

    Parameters
    ----------
    n_mels : int
    """

    mean: Tensor
    covariance: Tensor
    movement: Tensor

    def __init__(self, n_mels: int) -> None:
        super().__init__()
        self.core = round(CORE[0] * n_mels), round(CORE[1] * n_mels)
        self.register_buffer("mean", torch.zeros(n_mels))
        self.register_buffer("covariance", torch.zeros(n_mels, n_mels))
        self.register_buffer("movement", torch.zeros(n_mels))

    @torch.no_grad()
    def fit(self, levels: Tensor, movements: Tensor) -> None:
        """Learn what is usual.

        Parameters
        ----------
        levels : float32 (n_clips, n_mels), dB
            Mean over time of each band.
        movements : float32 (n_clips, n_mels), dB
            Deviation over time of each band.
        """
        self.mean.copy_(levels.mean(dim=0))
        self.covariance.copy_(levels.T.cov())
        self.movement.copy_(movements.square().mean(dim=0).sqrt())

    def forward(self, log_mel: Tensor) -> Tensor:
        """Return (B, n_mels, T) in dB from the same; what misses no band is left as it is."""
        if self.movement.is_meta or not self.movement.any():  # meta: shapes alone, no numbers
            return log_mel
        levels = log_mel.mean(dim=-1)  # (B, n_mels)
        first, end = self._present(levels)
        narrow = ((first > 0) | (end < levels.shape[1])).tolist()
        if not any(narrow):
            return log_mel
        edges = zip(log_mel, levels, first.tolist(), end.tolist(), narrow, strict=True)
        return torch.stack(
            [
                self._extend(x, level, a, b) if is_narrow else x
                for x, level, a, b, is_narrow in edges
            ]
        )

    def _present(self, levels: Tensor) -> tuple[Tensor, Tensor]:
        """Return the first band that is present and the one after the last, int64 (B,) each."""
        low, high = self.core
        expected = self._expected(levels, low, high)
        return _up_to_gaps(levels > expected - LOST_DB, low, high)

    def _expected(self, levels: Tensor, first: int, end: int) -> Tensor:
        """Return the levels (B, n_mels) to be expected from those of bands `first` to `end`."""
        known = self.covariance[first:end, first:end]
        known = known + LEVEL_NOISE_DB**2 * torch.eye(end - first, device=known.device)
        weights = torch.linalg.solve(known, self.covariance[first:end])  # (known, n_mels)
        apart = levels[:, first:end] - self.mean[first:end]
        # not a matrix product: those may be computed in bfloat16
        return self.mean + (apart[:, :, None] * weights).sum(dim=1)

    def _extend(self, log_mel: Tensor, levels: Tensor, first: int, end: int) -> Tensor:
        """Return one spectrogram (n_mels, T) of which bands `first` to `end` are present, whole."""
        n_mels = len(log_mel)
        first = first + EDGE_BANDS if first > 0 else 0
        end = end - EDGE_BANDS if end < n_mels else n_mels
        movement = log_mel - levels[:, None]
        low, high = self._with_music(movement, first, end)
        band = torch.arange(n_mels, device=log_mel.device)
        mirrored = torch.where(band < low, 2 * low - 1 - band, 2 * high - 1 - band)
        has_music = (band >= low) & (band < high)
        source = torch.where(has_music, band, mirrored.clamp(low, high - 1))
        scale = (self.movement / self.movement[source])[:, None]
        limit = MOST_DEVIATIONS * self.movement[:, None]
        expected = self._expected(levels[None], first, end)[0]
        filled = expected[:, None] + torch.minimum(movement[source] * scale, limit)
        missing = (band < first) | (band >= end)
        return torch.where(missing[:, None], filled, log_mel)

    def _with_music(self, movement: Tensor, first: int, end: int) -> tuple[int, int]:
        """Return the first and last + 1 of the bands around `first` to `end` that hold music."""
        earlier, later = movement[:, :-MUSIC_LAG], movement[:, MUSIC_LAG:]
        alike = (earlier * later).mean(dim=-1)
        power = movement.square().mean(dim=-1)
        low, high = _up_to_gaps(alike > MUSIC_CORRELATION * power, first, end)
        return int(low), int(high)


def _up_to_gaps(is_in: Tensor, first: int, end: int) -> tuple[Tensor, Tensor]:
    """Widen bands `first` to `end` on both sides up to the first that is not in: bool (..., n)."""
    below = is_in[..., :first].long().flip(-1).cumprod(dim=-1).sum(dim=-1)
    above = is_in[..., end:].long().cumprod(dim=-1).sum(dim=-1)
    return first - below, end + above
