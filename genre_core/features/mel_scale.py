"""The mel scale of a network's features: where its bands lie.

References
----------
Slaney (1998): Auditory toolbox. Interval Research technical report 1998-010. (linear to 1,000 Hz,
    logarithmic above)
Young et al. (2006): The HTK book, section 5.4. (2595 log10(1 + f / 700))
"""

import numpy as np
import numpy.typing as npt
from librosa import hz_to_mel, mel_frequencies, mel_to_hz

from genre_core.config import FeatureSettings

HzArray = npt.NDArray[np.float64]


def corners_hz(settings: FeatureSettings) -> HzArray:
    """Return float64 (n_mels + 2,), Hz: triangle b rises from b, peaks at b + 1, ends at b + 2."""
    corners: HzArray = mel_frequencies(
        settings.n_mels + 2,
        fmin=0.0,
        fmax=settings.sample_rate / 2,
        htk=settings.mel_scale == "htk",
    )
    return corners


def centres_hz(settings: FeatureSettings) -> HzArray:
    """Return float64 (n_mels,), Hz: the peak of each band."""
    return corners_hz(settings)[1:-1]


def band_position(hz: npt.ArrayLike, settings: FeatureSettings) -> HzArray:
    """Return where on the axis of bands a frequency lies: 0 is the lowest band's centre."""
    htk = settings.mel_scale == "htk"
    step = hz_to_mel(settings.sample_rate / 2, htk=htk) / (settings.n_mels + 1)
    return np.asarray(hz_to_mel(np.asarray(hz), htk=htk) / step - 1.0, dtype=np.float64)


def position_hz(position: npt.ArrayLike, settings: FeatureSettings) -> HzArray:
    """Return the frequency at a place on the axis of bands; the inverse of `band_position`."""
    htk = settings.mel_scale == "htk"
    step = hz_to_mel(settings.sample_rate / 2, htk=htk) / (settings.n_mels + 1)
    return np.asarray(mel_to_hz((np.asarray(position) + 1.0) * step, htk=htk), dtype=np.float64)


def edges_hz(settings: FeatureSettings) -> HzArray:
    """Return float64 (n_mels + 1,), Hz: where one mel band hands over to the next.

    Neighbouring triangles of the filter bank cross half way, on the mel scale, between their
    peaks. The outermost edges are 0 Hz and half the sample rate.
    """
    htk = settings.mel_scale == "htk"
    nyquist = settings.sample_rate / 2
    step = hz_to_mel(nyquist, htk=htk) / (settings.n_mels + 1)
    edges = mel_to_hz((np.arange(settings.n_mels + 1) + 0.5) * step, htk=htk)
    edges[0], edges[-1] = 0.0, nyquist
    return np.asarray(edges, dtype=np.float64)
