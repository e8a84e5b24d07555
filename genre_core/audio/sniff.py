"""Whether a file is likely sound, or film with sound, by its first bytes: its name may be wrong."""

from pathlib import Path

from genre_core.audio.frame_sizes import frame_bytes
from genre_core.audio.load import SUPPORTED_EXTENSIONS

HEAD_BYTES: int = 512  # three packets of MPEG-TS

# Longer than the name of the container where that may begin a text ("MAC address", "ID3 tags").
_STARTS = (
    *(b"fLaC", b"OggS\0", b"ID3\2", b"ID3\3", b"ID3\4", b".snd\0", b"caff\0", b"FLV\1", b"wvpk"),
    *(b"TTA1", b"#!AMR", b"DSD \x1c\0", b"MPCK", b"MP+\7", b"MP+\x17", b"MP+\x27", b"tBaK"),
    *(b"\x1a\x45\xdf\xa3", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b"\0\0\1\xba", b"riff\x2e\x91\xcf"),
    *(b"NIST_1A\n", b"Creative Voice File\x1a", b" paf\0", b"fap \0", b"PVF1\n", b"2BIT"),
    *(b"\x64\xa3\1\0", b"\x64\xa3\2\0", b"\x64\xa3\3\0", b"\0\1\xa3\x64", b"\0\2\xa3\x64"),
)
_FORMS = (b"WAVE", b"AVI ", b"AIFF", b"AIFC", b"8SVX", b"16SV")  # of RIFF, its kin and FORM
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide")  # MP4 and QuickTime
_PICTURES = (
    *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1"),
    *(b"avif", b"avis", b"crx "),
)


def is_sound_file(path: str | Path) -> bool:
    """Return whether a file has an extension of sound, or else begins as sound does.

    Only decoding tells for sure. A file that cannot be opened counts by its extension.
    """
    if Path(path).suffix.casefold() in SUPPORTED_EXTENSIONS:
        return True
    try:
        with open(path, "rb") as file:  # noqa: PTH123  100,000 times
            return looks_like_sound(file.read(HEAD_BYTES))
    except OSError:
        return False


def looks_like_sound(head: bytes) -> bool:
    """Return whether a file with these first `HEAD_BYTES` is of a container that may hold sound."""
    if head[:4] in (b"RIFF", b"RIFX", b"RF64", b"BW64", b"FORM"):
        return head[8:12] in _FORMS
    if head[4:8] in _BOXES:
        return head[4:8] != b"ftyp" or head[8:12] not in _PICTURES
    if head[:4] == b"MAC ":  # Monkey's Audio, and its version times 1000
        return 3_000 <= int.from_bytes(head[4:6], "little") < 5_000
    if head[:4] == b"dns.":  # AU in the other byte order, and a size below 16 MiB of its header
        return head[7:8] == b"\0"
    if head[:2] == b"\xff\xfe":  # text in UTF-16, hardly ever MPEG layer I
        return False
    return (
        head.startswith(_STARTS)
        or frame_bytes(head) is not None
        or _is_adts(head)
        or any(head[start : start + 2 * size + 1 : size] == b"GGG" for start, size in _TS_PACKETS)
    )


_TS_PACKETS = ((0, 188), (4, 192))  # offset and size; of MPEG-TS, and of its form on Blu-ray discs


def _is_adts(head: bytes) -> bool:
    """Return whether an AAC frame begins: twelve bits of 1, layer 0, a sample rate that exists."""
    return len(head) > 6 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0 and head[2] >> 2 & 15 < 13
