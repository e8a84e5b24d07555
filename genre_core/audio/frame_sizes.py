"""How many bytes a frame of a raw stream has, by its own header: a shorter one is cut."""

HEADER_BYTES: int = 6

# kbit/s by the header's index, ISO/IEC 11172-3 and 13818-3.
_RATES = {
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HZ = (44_100, 48_000, 32_000)
# kbit/s by half the header's code, ETSI TS 102 366, table 4.13.
_AC3_RATES = (
    *(32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640),
)


def frame_bytes(header: bytes) -> int | None:
    """Return the size of the MPEG audio, AC-3 or E-AC-3 frame that starts so; None for others."""
    if len(header) < HEADER_BYTES:
        return None
    if header[0] == 0xFF and header[1] >= 0xE0:
        return _mpeg_bytes(header)
    if header[:2] == b"\x0b\x77":
        return _ac3_bytes(header)
    return None


def _mpeg_bytes(header: bytes) -> int | None:
    version = {0b11: 1, 0b10: 2, 0b00: 2.5}.get(header[1] >> 3 & 3)
    layer = 4 - (header[1] >> 1 & 3)
    rate, hz = header[2] >> 4, header[2] >> 2 & 3
    if version is None or layer == 4 or rate in (0, 15) or hz == 3:
        return None
    bits = _RATES[1 if version == 1 else 2, layer][rate] * 1_000  # a second
    sample_rate = _HZ[hz] / {1: 1, 2: 2, 2.5: 4}[version]
    padding = header[2] >> 1 & 1
    if layer == 1:
        return int((12 * bits // sample_rate + padding) * 4)
    n_samples = 576 if layer == 3 and version != 1 else 1_152
    return int(n_samples / 8 * bits // sample_rate + padding)


def _ac3_bytes(header: bytes) -> int | None:
    version = header[5] >> 3
    if version > 16:
        return None
    if version > 10:  # E-AC-3
        return 2 * ((header[2] & 7) << 8 | header[3]) + 2
    hz, code = header[4] >> 6, header[4] & 63
    if hz == 3 or code >= 2 * len(_AC3_RATES):
        return None
    rate = _AC3_RATES[code // 2]  # kbit/s; 1,536 samples a frame
    n_words = (2 * rate, rate * 320 // 147 + (code & 1), 3 * rate)[hz]
    return 2 * n_words
