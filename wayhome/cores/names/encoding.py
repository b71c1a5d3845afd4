"""Which encoding a file of names has, told by its bytes, and how it becomes UTF-8."""

import codecs
import re
from collections.abc import Callable

import numpy as np

UTF8 = "UTF-8"
CP1251 = "Windows-1251"
UTF16 = "UTF-16"

_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_CAPITAL, _SMALL = "А-ЯЁІЇЄҐЎ", "а-яёіїєґў"
_WORD = re.compile(rf"\b(?:[{_CAPITAL}]?[{_SMALL}]{{2,}}|[{_CAPITAL}]{{3,}})\b")


def encoding_of(head: bytes, heading: str) -> str:
    """Which encoding a file has that begins so; `heading` is a column it must have.

    A file of which a few letters only are no UTF-8 is damaged UTF-8. It is Windows-1251 if
    most are none, and most make Cyrillic words when read so.
    """
    if head[:2] in _MARKS or any(heading.encode(x) in head for x in _MARKS.values()):
        return UTF16
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        kept = head.decode("utf-8", "ignore").encode()
        if len(head) - len(kept) > _beyond_ascii(kept) and _is_cyrillic(head):
            return CP1251
    return UTF8


def _beyond_ascii(data: bytes) -> int:
    return int((np.frombuffer(data, np.uint8) >= 128).sum())


def _is_cyrillic(data: bytes) -> bool:
    words = sum(len(x) for x in _WORD.findall(data.decode("cp1251", "replace")))
    return 2 * words > _beyond_ascii(data)


def to_utf8(encoding: str, head: bytes) -> Callable[[bytes], bytes]:
    """What makes UTF-8 of one piece of a file after another; what is no text stays none."""
    if encoding == UTF8:
        return lambda piece: piece
    if encoding == CP1251:
        return lambda piece: piece.decode("cp1251", "surrogateescape").encode(
            "utf-8", "surrogateescape"
        )
    # Without a mark, text that is ASCII at first has its zeros behind (little end first) or before.
    name = _MARKS.get(head[:2]) or ("utf-16-be" if head[:1] == b"\0" else "utf-16-le")
    decoder = codecs.getincrementaldecoder(name)("surrogatepass")
    return lambda piece: decoder.decode(piece).encode("utf-8", "surrogatepass")
