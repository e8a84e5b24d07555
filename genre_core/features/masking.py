"""Hear a part of a mel-spectrogram: everything outside it is taken out of the sound.

References
----------
Griffin, Lim (1984): Signal estimation from modified short-time Fourier transform. IEEE TASSP 32(2).
    (the weighted overlap-add by which a changed STFT becomes sound again)
"""

import numpy as np
import numpy.typing as npt
from scipy.signal import ShortTimeFFT, get_window

from genre_core.config import FeatureSettings
from genre_core.features.mel_scale import edges_hz
from genre_core.types import FloatArray


def keep_masked(
    samples: FloatArray, mask: npt.NDArray[np.bool_], features: FeatureSettings
) -> FloatArray:
    """Return the sound of the masked part of a frame's mel-spectrogram, the rest silent.

    The frame's own STFT is multiplied by the mask and turned back, so what is kept keeps its
    phase and level. The STFT window rounds the mask's edges: fades of 43 ms in time, and some 50 Hz
    in frequency.

    Parameters
    ----------
    samples : float32 (n_samples,)
        At `features.sample_rate`.
    mask : bool (n_mels, n_columns)
        True is kept; columns as `features.log_mel_spectrogram` makes them of these samples.
    features : FeatureSettings

    Returns
    -------
    float32 (n_samples,)

    Raises
    ------
    ValueError
        If the mask does not fit the samples.
    """
    expected = (features.n_mels, features.n_columns(len(samples)))
    if mask.shape != expected:
        raise ValueError(f"the mask must be {expected}, not {mask.shape}")
    window = get_window("hann", features.n_fft, fftbins=True)
    transform = ShortTimeFFT(window, features.hop_length, features.sample_rate)
    band_of_bin = np.searchsorted(edges_hz(features)[1:-1], transform.f, side="right")
    # Slice p is centred on sample p * hop, as column p is; a few slices reach over both ends.
    slices = np.arange(transform.p_min, transform.p_max(len(samples)))
    columns = np.clip(slices, 0, mask.shape[1] - 1)
    spectrum = transform.stft(samples.astype(np.float64)) * mask[band_of_bin][:, columns]
    return np.asarray(transform.istft(spectrum, k1=len(samples)), dtype=np.float32)
