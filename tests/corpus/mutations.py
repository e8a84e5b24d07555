"""Ways to damage a file, drawn by a seeded generator."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

NUMBERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63, 2**64 - 1)
TEXTS = ("", "\0", "é" * 3_000, "../../x", "=1+1", "1e999", "-1", "9" * 400, "nan", "\ufeff", '"')
VALUES: tuple[Any, ...] = (
    *(None, True, -1, 0, 1e308, -1e308, 10**400, 0.5, "", "x" * 5_000, "\ud800", [], {}),
    *([[]], [1] * 2_000, {"a": {"b": 1}}, [None], "NaN"),
)


def mutate(content: bytes, other: bytes, rng: random.Random) -> bytes:
    """Return content with one to four damages; `other` is a file to splice in."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        if not content:
            return other[: rng.randrange(64)]
        content = rng.choice(BYTES)(content, other, rng)
    return content


def mutate_json(text: str, rng: random.Random) -> str:
    """Return JSON with one to three values replaced, removed or nested."""
    record = json.loads(text)
    for _ in range(rng.choice((1, 1, 2, 3))):
        holder, key = rng.choice(_places(record) or [({"": record}, "")])
        match rng.randrange(6):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[f"{key}_"] = copy.deepcopy(holder[key])
            case 2:
                holder[key] = [copy.deepcopy(holder[key]) for _ in range(rng.choice((1, 2, 50)))]
            case 3 if isinstance(holder[key], int | float):
                factor = rng.choice((-1, 2, 10**6, 10**300))
                holder[key] = int(holder[key]) * factor
            case _:
                holder[key] = copy.deepcopy(rng.choice(VALUES))
    return json.dumps(record)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in nested dicts and lists, at most 20 of each list."""
    places = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value[:20]))
    else:
        return []
    for key, item in items:
        places.append((value, key))
        places += _places(item)
    return places


def _position(content: bytes, rng: random.Random) -> int:
    """Draw a place, half of the time near the start, where headers are."""
    end = len(content) if rng.random() < 0.5 else min(len(content), 256)
    return rng.randrange(end)


def _flip(content: bytes, other: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 3, 30))):
        changed[_position(content, rng)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _number(content: bytes, other: bytes, rng: random.Random) -> bytes:
    n = rng.choice((1, 2, 4, 8))
    value = rng.choice(NUMBERS) & (1 << 8 * n) - 1
    at = _position(content, rng)
    order = rng.choice(("little", "big"))
    return content[:at] + value.to_bytes(n, order) + content[at + n :]  # type: ignore[arg-type]


def _cut(content: bytes, other: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content))]


def _remove(content: bytes, other: bytes, rng: random.Random) -> bytes:
    at = _position(content, rng)
    return content[:at] + content[at + rng.choice((1, 2, 100, 5_000)) :]


def _insert(content: bytes, other: bytes, rng: random.Random) -> bytes:
    at = _position(content, rng)
    return content[:at] + rng.randbytes(rng.choice((1, 4, 500, 5_000))) + content[at:]


def _zeros(content: bytes, other: bytes, rng: random.Random) -> bytes:
    at, n = _position(content, rng), rng.choice((4, 100, 10_000, 1_000_000))
    return content[:at] + bytes(n) + (content[at + n :] if rng.random() < 0.7 else b"")


def _repeat(content: bytes, other: bytes, rng: random.Random) -> bytes:
    at, n = _position(content, rng), rng.choice((8, 64, 4_000))
    return content[:at] + content[at : at + n] * rng.choice((2, 50)) + content[at:]


def _splice(content: bytes, other: bytes, rng: random.Random) -> bytes:
    return content[: _position(content, rng)] + other[rng.randrange(len(other) or 1) :]


def _text(content: bytes, other: bytes, rng: random.Random) -> bytes:
    at = _position(content, rng)
    text = rng.choice(TEXTS).encode("utf-8", "surrogatepass")
    return content[:at] + text + content[at + rng.choice((0, 1, len(text))) :]


BYTES: tuple[Callable[[bytes, bytes, random.Random], bytes], ...] = (
    *(_flip, _flip, _number, _number, _cut, _remove, _insert, _zeros, _repeat, _splice, _text),
)
