"""Tables of steps, as `letters` and `forms` hold them, run by machine code.

A step is a dictionary, whose longest key at each place gives way to its value, or a pattern of
`re` with what takes the place of each match. `Writer` translates them into numbers, `changed` runs
them on code points and gives what `letters.changed` gives. Of patterns it knows letters, classes,
groups, choices, repetitions, ^, $, back references, and looks ahead or behind for a fixed number of
letters; what it does not know it refuses (ValueError), and so does it with a pattern that may match
nothing.
"""

import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled import Number, compiled

# The parser of `re` itself has this name from Python 3.11 on.
_parser: Any = import_module("re._parser")
Change = tuple[re.Pattern[str], str]
Step = dict[str, str] | Change
Numbers = NDArray[np.int32]
Text = NDArray[np.uint32]

TABLE = 0x2400  # code points beyond this are in no table
ROOM = 8  # times as long as the word may it grow on its way
GROUPS = 8
BRANCHES = 16  # so many choices and groups may a pattern have
MATCH, TAKE, SPLIT, JUMP, SAVE, AT_START, AT_END, IS, IS_NOT, SAME = range(10)


class Writer:
    """Collects steps and patterns; `image` gives them all in one array of numbers.

    It begins with the places of its tables: the class of each code point below TABLE (0 for letters
    that no step names); steps of three (0, row of the next table, 0 for a dictionary; 1, pattern,
    template); rows of nodes, one for each class, to which the first letter of a key leads, or -1;
    nodes of five (class, first child, next sibling, start and end of the value; -1 for none);
    values; patterns of three (first instruction, set of letters that may begin it, greatest
    distance of its beginning from the end or -1); instructions of three (operation, two numbers);
    sets of classes, in bits; templates (code points, or -1 - group) and where each begins.
    """

    def __init__(self, steps: Iterable[Step], patterns: Iterable[re.Pattern[str]]) -> None:
        several = [*patterns, *(x[0] for x in steps if not isinstance(x, dict))]
        named = {letter for x in several for letter in _named(_parser.parse(x.pattern))}
        named |= {ord(y) for x in steps if isinstance(x, dict) for key in x for y in key}
        if max(named, default=0) >= TABLE:
            raise ValueError(f"a letter beyond {TABLE:#x} is named: {chr(max(named))!r}")
        self.classes = np.zeros(TABLE, np.uint16)
        self.classes[sorted(named)] = np.arange(1, len(named) + 1)
        self._count = len(named) + 1
        self._steps: list[tuple[int, int, int]] = []
        self._first: list[NDArray[np.int32]] = []
        self._nodes: list[list[int]] = []
        self._values: list[int] = []
        self._patterns: list[tuple[int, int, int]] = []
        self._known: dict[str, int] = {}
        self._code: list[list[int]] = []
        self._sets: list[NDArray[np.bool_]] = []
        self._templates: list[list[int]] = []

    def image(self) -> Numbers:
        width = self._count // 32 + 1
        bits = np.zeros((len(self._sets), 32 * width), np.uint8)
        bits[:, : self._count] = np.array(self._sets).reshape(-1, self._count)
        tables = [
            self.classes,
            self._steps,
            self._first,
            self._nodes,
            self._values,
            self._patterns,
            self._code,
            np.packbits(bits, axis=1, bitorder="little").view("<u4"),
            [x for y in self._templates for x in y],
            np.cumsum([0, *map(len, self._templates)]),
        ]
        flat = [np.asarray(x).astype(np.int64).ravel().astype(np.int32) for x in tables]
        places = np.cumsum([WIDTH + 1, *map(len, flat)])[:-1]
        return np.concatenate([[*places, self._count, width], *flat]).astype(np.int32)

    def steps(self, steps: Sequence[Step]) -> tuple[int, int]:
        """Take in steps that follow each other: where they begin and end."""
        start = len(self._steps)
        for step in steps:
            if isinstance(step, dict):
                self._steps.append((0, self._dictionary(step), 0))
            else:
                self._steps.append((1, self.pattern(step[0]), self.template(step[1])))
        return start, len(self._steps)

    def _dictionary(self, step: dict[str, str]) -> int:
        first = np.full(self._count, -1, np.int32)
        for key, value in step.items():
            if not key or len(value) > ROOM * len(key):
                raise ValueError(f"{key!r} cannot give way to {value!r}")
            here = self.classes[ord(key[0])]
            if first[here] < 0:
                first[here] = self._node(here)
            node = int(first[here])
            for letter in key[1:]:
                node = self._child(node, int(self.classes[ord(letter)]))
            self._nodes[node][3:] = len(self._values), len(self._values) + len(value)
            self._values += map(ord, value)
        self._first.append(first)
        return len(self._first) - 1

    def _node(self, letter: int) -> int:
        self._nodes.append([letter, -1, -1, -1, -1])
        return len(self._nodes) - 1

    def _child(self, node: int, letter: int) -> int:
        child = self._nodes[node][1]
        while child >= 0 and self._nodes[child][0] != letter:
            child = self._nodes[child][2]
        if child < 0:
            child = self._node(letter)
            self._nodes[child][2], self._nodes[node][1] = self._nodes[node][1], child
        return child

    def pattern(self, pattern: re.Pattern[str]) -> int:
        """Take in a pattern: its number."""
        if pattern.flags != re.UNICODE or pattern.groups >= GROUPS:
            raise ValueError(f"flags or too many groups: {pattern.pattern}")
        if pattern.pattern not in self._known:
            tree = _parser.parse(pattern.pattern)
            shortest, longest = tree.getwidth()
            if not shortest:
                raise ValueError(f"it may match nothing: {pattern.pattern}")
            start = len(self._code)
            self._sequence(tree)
            self._write(MATCH)
            if sum(x[0] in (SPLIT, SAVE) for x in self._code[start:]) > BRANCHES:
                raise ValueError(f"too many choices: {pattern.pattern}")
            begins = self._set(self._beginning(list(tree))[0])
            at_end = str(tree[-1][0]) == "AT" and str(tree[-1][1]) == "AT_END"
            far = int(longest) if at_end and longest < 100 else -1
            self._known[pattern.pattern] = len(self._patterns)
            self._patterns.append((start, begins, far))
        return self._known[pattern.pattern]

    def template(self, template: str) -> int:
        """Take in what takes the place of a match: its number."""
        pieces = re.split(r"\\(\d)", template)
        if any("\\" in x for x in pieces[::2]):
            raise ValueError(f"unknown escape: {template}")
        made: list[int] = []
        for place, piece in enumerate(pieces):
            made += [-1 - int(piece)] if place % 2 else map(ord, piece)
        self._templates.append(made)
        return len(self._templates) - 1

    def _write(self, operation: int, one: int = 0, other: int = 0) -> int:
        self._code.append([operation, one, other])
        return len(self._code) - 1

    def _set(self, members: NDArray[np.bool_]) -> int:
        self._sets.append(members)
        return len(self._sets) - 1

    def _sequence(self, items: Iterable[Any]) -> None:
        for operation, argument in items:
            getattr(self, f"_{str(operation).lower()}", self._refuse)(operation, argument)

    def _refuse(self, operation: Any, argument: Any) -> None:
        raise ValueError(f"unknown in a pattern: {operation} {argument}")

    def _members(self, operation: Any, argument: Any) -> NDArray[np.bool_] | None:
        """The classes of letters that one item takes, if it takes exactly one letter."""
        members = np.zeros(self._count, np.bool_)
        match str(operation):
            case "LITERAL" | "NOT_LITERAL":
                members[self.classes[argument]] = True
            case "ANY":
                return ~members
            case "IN":
                for kind, what in argument:
                    if str(kind) == "LITERAL":
                        members[self.classes[what]] = True
                    elif str(kind) == "RANGE":
                        members[self.classes[what[0] : what[1] + 1]] = True
                    elif str(kind) != "NEGATE":
                        raise ValueError(f"unknown in a class: {kind} {what}")
            case _:
                return None
        negated = str(operation) == "NOT_LITERAL" or (
            str(operation) == "IN" and str(argument[0][0]) == "NEGATE"
        )
        return ~members if negated else members

    def _take(self, operation: Any, argument: Any) -> None:
        members = self._members(operation, argument)
        assert members is not None
        self._write(TAKE, self._set(members))

    _literal = _not_literal = _any = _in = _take

    def _at(self, _operation: Any, where: Any) -> None:
        if str(where) not in ("AT_BEGINNING", "AT_END"):
            raise ValueError(f"unknown place in a pattern: {where}")
        self._write(AT_START if str(where) == "AT_BEGINNING" else AT_END)

    def _subpattern(self, _operation: Any, argument: Any) -> None:
        group, _, _, inner = argument
        if group:
            self._write(SAVE, 2 * group)
        self._sequence(inner)
        if group:
            self._write(SAVE, 2 * group + 1)

    def _groupref(self, _operation: Any, group: Any) -> None:
        self._write(SAME, int(group))

    def _branch(self, _operation: Any, argument: Any) -> None:
        jumps = []
        for choice in argument[1][:-1]:
            split = self._write(SPLIT)
            self._code[split][1] = len(self._code)
            self._sequence(choice)
            jumps.append(self._write(JUMP))
            self._code[split][2] = len(self._code)
        self._sequence(argument[1][-1])
        for jump in jumps:
            self._code[jump][1] = len(self._code)

    def _max_repeat(self, _operation: Any, argument: Any, *, greedy: bool = True) -> None:
        least, most, inner = argument
        for _ in range(least):
            self._sequence(inner)
        endless = most == _parser.MAXREPEAT
        if endless and not inner.getwidth()[0]:
            raise ValueError("nothing is repeated endlessly")
        splits = []
        for _ in range(1 if endless else most - least):
            split = self._write(SPLIT)
            splits.append(split)
            self._code[split][1] = len(self._code)
            self._sequence(inner)
            if endless:
                self._write(JUMP, split)
        for split in splits:
            self._code[split][2] = len(self._code)
            if not greedy:
                self._code[split][1:] = self._code[split][:0:-1]

    def _min_repeat(self, operation: Any, argument: Any) -> None:
        self._max_repeat(operation, argument, greedy=False)

    def _look(self, operation: Any, argument: Any) -> None:
        direction, inner = argument
        sets = list(self._fixed(inner))
        wanted = str(operation) == "ASSERT"
        if not wanted and len(sets) != 1:
            raise ValueError("only one letter can be forbidden ahead or behind")
        for place, members in enumerate(sets):
            offset = place if direction > 0 else place - len(sets)
            self._write(IS if wanted else IS_NOT, offset, self._set(members))

    _assert = _assert_not = _look

    def _fixed(self, items: Iterable[Any]) -> Iterable[NDArray[np.bool_]]:
        for operation, argument in items:
            members = self._members(operation, argument)
            if members is not None:
                yield members
            elif str(operation) == "MAX_REPEAT" and argument[0] == argument[1]:
                yield from list(self._fixed(argument[2])) * argument[0]
            elif str(operation) == "SUBPATTERN":
                yield from self._fixed(argument[3])
            else:
                raise ValueError(f"unknown in a look ahead or behind: {operation} {argument}")

    def _beginning(self, items: Sequence[Any]) -> tuple[NDArray[np.bool_], bool]:
        """The classes that may be taken first; and whether all of the items may take nothing."""
        found = np.zeros(self._count, np.bool_)
        for operation, argument in items:
            members, empty = self._beginning_of(str(operation), operation, argument)
            found |= members
            if not empty:
                return found, False
        return found, True

    def _beginning_of(
        self, name: str, operation: Any, argument: Any
    ) -> tuple[NDArray[np.bool_], bool]:
        members = self._members(operation, argument)
        if members is not None:
            return members, False
        none = np.zeros(self._count, np.bool_)
        match name:
            case "SUBPATTERN":
                return self._beginning(list(argument[3]))
            case "BRANCH":
                several = [self._beginning(list(x)) for x in argument[1]]
                return np.logical_or.reduce([x[0] for x in several]), any(x[1] for x in several)
            case "MAX_REPEAT" | "MIN_REPEAT":
                members, empty = self._beginning(list(argument[2]))
                return members, empty or not argument[0]
            case "AT" | "ASSERT" | "ASSERT_NOT":
                return none, True
        return ~none, False


def _named(tree: Any) -> Iterable[int]:
    """All code points that a pattern names."""
    for operation, argument in tree:
        match str(operation):
            case "LITERAL" | "NOT_LITERAL":
                yield argument
            case "RANGE":
                yield from range(argument[0], argument[1] + 1)
            case "IN":
                yield from _named(argument)
            case "SUBPATTERN":
                yield from _named(argument[3])
            case "BRANCH":
                for choice in argument[1]:
                    yield from _named(choice)
            case "MAX_REPEAT" | "MIN_REPEAT":
                yield from _named(argument[2])
            case "ASSERT" | "ASSERT_NOT":
                yield from _named(argument[1])


# Where the image of a program says where its tables begin; and how many words a set has.
CLASSES, STEPS, FIRST, NODES, VALUES, PATTERNS, CODE, SETS, TEMPLATES, STARTS, COUNT, WIDTH = range(
    12
)


@compiled
def registers(size: Number) -> Numbers:
    """Room for the groups of a match, and for the places to come back to, for a word so long."""
    return np.empty(2 * GROUPS + 2 * BRANCHES * (ROOM * size + 64), np.int32)


@compiled
def class_of(image: Numbers, letter: Number) -> Number:
    return np.int64(image[image[CLASSES] + np.int64(letter)]) if letter < TABLE else np.int64(0)


@compiled
def is_in(image: Numbers, number: Number, letter: Number) -> bool:
    """Say whether a letter is in a set."""
    here = class_of(image, letter)
    bits = image[image[SETS] + number * image[WIDTH] + (here >> 5)]
    return bool((bits >> (here & 31)) & 1)


@compiled
def matched(
    image: Numbers, at: Number, text: Text, size: Number, place: Number, memory: Numbers
) -> Number:
    """Where a match ends that begins at this place, or -1; groups are put into the memory."""
    bottom = 2 * GROUPS
    top = bottom
    code = np.int64(image[CODE])
    while True:
        operation = image[code + 3 * at]
        one, other = np.int64(image[code + 3 * at + 1]), np.int64(image[code + 3 * at + 2])
        at += 1
        good = True
        if operation == TAKE:
            good = bool(place < size and is_in(image, one, text[place]))
            place += 1
        elif operation == MATCH:
            return place
        elif operation == SPLIT:
            memory[top], memory[top + 1] = other, place
            top += 2
            at = one
        elif operation == SAVE:
            memory[top], memory[top + 1] = -1 - one, memory[one]
            top += 2
            memory[one] = place
        elif operation == JUMP:
            at = one
        elif operation == AT_START:
            good = place == 0
        elif operation == AT_END:
            good = place == size
        elif operation == SAME:
            start, end = np.int64(memory[2 * one]), np.int64(memory[2 * one + 1])
            good = bool(end >= start >= 0 and place + end - start <= size)
            while good and start < end:
                good = bool(text[start] == text[place])
                start += 1
                place += 1
        else:
            there = place + one
            inside = 0 <= there < size and is_in(image, other, text[there])
            good = bool(inside) == bool(operation == IS)
        while not good:
            if top == bottom:
                return np.int64(-1)
            top -= 2
            back = np.int64(memory[top])
            if back < 0:
                memory[-1 - back] = memory[top + 1]
            else:
                at, place = back, np.int64(memory[top + 1])
                good = True


@compiled
def search(
    image: Numbers, pattern: Number, text: Text, size: Number, place: Number, memory: Numbers
) -> Number:
    """Where the first match begins, not before a place, or -1; memory[0] and [1]: the match."""
    row = image[PATTERNS] + 3 * np.int64(pattern)
    start, begins, far = np.int64(image[row]), np.int64(image[row + 1]), np.int64(image[row + 2])
    if far >= 0:
        place = max(place, size - far)
    while place < size:
        if is_in(image, begins, text[place]):
            memory[: 2 * GROUPS] = -1
            end = matched(image, start, text, size, place, memory)
            if end >= 0:
                memory[0], memory[1] = place, end
                return np.int64(place)
        place += 1
    return np.int64(-1)


@compiled
def substitute(
    image: Numbers,
    pattern: Number,
    template: Number,
    text: Text,
    size: Number,
    new: Text,
    memory: Numbers,
) -> Number:
    """Put the template in the place of each match; the new text's length."""
    count, place = 0, np.int64(0)
    first = np.int64(image[image[STARTS] + template])
    last = np.int64(image[image[STARTS] + template + 1])
    while place < size:
        found = search(image, pattern, text, size, place, memory)
        upto = size if found < 0 else found
        while place < upto:
            new[count] = text[place]
            count += 1
            place += 1
        if found < 0:
            break
        for t in range(first, last):
            letter = np.int64(image[image[TEMPLATES] + t])
            if letter >= 0:
                new[count] = letter
                count += 1
            else:
                for k in range(memory[-2 - 2 * letter], memory[-1 - 2 * letter]):
                    new[count] = text[k]
                    count += 1
        place = np.int64(memory[1])
    return count


@compiled
def translate(image: Numbers, number: Number, text: Text, size: Number, new: Text) -> Number:
    """Put the value of the longest key in its place, everywhere; the new text's length."""
    count, place = 0, 0
    first = image[FIRST] + np.int64(number) * image[COUNT]
    while place < size:
        node = np.int64(image[first + class_of(image, text[place])])
        best, length, depth = np.int64(-1), 1, 1
        while node >= 0:
            row = image[NODES] + 5 * node
            if image[row + 3] >= 0:
                best, length = row, depth
            node = np.int64(image[row + 1])
            if node < 0 or place + depth == size:
                break
            here = class_of(image, text[place + depth])
            while node >= 0 and image[image[NODES] + 5 * node] != here:
                node = np.int64(image[image[NODES] + 5 * node + 2])
            depth += 1
        if best < 0:
            new[count] = text[place]
            count += 1
        else:
            for k in range(image[best + 3], image[best + 4]):
                new[count] = image[image[VALUES] + k]
                count += 1
        place += length
    return count


@compiled
def changed(
    image: Numbers,
    first: Number,
    last: Number,
    text: Text,
    size: Number,
    new: Text,
    memory: Numbers,
) -> Number:
    """Take steps `first` to `last`; what comes out stands in `text` again: its length."""
    for step in range(first, last):
        row = image[STEPS] + 3 * step
        number = image[row + 1]
        if image[row] == 0:
            size = translate(image, number, text, size, new)
        else:
            size = substitute(image, number, image[row + 2], text, size, new, memory)
        text[:size] = new[:size]
    return size
