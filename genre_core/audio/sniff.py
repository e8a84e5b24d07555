"""Whether a file is likely sound, by its first bytes: the name of a file may say anything."""

HEAD_BYTES: int = 16

_STARTS = (
    *(b"fLaC", b"OggS", b"ID3", b".snd", b"caff", b"FLV", b"wvpk", b"TTA1", b"MAC ", b"#!AMR"),
    *(b"\x1a\x45\xdf\xa3", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b"\x00\x00\x01\xba", b"\x0b\x77"),
    *(b"riff\x2e\x91\xcf\x11", b"DSD ", b"MPCK", b"MP+", b"tBaK"),
)
_FORMS = (b"WAVE", b"AVI ", b"AIFF", b"AIFC", b"8SVX", b"16SV")  # of RIFF, RF64 and FORM
_PICTURES = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")  # in the container of MP4


def looks_like_sound(head: bytes) -> bool:
    """Return whether a file that starts so is of a container of sound, or of film with sound."""
    if head[:4] in (b"RIFF", b"RF64", b"BW64", b"FORM"):
        return head[8:12] in _FORMS
    if head[4:8] == b"ftyp":
        return head[8:12] not in _PICTURES
    # MPEG audio and ADTS: eleven bits that are 1, then a version and a layer that exist.
    if head[:1] == b"\xff" and head[1:2] != b"\xfe" and len(head) > 2:  # that is text in UTF-16
        is_adts = head[1] & 0xF6 == 0xF0
        is_mpeg = head[1] >= 0xE2 and head[1] & 6 > 0 and head[1] & 24 != 8 and head[2] < 0xF0
        return is_adts or is_mpeg
    return head.startswith(_STARTS)
