"""A word with all that was read in it, packed into numbers: what machine code compares.

A record is uint32: a head of HEAD numbers (script; 1 if a short form; 1 if an initial; how many
folded sounds, stems, likely sounds, others, parts, groups, initials; letters of the word as
written), then groups, initials, letters, the ends of all strings of sounds, and these strings:
folded sounds, stems, likely sounds, others and parts, one after another in code points.
`Spelling` holds the same for people to read.
"""

from itertools import accumulate, islice, pairwise

import numpy as np
from numpy.typing import NDArray

from .spelling import Spelling

Record = NDArray[np.uint32]

SCRIPT, SHORT, INITIAL = 0, 1, 2
FOLDED, STEMS, LIKELY, OTHERS, PARTS = 3, 4, 5, 6, 7
GROUPS, INITIALS, LETTERS = 8, 9, 10
HEAD = 11
SCRIPTS = "clo"
IN_CYRILLIC = SCRIPTS.index("c")
UNREAD: Record = np.zeros(HEAD, np.uint32)


def record(of: Spelling) -> Record:
    """The record of a word; all zeros if nothing can be read in it."""
    if not of.folded:
        return UNREAD
    several = (of.folded, of.stems, of.likely, of.others, of.parts)
    strings = [x for some in several for x in some]
    initials = sorted(of.initials)
    numbers = [
        SCRIPTS.index(of.script),
        int(of.short),
        int(of.initial),
        *map(len, (*several, of.groups, initials, of.literal)),
        *sorted(of.groups),
        *map(ord, initials),
        *map(ord, of.literal),
        *accumulate(map(len, strings)),
    ]
    letters = np.frombuffer("".join(strings).encode("utf-32-le", "surrogatepass"), "<u4")
    return np.concatenate([np.array(numbers, np.uint32), letters])


def spelling_of(read: Record, also: str = "") -> Spelling:
    """The word of a record, for people and for plain rules."""
    numbers = read.tolist()
    folded, stems, likely, others, parts, groups, initials, letters = numbers[FOLDED:HEAD]
    ends = [HEAD, HEAD + groups, HEAD + groups + initials, HEAD + groups + initials + letters]
    strings = folded + stems + likely + others + parts
    text = read[ends[-1] + strings :].tobytes().decode("utf-32-le", "surrogatepass")
    cuts = [0, *numbers[ends[-1] : ends[-1] + strings]]
    every = iter([text[start:end] for start, end in pairwise(cuts)])
    return Spelling(
        literal=read[ends[2] : ends[3]].tobytes().decode("utf-32-le", "surrogatepass"),
        script=SCRIPTS[numbers[SCRIPT]],
        folded=tuple(islice(every, folded)),
        stems=tuple(islice(every, stems)),
        likely=tuple(islice(every, likely)),
        others=tuple(islice(every, others)),
        groups=frozenset(numbers[HEAD : ends[1]]),
        short=bool(numbers[SHORT]),
        parts=tuple(islice(every, parts)),
        initial=bool(numbers[INITIAL]),
        initials=frozenset(map(chr, numbers[ends[1] : ends[2]])),
        also=also,
    )
