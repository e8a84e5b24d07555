"""Under which address the phones of a class reach this app."""

import re
import socket
from urllib.parse import quote, urlsplit

_LOOPBACK = ("localhost", "127.0.0.1", "::1", "0.0.0.0")
_ANYWHERE = ("192.0.2.1", 9)  # reserved for documentation; nothing is sent there
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,100}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")
FALLBACK = "http://localhost:8501/class"


def lan_address() -> str | None:
    """Return this machine's address in its network, None where it has none.

    A UDP socket chooses its own address when it gets a target; it sends nothing.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_ANYWHERE)
            return str(probe.getsockname()[0])
    except OSError:
        return None


def is_own(url: str) -> bool:
    """Return whether an address means the machine itself, which no phone reaches."""
    return (urlsplit(url).hostname or "") in _LOOPBACK


def host_for_pupils(url: str) -> str:
    """Return host and port for the phones, of the address that the teacher's browser uses."""
    parts = urlsplit(url)
    lan = lan_address() if is_own(url) else None
    if lan is None:
        return parts.netloc
    return f"{lan}:{parts.port}" if parts.port else lan


def is_host(text: str) -> bool:
    """Return whether a text is a host, with or without a port."""
    return _HOST.fullmatch(text) is not None


def join_link(url: str, host: str, code: str) -> str:
    """Return the address that opens a room: that of the page "Class", under another host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{host}{parts.path}?room={quote(code)}"
