"""Text as systems write it: ASCII spellings and random digits."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from dbt_dedup.synthesize.randomness import Draw

_UNFOLDED = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@lru_cache(maxsize=65536)
def fold(text: str, german: bool = False) -> str:
    """Return the text in ASCII; umlauts as `ue` or as `u`."""
    text = (text.translate(_GERMAN) if german else text).translate(_UNFOLDED)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def digits(pattern: str, draw: Draw) -> str:
    """Replace every `#` by a random digit."""
    size = pattern.count("#")
    if not size:
        return pattern
    number = f"{int(draw() * 10**size):0{size}d}"
    if pattern.endswith("#" * size):
        return pattern[: len(pattern) - size] + number
    rest = iter(number)
    return "".join(next(rest) if letter == "#" else letter for letter in pattern)
