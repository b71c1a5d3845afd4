"""Pedigrees as pictures (SVG), with the same told in words for whoever does not see them.

Men are squares, women circles, people of unknown sex diamonds. Filled: typed. Dashed, with a
question mark: missing. Struck through: dead. Ringed: whose place is in question. A double line
joins a couple who are kin. Nothing hangs on colour alone.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape, quoteattr

from .cases import Case
from .layout import Couple, Family, places
from .pedigree import Pedigree
from .saying import SENTENCES, Sentences, listed

RADIUS = 17
LAYER = 118
NARROWEST, LETTER = 78, 7.2
MARGIN = 36
TRACK = 9
HEADING = 34
LEGEND = 30
INK, FILL, RING, PAPER = "#1b2733", "#a9c8e8", "#b3430f", "#ffffff"
MARKED = ("typed", "missing", "dead", "asked")
FONT = "PT Sans, Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class Marks:
    """What is known of the members of a pedigree, by their codes.

    `asked` are those whose place is in question. `under` is more text below a code.
    """

    typed: Collection[str] = ()
    missing: Collection[str] = ()
    dead: Collection[str] = ()
    asked: Collection[str] = ()
    under: Mapping[str, Sequence[str]] = field(default_factory=dict)


def svg(
    pedigree: Pedigree,
    typed: Collection[str] = (),
    missing: Collection[str] = (),
    dead: Collection[str] = (),
    *,
    asked: Collection[str] = (),
    title: str = "",
) -> str:
    """A pedigree as one picture with a legend. `described` has the words beside it."""
    return sheet({title: pedigree}, Marks(typed, missing, dead, asked), title)


def sheet(
    pedigrees: Mapping[str, Pedigree],
    marks: Marks,
    title: str,
    sentences: Sentences = SENTENCES,
) -> str:
    """Several pedigrees in one picture, each under its name."""
    parts, told = [], []
    width, y = 0.0, 0.0
    for name, pedigree in pedigrees.items():
        panel = _Panel(pedigree, marks)
        if len(pedigrees) > 1:
            parts.append(
                _text(MARGIN, y + HEADING - 8, name, size=15, weight="bold", anchor="start")
            )
            y += HEADING
        parts.append(f'<g transform="translate(0 {y:g})">{panel.drawn()}</g>')
        y += panel.height
        width = max(width, panel.width)
        says = described(pedigree, marks, sentences)
        told.append(f"{name}: {says}" if len(pedigrees) > 1 else says)
    legend, wide = _legend(list(pedigrees.values()), marks, y, sentences)
    width, height = max(width, wide), y + (LEGEND if legend else 0)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label={quoteattr(_clean(title))} '
        f'font-family="{FONT}" fill="none" stroke="{INK}" stroke-width="1.6">\n'
        f"<title>{_plain(title)}</title>\n<desc>{_plain(' '.join(told))}</desc>\n"
        f'<rect width="{width:g}" height="{height:g}" rx="6" fill="{PAPER}" stroke="none"/>\n'
        + "\n".join((*parts, legend))
        + "\n</svg>\n"
    )


def of_case(
    case: Case,
    hypotheses: Sequence[str] = (),
    marks: Marks | None = None,
    sentences: Sentences = SENTENCES,
) -> str:
    """The hypotheses of a case, with who was typed and whose place differs between them."""
    names = hypotheses or tuple(case.hypotheses)
    title = sentences["case"].format(id=case.id)
    told = {name: case.hypotheses[name] for name in names}
    return sheet(told, marks_of(case, marks), title, sentences)


def marks_of(case: Case, marks: Marks | None = None) -> Marks:
    """What a case says of its people, beside what is known of them otherwise."""
    typed = {*case.genotypes, *case.evidence}
    typed |= {person for lineage in case.lineages for person in lineage.profiles}
    pedigrees = list(case.hypotheses.values())
    parents = {c: {(p[c].father, p[c].mother) for p in pedigrees} for c in typed}
    alone = {c: {[c] in Family(p).components for p in pedigrees} for c in typed}
    # Kin by one hypothesis and a stranger by another; or else, somebody else's child.
    asked = [c for c in typed if len(alone[c]) > 1] or [c for c in typed if len(parents[c]) > 1]
    marks = marks or Marks()
    return replace(marks, typed={*typed, *marks.typed}, asked={*asked, *marks.asked})


def described(
    pedigree: Pedigree, marks: Marks | None = None, sentences: Sentences = SENTENCES
) -> str:
    """The pedigree in sentences."""
    marks, family = marks or Marks(), Family(pedigree)

    def named(codes: Sequence[str]) -> str:
        return listed([_named(pedigree, code, marks, sentences) for code in codes], sentences)

    told = []
    for (father, mother), born in family.children.items():
        key = "child" if len(born) == 1 else "children"
        key += " of kin" if family.are_kin((father, mother)) else ""
        couple = {"father": named([father]), "mother": named([mother])}
        told.append(sentences[key].format(**couple, children=named(born)))
    for twins in pedigree.twins:
        told.append(sentences["twins"].format(who=listed(twins, sentences)))
    alone = [group[0] for group in family.components if len(group) == 1]
    if alone:
        key = "alone" if len(alone) == 1 else "all alone"
        told.append(sentences[key].format(who=named(alone)))
    return " ".join(told)


def _named(pedigree: Pedigree, code: str, marks: Marks, sentences: Sentences) -> str:
    of = [word for word in MARKED if code in getattr(marks, word)]
    words = [sentences[key] for key in (pedigree[code].sex, *of)]
    return f"{code} ({', '.join(words)})"


class _Panel:
    """One pedigree, drawn from (0, 0)."""

    def __init__(self, pedigree: Pedigree, marks: Marks) -> None:
        self.pedigree, self.marks, self.family = pedigree, marks, Family(pedigree)
        longest = max(len(line) for one in pedigree for line in self.lines(one.id))
        self.gap = max(NARROWEST, LETTER * longest + 14)
        rows = max(len(self.lines(one.id)) for one in pedigree)
        self.layer = LAYER + 15 * (rows - 1)
        at = places(pedigree)
        lift = MARGIN + max(RADIUS, LETTER * longest / 2) - 10
        self.at = {
            code: (lift + x * self.gap, MARGIN + RADIUS + y * self.layer)
            for code, (x, y) in at.items()
        }
        self.width = max(x for x, _ in self.at.values()) + lift
        self.height = max(y for _, y in self.at.values()) + RADIUS + 15 * rows + 22
        self.tracks = self._tracks()

    def lines(self, code: str) -> list[str]:
        return [code, *self.marks.under.get(code, ())]

    def drawn(self) -> str:
        """Lines first, so that symbols lie upon them."""
        lines = [line for couple in self.family.children for line in self._couple(couple)]
        for twins in self.pedigree.twins:
            if self.pedigree[twins[0]].is_founder:
                middle = sum(self.at[code][0] for code in twins) / len(twins)
                lines += self._stem(twins, middle, self.at[twins[0]][1] - RADIUS - 24)
        return "\n".join(lines + [self._person(one.id) for one in self.pedigree])

    # Lines

    def _tracks(self) -> dict[Couple, int]:
        """Bars of siblings that would overlap lie one above the other."""
        taken: dict[tuple[float, int], list[tuple[float, float]]] = {}
        found = {}
        for couple, born in self.family.children.items():
            level = self.at[born[0]][1]
            xs = [self._drop(couple)[0], *(self.at[code][0] for code in born)]
            low, high = min(xs) - 4, max(xs) + 4
            track = 0
            while any(low < b and a < high for a, b in taken.get((level, track), [])):
                track += 1
            taken.setdefault((level, track), []).append((low, high))
            found[couple] = track
        return found

    def _between(self, couple: Couple) -> bool:
        """Whether somebody stands between two who stand in one layer."""
        (a, y), (b, _) = (self.at[code] for code in couple)
        return any(
            min(a, b) < x < max(a, b) and at_y == y
            for code, (x, at_y) in self.at.items()
            if code not in couple
        )

    def _lower(self, couple: Couple) -> tuple[str, str]:
        """A couple with the lower one last; on one level, the one to the right."""
        one, other = sorted(couple, key=lambda code: (self.at[code][1], self.at[code][0]))
        return one, other

    def _drop(self, couple: Couple) -> tuple[float, float]:
        """From where a line leads down to a couple's children."""
        one, other = self._lower(couple)
        (a, y), (b, below) = self.at[one], self.at[other]
        if y == below and not self._between(couple):
            return (a + b) / 2, y
        side = -1 if a <= b else 1
        return b + side * self.gap / 2, below - RADIUS - 11

    def _couple(self, couple: Couple) -> list[str]:
        born = self.family.children[couple]
        x, y = self._drop(couple)
        found = self._doubled(self._joined(couple), self.family.are_kin(couple))
        bar = self.at[born[0]][1] - RADIUS - 24 - TRACK * self.tracks[couple]
        groups = self._born(born)
        stems = [sum(self.at[code][0] for code in group) / len(group) for group in groups]
        if len(stems) == 1 and abs(stems[0] - x) < 0.5:
            found.append(_path(f"M{x:g} {y:g}V{bar:g}"))
        else:
            low, high = min(x, *stems), max(x, *stems)
            found.append(_path(f"M{x:g} {y:g}V{bar:g}M{low:g} {bar:g}H{high:g}"))
        for group, stem in zip(groups, stems, strict=True):
            found.extend(self._stem(group, stem, bar))
        return found

    def _born(self, born: list[str]) -> list[tuple[str, ...]]:
        """Children, twins of one egg together."""
        group = {code: twins for twins in self.pedigree.twins for code in twins}
        return list(dict.fromkeys(group.get(code, (code,)) for code in born))

    def _stem(self, group: tuple[str, ...], stem: float, bar: float) -> list[str]:
        if len(group) == 1:
            return [_path(f"M{stem:g} {bar:g}V{self.at[group[0]][1] - RADIUS:g}")]
        top = self.at[group[0]][1] - RADIUS
        legs = "".join(f"M{stem:g} {bar:g}L{self.at[code][0]:g} {top:g}" for code in group)
        half = (bar + top) / 2
        ends = [(self.at[code][0] + stem) / 2 for code in group]
        return [_path(legs), _path(f"M{min(ends):g} {half:g}H{max(ends):g}")]

    def _joined(self, couple: Couple) -> str:
        """The way of the line between two who have children."""
        one, other = self._lower(couple)
        (a, y), (b, below) = self.at[one], self.at[other]
        if y == below and not self._between(couple):
            return f"M{a:g} {y:g}H{b:g}"
        over = below - RADIUS - 11
        side = -1 if a <= b else 1
        if y == below:  # over those between
            return f"M{a - 6 * side:g} {y:g}V{over:g}H{b + 6 * side:g}V{below:g}"
        apart = abs(a - b) > 0.75 * self.gap
        turn = a - side * self.gap / 2 if apart else a + side * self.gap / 2
        drop = b + side * self.gap / 2
        return (
            f"M{a:g} {y:g}H{turn:g}V{over:g}M{drop:g} {over:g}H{turn:g}H{b + 6 * side:g}V{below:g}"
        )

    def _doubled(self, way: str, double: bool) -> list[str]:
        if not double:
            return [_path(way)]
        inner = f'<path d="{way}" stroke="{PAPER}" stroke-width="2.2"/>'
        return [f'<path d="{way}" stroke-width="5"/>', inner]

    # People

    def _person(self, code: str) -> str:
        x, y = self.at[code]
        marks, sex = self.marks, self.pedigree[code].sex
        fill = FILL if code in marks.typed else PAPER
        dash = ' stroke-dasharray="4 3"' if code in marks.missing else ""
        parts = [_symbol(sex, x, y, RADIUS, f'fill="{fill}"{dash}')]
        if code in marks.asked:
            ring = f'stroke="{RING}" stroke-width="2.4"'
            parts.insert(0, _symbol(sex, x, y, RADIUS + 5, f'fill="{PAPER}" {ring}'))
        if code in marks.missing:
            parts.append(_text(x, y + 6, "?", size=17, weight="bold"))
        if code in marks.dead:
            reach = RADIUS + 8
            parts.append(_path(f"M{x - reach:g} {y + reach:g}L{x + reach:g} {y - reach:g}"))
        for n, line in enumerate(self.lines(code)):
            weight = "bold" if n == 0 and code in marks.asked else "normal"
            below = y + RADIUS + (21 if code in marks.asked else 17) + 15 * n
            parts.append(_text(x, below, line, size=13 if n == 0 else 11.5, weight=weight))
        return "".join(parts)


def _symbol(sex: str, x: float, y: float, r: float, how: str) -> str:
    if sex == "F":
        return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" {how}/>'
    if sex == "M":
        side = 0.92 * r
        return (
            f'<rect x="{x - side:g}" y="{y - side:g}" '
            f'width="{2 * side:g}" height="{2 * side:g}" {how}/>'
        )
    r = 1.12 * r
    return f'<path d="M{x:g} {y - r:g}l{r:g} {r:g}l{-r:g} {r:g}l{-r:g} {-r:g}z" {how}/>'


def _clean(text: str) -> str:
    """A text without what XML cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def _plain(text: str) -> str:
    return escape(_clean(text))


def _path(way: str) -> str:
    return f'<path d="{way}"/>'


def _text(
    x: float, y: float, text: str, size: float = 13, weight: str = "normal", anchor: str = "middle"
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{INK}" stroke="none">{_plain(text)}</text>'
    )


def _legend(
    pedigrees: Sequence[Pedigree], marks: Marks, y: float, sentences: Sentences
) -> tuple[str, float]:
    """What the marks mean, of those that are in the picture, and how wide that is."""
    here = {one.id for pedigree in pedigrees for one in pedigree}
    kin = any(family.are_kin(c) for family in map(Family, pedigrees) for c in family.children)
    entries = [
        (bool(here & set(marks.typed)), "typed", f'fill="{FILL}"', ""),
        (bool(here & set(marks.missing)), "missing", f'fill="{PAPER}" stroke-dasharray="3 2"', ""),
        (bool(here & set(marks.dead)), "dead", f'fill="{PAPER}"', "M{0} {1}l22 -22"),
        (bool(here & set(marks.asked)), "asked", f'fill="{PAPER}" stroke="{RING}"', ""),
        (kin, "kin", "", "M{0} {2}h22M{0} {3}h22"),
    ]
    parts, x = [], float(MARGIN)
    for shown, key, how, way in entries:
        if not shown:
            continue
        word = sentences[key]
        if how:
            parts.append(f'<rect x="{x:g}" y="{y - 3:g}" width="14" height="14" {how}/>')
        if way:
            left = x - 4
            parts.append(_path(way.format(*(f"{n:g}" for n in (left, y + 15, y + 2.5, y + 6)))))
        parts.append(_text(x + 22, y + 8.5, word, size=12, anchor="start"))
        x += 40 + 6.6 * len(word)
    return "".join(parts), x + MARGIN / 2 if parts else 0.0
