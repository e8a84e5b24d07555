"""Where the sound of rarer files ends by their headers: NIST SPHERE, VOC, AVR, MATLAB 4 and 5, DSF.

Each function returns a position in bytes, or None where the header does not say. IRCAM, PAF and PVF
files hold no size.
"""

import re
import struct

from genre_core.audio.trailing_tags import BinaryFile

VOC_SOUND = (1, 9)  # types of blocks
MAT4_BYTES = (8, 4, 4, 2, 2, 1)  # of a number, by the tens of its type
MAT5_MATRIX = 14

_NIST_FIELD = re.compile(rb"^(\w+) -(?:i|s\d+) (\S+)", re.MULTILINE)


def nist_end(file: BinaryFile) -> int | None:
    """Return the end of a NIST file, which is not compressed."""
    head = file.at(0, 1_024)
    fields = dict(_NIST_FIELD.findall(head))
    start = head[8:16].strip()
    sizes = [fields.get(name, b"") for name in (b"sample_count", b"channel_count")]
    sizes.append(fields.get(b"sample_n_bytes", b"1"))
    if b"," in fields.get(b"sample_coding", b"") or not all(map(bytes.isdigit, (start, *sizes))):
        return None
    count, channels, width = map(int, sizes)
    return int(start) + count * channels * width


def voc_end(file: BinaryFile) -> int | None:
    """Return the end of the first block of sound: a size of 24 bits overflows in longer files."""
    at = int.from_bytes(file.at(20, 2), "little")
    for _ in range(100):
        header = file.at(at, 4)
        if len(header) < 4 or header[0] == 0:
            return None
        end = at + 4 + int.from_bytes(header[1:], "little")
        if header[0] in VOC_SOUND:
            return end
        at = end
    return None


def avr_end(file: BinaryFile) -> int | None:
    """Return the end of an AVR file, from its frames, channels and bits."""
    head = file.at(0, 128)
    if len(head) < 128:
        return None
    is_stereo, bits = struct.unpack(">HH", head[12:16])
    n_frames = int.from_bytes(head[26:30], "big")
    return 128 + n_frames * (2 if is_stereo else 1) * (bits // 8)


def mat4_end(file: BinaryFile) -> int | None:
    """Return the end of the second matrix; the first is the sample rate."""
    order = "<" if file.at(4, 1) == b"\1" else ">"
    at = 0
    for _ in range(2):
        header = file.at(at, 20)
        if len(header) < 20:
            return None
        kind, rows, columns, is_complex, n_name = struct.unpack(f"{order}5I", header)
        number = kind // 10 % 10
        if number >= len(MAT4_BYTES):
            return None
        size = rows * columns * MAT4_BYTES[number] * (2 if is_complex else 1)
        at += 20 + n_name + size
    return at


def mat5_end(file: BinaryFile) -> int | None:
    """Return the end of the last matrix."""
    order = "<" if file.at(126, 2) == b"IM" else ">"
    at = 128
    end = None
    for _ in range(100):
        tag = file.at(at, 8)
        if len(tag) < 8:
            break
        kind, size = struct.unpack(f"{order}II", tag)
        if kind != MAT5_MATRIX:
            break
        end = at = at + 8 + size
    return end


def dsf_end(file: BinaryFile) -> int | None:
    """Return the size of a DSF file."""
    return int.from_bytes(file.at(12, 8), "little") or None
