"""An encoded file becomes mono samples at one rate, block by block."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import soxr

from genre_core.audio.decoders import Decoder
from genre_core.audio.encoded_sound import (
    AnonymousStream,
    DecodeError,
    EncodedSound,
    check_rate,
)
from genre_core.audio.levels import Levels, mono
from genre_core.audio.read_ahead import read_ahead
from genre_core.audio.receipt import DecodedSound
from genre_core.types import FloatArray

OnBlock = Callable[[int, float], None]  # position in the file, share of `max_samples` read

N_AHEAD: int = 48  # blocks decoded while the caller is at work on one: a minute of song, 12 MB

# Full scale = 1. Lossy codecs and mixes in float pass it by a few dB. One MP3 frame with peaks of
# 4, 12 dB above it, changed verdicts of the demo songs.
MAX_AMPLITUDE: float = 2.0
MAX_UNSCALED: float = 1e10  # the limit for floats that are not scaled to 1, e.g. to 32,768
MOST_WILD: float = 0.01  # share of the values beyond `MAX_AMPLITUDE`; more: not scaled to 1
# Power of the mono mix over that of a mix of unrelated channels; 23 songs have 1.1 to 2.0. Below 1,
# the channels are more opposed than alike, and what is opposed is lost in the mix.
MIN_MIX_SHARE: float = 0.7


@dataclass(frozen=True)
class Reading:
    """How a file is decoded.

    `channel` is read alone; None: the average. Samples beyond `max_amplitude` become 0.
    """

    sample_rate: int
    max_samples: int
    channel: int | None = None
    max_amplitude: float = MAX_AMPLITUDE


class Listener(Protocol):
    """Who works on a song while it is decoded.

    At the end, what came since the last `restart` is the beginning of the result.
    """

    def restart(self, declared_seconds: float | None) -> None:
        """Forget all: a file is read from its start; it declares this length, if any."""

    def hear(self, samples: FloatArray) -> None:
        """Take all samples so far, (n,) at the target rate. They are gone after the call."""


def read(
    decoder: Decoder,
    open_stream: Callable[[], AnonymousStream],
    reading: Reading,
    on_block: OnBlock,
    listener: Listener | None = None,
) -> DecodedSound:
    """Decode a file, and once more where the first time shows that it needs another way.

    A silent track gives way to the next one. Raises DecodeError if there is nothing to decode.

    Parameters
    ----------
    open_stream : returns the file, at its start
    on_block : called with how far the block before reached
    """

    def decode(reading: Reading, rank: int) -> tuple[DecodedSound, Levels, int]:
        stream = open_stream()
        with decoder(stream, rank) as sound:
            blocks = _mono_blocks(sound, stream, reading)
            return *_decode(sound, blocks, reading, on_block, listener), sound.n_other_tracks

    rank = 0
    song, levels, n_others = first = decode(reading, rank)
    while n_others and not levels.has_sound:
        rank += 1
        song, levels, n_others = decode(reading, rank)
    if not levels.has_sound:
        song, levels, _ = first
        if rank and listener is not None:
            listener.restart(None)
        rank = 0
    if levels.wild_share > MOST_WILD:
        reading = replace(reading, max_amplitude=MAX_UNSCALED)
        song, levels, _ = decode(reading, rank)
    if levels.mix_share < MIN_MIX_SHARE:
        song, _, _ = decode(replace(reading, channel=levels.loudest), rank)
    return song


@dataclass(frozen=True)
class _MonoBlock:
    """A block of one channel, with what is known of the block that it was."""

    samples: FloatArray
    rate: int
    n_channels: int
    levels: Levels
    position: int  # in the file, behind the block


def _mono_blocks(
    sound: EncodedSound, stream: AnonymousStream, reading: Reading
) -> Iterator[_MonoBlock]:
    """Yield the blocks of a sound as one channel. Runs in the thread that decodes."""
    for block, rate in sound.blocks:
        levels = Levels()
        block = levels.without_wild(block, reading.max_amplitude)
        mix = mono(block, reading.channel)
        levels.add(block, mix)
        yield _MonoBlock(mix, rate, block.shape[1], levels, stream.tell())


def _decode(
    sound: EncodedSound,
    mono_blocks: Iterator[_MonoBlock],
    reading: Reading,
    on_block: OnBlock,
    listener: Listener | None,
) -> tuple[DecodedSound, Levels]:
    pcm = bytearray()  # grows in place, so that the result is never in memory twice
    max_bytes = reading.max_samples * np.dtype(np.float32).itemsize
    original: tuple[int, int] | None = None
    resampler: _Resampler | None = None
    n_decoded: Counter[int] = Counter()  # samples at each rate
    levels = Levels()
    error: DecodeError | None = None

    if listener is not None:
        listener.restart(sound.declared_seconds)
    with closing(read_ahead(mono_blocks, N_AHEAD)) as blocks:
        while len(pcm) <= max_bytes:
            try:
                block = next(blocks)
                if resampler is None or resampler.original_rate != block.rate:
                    previous, resampler = resampler, _Resampler(block.rate, reading.sample_rate)
                    pcm += previous.finish().data if previous else b""
            except StopIteration:
                break
            except DecodeError as caught:
                error = caught
                break
            original = original or (block.rate, block.n_channels)
            n_decoded[block.rate] += len(block.samples)
            levels.join(block.levels)
            pcm += resampler.push(block.samples).data
            on_block(block.position, len(pcm) / max_bytes)
            if listener is not None:
                listener.hear(np.frombuffer(pcm, dtype=np.float32)[: reading.max_samples])
    if resampler is not None:
        pcm += resampler.finish().data
    if error is not None and original is None:
        raise error

    is_cut = len(pcm) > max_bytes
    del pcm[max_bytes:]
    rate, channels = original or (0, 0)
    song = DecodedSound(
        samples=np.frombuffer(pcm, dtype=np.float32),
        container=sound.container,
        codec=sound.codec,
        sample_rate_hz=rate,
        channels=channels,
        decoded_seconds=sum(n / rate for rate, n in n_decoded.items()),
        declared_seconds=sound.declared_seconds,
        is_cut=is_cut,
        is_whole=error is None,
        n_replaced=levels.n_wild,
        channel=reading.channel,
        has_end=sound.has_end,
        faults=(*sound.faults, *([f"Decoding stopped early: {error}."] if error else [])),
    )
    return song, levels


class _Resampler:
    """Mono blocks at one rate in, blocks at another out."""

    def __init__(self, original_rate: int, target_rate: int):
        check_rate(original_rate)  # some formats may change it on the way
        self.original_rate = original_rate
        self._stream = (
            None
            if original_rate == target_rate
            else soxr.ResampleStream(
                original_rate, target_rate, num_channels=1, dtype="float32", quality="HQ"
            )
        )

    def push(self, samples: FloatArray) -> FloatArray:
        if self._stream is None:
            return samples
        resampled: FloatArray = self._stream.resample_chunk(samples)
        return resampled

    def finish(self) -> FloatArray:
        rest = np.empty(0, dtype=np.float32)
        if self._stream is None:
            return rest
        resampled: FloatArray = self._stream.resample_chunk(rest, last=True)
        return resampled
