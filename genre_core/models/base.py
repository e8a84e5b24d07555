"""What every network of this package offers, whatever its architecture."""

from typing import Any

from torch import Tensor, nn


class GenreNetwork(nn.Module):
    """A network that turns log-mel-spectrograms into one logit a genre.

    Attributes
    ----------
    hyperparameters : dict
        What `registry.build` needs to build it again, besides its name and the number of genres.
    n_mels : int
        Bands that it takes.
    min_columns, max_columns : int, float
        Fewest and most columns that it takes; the most may be infinite.
    """

    hyperparameters: dict[str, Any]
    n_mels: int
    min_columns: int
    max_columns: float

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        """The parts that can be frozen, by name, from input to output."""
        raise NotImplementedError

    def embed(self, log_mel: Tensor) -> Tensor:
        """Return what the classifier, the last linear layer, sees of each frame.

        float32 (B, width) from `log_mel` float32 (B, n_mels, n_columns) in dB, before dropout.
        """
        raise NotImplementedError

    def forward(self, log_mel: Tensor) -> Tensor:
        """Return logits float32 (B, n_genres) from `log_mel` float32 (B, n_mels, n_columns) in dB.

        Scores are softmax(logits).
        """
        raise NotImplementedError

    def check_input(self, log_mel: Tensor) -> None:
        """Raise ValueError where `log_mel` has not a shape that this network takes."""
        fits = (
            log_mel.ndim == 3
            and log_mel.shape[1] == self.n_mels
            and self.min_columns <= log_mel.shape[2] <= self.max_columns
        )
        if not fits:
            raise ValueError(
                f"{type(self).__name__} takes (B, {self.n_mels} bands, {self.min_columns} to "
                f"{self.max_columns:g} columns), not {tuple(log_mel.shape)}"
            )
