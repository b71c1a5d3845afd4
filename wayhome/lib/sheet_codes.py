"""Codes of sheets that are written on by hand: a random number, and the side it stands on.

The code tells nothing: not whose the sheet is, not where it was printed, not which came before.
Only the bureau's own list knows. People read and type it in three groups; a picture carries it
as a QR code with the number of the side.
"""

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
NUMBER_SIGNS, CHECK_SIGNS = 10, 2  # 50 random bits, and 10 that check them
CODE_SIGNS = NUMBER_SIGNS + CHECK_SIGNS
GROUP = 4
MOST_SIDES = 9
# What is typed for another sign, and Cyrillic letters that look like Latin ones.
_MEANT = str.maketrans("OILUАВЕЗКМНОРСТУХ", "011VABE3KMH0PCTYX")
_PICTURE = re.compile(rf"W1:([{SIGNS}]{{{CODE_SIGNS}}}):([1-{MOST_SIDES}])")


@dataclass(frozen=True)
class OnSheet:
    """What a picture of a sheet carries."""

    code: str
    side: int


def new_sheet_code() -> str:
    """A new code, from the system's source of randomness."""
    number = "".join(secrets.choice(SIGNS) for _ in range(NUMBER_SIGNS))
    return number + _check(number)


def in_groups(code: str) -> str:
    """The code as it is printed and read aloud."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_typed(text: str) -> str | None:
    """The code that somebody typed, or None if it is none: forgives case, gaps and look-alikes."""
    signs = re.sub(r"[\W_]", "", text.upper()).translate(_MEANT)
    return signs if _is_code(signs) else None


def for_picture(code: str, side: int) -> str:
    """What the QR code on a side holds."""
    return f"W1:{code}:{side}"


def read_picture(text: str) -> OnSheet | None:
    """What a QR code says, or None if it is not one of ours."""
    found = _PICTURE.fullmatch(text)
    return OnSheet(found[1], int(found[2])) if found and _is_code(found[1]) else None


def _is_code(signs: str) -> bool:
    if len(signs) != CODE_SIGNS or not set(signs) <= set(SIGNS):
        return False
    return signs[NUMBER_SIGNS:] == _check(signs[:NUMBER_SIGNS])


def _check(number: str) -> str:
    digest = sha256(b"wayhome sheet\n" + number.encode()).digest()
    return "".join(SIGNS[octet % len(SIGNS)] for octet in digest[:CHECK_SIGNS])
