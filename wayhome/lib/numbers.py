"""Bureau numbers: A-000123-K, which a clerk can mistype and notice."""

import re
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SERIAL_DIGITS = 6  # at least: after 999,999 the number grows longer, it never starts again

# Typed on a Ukrainian or Russian keyboard, or copied from a text in those scripts.
LOOK_ALIKES = str.maketrans("АВСЕНІЈКМОРЅТУХ", "ABCEHIJKMOPSTYX")
_SEPARATORS = re.compile(r"[\s\-‐-―−_./]+")
_SITE = re.compile(r"[A-Z]{1,4}")
_BEGUN = re.compile(r"([A-Z]{1,4})([0-9]{1,15})")
_WRITTEN = re.compile(rf"([A-Z]{{1,4}})([0-9]{{{SERIAL_DIGITS},15}})([0-9A-Z])")


@dataclass(frozen=True, order=True)
class BureauNumber:
    """The site that gave the number, and the count at that site."""

    site: str
    serial: int

    @property
    def body(self) -> str:
        """What the check character is computed over."""
        return f"{self.site}{self.serial:0{SERIAL_DIGITS}d}"

    def __str__(self) -> str:
        return f"{self.site}-{self.serial:0{SERIAL_DIGITS}d}-{check_character(self.body)}"


def check_character(text: str) -> str:
    """The check character of ISO 7064 MOD 37,36 over Latin capitals and digits.

    Noticed: every single wrong character. Of swapped neighbours, one pair of 630 passes at each
    place, and only if the two stand together in ALPHABET or are 0 and Z: the standard's own limit.
    Raises ValueError for any other character.
    """
    product = 36
    for character in text:
        product = (product + ALPHABET.index(character)) % 36 or 36
        product = product * 2 % 37
    return ALPHABET[(37 - product) % 36]


def make(site: str, serial: int) -> str:
    """Write the number of a site's nth record. Raises ValueError if site or serial is no such."""
    if not _SITE.fullmatch(site):
        raise ValueError("a site is one to four Latin capitals")
    if serial < 1:
        raise ValueError("a serial number starts at 1")
    return str(BureauNumber(site, serial))


def parse(text: str) -> BureauNumber | None:
    """Read a bureau number as people type it, or None if it is none.

    Forgives case, spaces, any dashes or none, and Cyrillic letters that look Latin.
    """
    plain = _SEPARATORS.sub("", text).upper().translate(LOOK_ALIKES)
    written = _WRITTEN.fullmatch(plain)
    if written is None:
        return None
    site, serial, check = written.groups()
    number = BureauNumber(site, int(serial))
    # The body again: 0000123 in seven digits was never written by us.
    is_ours = number.body == site + serial and check_character(number.body) == check
    return number if is_ours else None


def parse_begun(text: str) -> str:
    """The beginning of a bureau number that somebody is typing, or "" if it is none."""
    begun = _BEGUN.fullmatch(_SEPARATORS.sub("", text).upper().translate(LOOK_ALIKES))
    return f"{begun[1]}-{begun[2]}" if begun else ""


def is_valid(text: str) -> bool:
    """Is this a bureau number, as somebody may type it?"""
    return parse(text) is not None
