"""Sound files as other programs write them."""

import io

import av
import numpy as np
import soundfile

from genre_core.config import SAMPLE_RATE
from genre_core.types import Waveform


def tone(
    hz: float = 440.0, seconds: float = 4.0, sample_rate: int = 44_100, channels: int = 1
) -> np.ndarray:
    """Return float32 (n_samples, channels), each channel half as loud as the one before."""
    time = np.arange(round(seconds * sample_rate)) / sample_rate  # s
    loudness = 0.5 ** np.arange(1, channels + 1)
    return (np.sin(2 * np.pi * hz * time)[:, np.newaxis] * loudness).astype(np.float32)


def hiss(seconds: float, sample_rate: int = 44_100) -> np.ndarray:
    """Return quiet stereo noise, float32 (n_samples, 2): its file is evenly filled with data."""
    generator = np.random.default_rng(0)
    return (0.1 * generator.standard_normal((round(seconds * sample_rate), 2))).astype(np.float32)


def encoded(
    samples: np.ndarray, sample_rate: int = 44_100, container: str = "WAV", **options: str
) -> bytes:
    """Write a file with libsndfile."""
    file = io.BytesIO()
    soundfile.write(file, samples, sample_rate, format=container, **options)
    return file.getvalue()


def encoded_by_libav(
    samples: np.ndarray,
    sample_rate: int,
    container: str,
    codec: str,
    picture: str = "",
    options: dict[str, str] | None = None,
) -> bytes:
    """Write a file with libav, with a moving picture or a cover beside the sound if asked."""
    file = io.BytesIO()
    n_channels = samples.shape[1]
    layout = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}[n_channels]
    with av.open(file, "w", format=container, options=options or {}) as output:
        sound = output.add_stream(codec, rate=sample_rate, layout=layout, bit_rate=192_000)
        if picture:
            n_pictures = 1 if picture == "mjpeg" else 40
            add_pictures(output, picture, n_pictures)
        for start in range(0, len(samples), 1_024):
            planar = np.ascontiguousarray(samples[start : start + 1_024].T)
            frame = av.AudioFrame("fltp", layout, planar.shape[1])
            for plane, values in zip(frame.planes, planar, strict=False):  # PyAV sees more than 7
                plane.update(values)
            frame.sample_rate, frame.pts = sample_rate, start
            output.mux(sound.encode(frame))
        output.mux(sound.encode(None))
    return file.getvalue()


def add_pictures(output: av.container.OutputContainer, codec: str, n_pictures: int) -> None:
    video = output.add_stream(codec, rate=10, width=64, height=64)
    video.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    for index in range(n_pictures):
        picture = av.VideoFrame.from_ndarray(np.full((64, 64, 3), index, np.uint8))
        picture.pts = index
        output.mux(video.encode(picture))
    output.mux(video.encode(None))


def level_db(waveform: Waveform, hz: float) -> float:
    """Level of one frequency in the middle of a song, in dB below a full-scale sine."""
    samples = waveform.samples[SAMPLE_RATE : 2 * SAMPLE_RATE]
    window = np.hanning(len(samples))
    time = np.arange(len(samples)) / SAMPLE_RATE
    amplitude = 2 * abs(np.dot(samples * window, np.exp(-2j * np.pi * hz * time))) / window.sum()
    return 20 * np.log10(max(amplitude, 1e-12))
