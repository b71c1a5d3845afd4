"""A family as a pedigree: made of what each giver is to the person sought, or written by hand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.comparisons.rules.samples import Kin, sex_of
from wayhome.lib.refusal import Refusal

MISSING = "MP"  # the person sought, in every pedigree
FATHER, MOTHER, PARTNER = "FA", "MO", "PA"
MOST_PERSONS = 24
_GRANDPARENTS = {"FF": ("FF", "FM"), "MF": ("MF", "MM")}


@dataclass(frozen=True)
class Member:
    """Somebody of a family, by code; who gave a sample stands under its code."""

    id: str
    sex: str = "U"
    father: str = ""
    mother: str = ""

    def as_document(self) -> dict[str, Any]:
        """As the core reads it."""
        told = asdict(self)
        return {**told, "father": self.father or None, "mother": self.mother or None}


def from_kin(givers: Sequence[tuple[str, Kin]], missing: str = "M") -> list[Member]:
    """The pedigree that follows from what each giver is to the person sought.

    Twins, second marriages and kin among founders are not in it: those are written by hand, as is
    whoever is OTHER, who stands here unrelated and says nothing.
    """
    drawn = _Drawn(missing)
    for code, kin in givers:
        drawn.name(code, kin)
    for code, kin in givers:
        drawn.place(code, kin)
    return drawn.members()


class _Drawn:
    """A pedigree while it is put together."""

    # By what they are: the place in which somebody stands who is there in any case.
    NAMED = {
        Kin.MOTHER: MOTHER, Kin.FATHER: FATHER, Kin.PARENT_OF_CHILD: PARTNER,
        Kin.FATHERS_FATHER: "FF", Kin.FATHERS_MOTHER: "FM",
        Kin.MOTHERS_FATHER: "MF", Kin.MOTHERS_MOTHER: "MM",
    }  # fmt: skip

    def __init__(self, missing: str) -> None:
        self.sex = missing
        self.codes: dict[str, str] = {}
        self.more: list[Member] = []
        self.older: set[str] = set()  # whose parents are needed: FATHER, MOTHER
        self.has_children = False

    def name(self, code: str, kin: Kin) -> None:
        """A giver who fills a place that has a name."""
        place = self.NAMED.get(kin)
        if place:
            self.codes.setdefault(place, code)
        if place in ("FF", "FM"):
            self.older.add(FATHER)
        if place in ("MF", "MM"):
            self.older.add(MOTHER)

    def place(self, code: str, kin: Kin) -> None:
        """Everybody else, with the parents that the word tells."""
        if kin in (Kin.SON, Kin.DAUGHTER):
            self.has_children = True
            parents = (MISSING, PARTNER) if self.sex != "F" else (PARTNER, MISSING)
        elif kin in (Kin.BROTHER, Kin.SISTER):
            parents = (FATHER, MOTHER)
        elif kin in (Kin.HALF_BROTHER_BY_MOTHER, Kin.HALF_SISTER_BY_MOTHER):
            parents = (self._stranger(code, "M"), MOTHER)
        elif kin in (Kin.HALF_BROTHER_BY_FATHER, Kin.HALF_SISTER_BY_FATHER):
            parents = (FATHER, self._stranger(code, "F"))
        elif kin in (Kin.FATHERS_BROTHER, Kin.FATHERS_SISTER):
            self.older.add(FATHER)
            parents = ("FF", "FM")
        elif kin in (Kin.MOTHERS_BROTHER, Kin.MOTHERS_SISTER):
            self.older.add(MOTHER)
            parents = ("MF", "MM")
        elif kin == Kin.OTHER:
            parents = ("", "")
        else:
            return
        self.more.append(Member(code, sex_of(kin, self.sex), *parents))

    def _stranger(self, code: str, sex: str) -> str:
        """The other parent of a half brother or sister."""
        name = f"{code}-{'F' if sex == 'M' else 'M'}"
        self.more.append(Member(name, sex))
        return name

    def members(self) -> list[Member]:
        """Parents before children, under the codes of the samples.

        Whose relatives gave nothing is left out: founders of whom nothing is known say nothing,
        and cost the core most.
        """
        missing = "M" if self.sex == "U" else self.sex
        of_father = ("FF", "FM") if FATHER in self.older else ("", "")
        of_mother = ("MF", "MM") if MOTHER in self.older else ("", "")
        persons = [Member(one, "M" if one.endswith("F") else "F") for one in of_father if one]
        persons += [Member(one, "M" if one.endswith("F") else "F") for one in of_mother if one]
        named = {code for one in self.more for code in (one.father, one.mother)}
        if self.older or {FATHER, MOTHER} & {*named, *self.codes}:
            persons += [Member(FATHER, "M", *of_father), Member(MOTHER, "F", *of_mother)]
            persons.append(Member(MISSING, missing, FATHER, MOTHER))
        else:
            persons.append(Member(MISSING, missing))
        if self.has_children or PARTNER in self.codes:
            persons.append(Member(PARTNER, "F" if missing == "M" else "M"))
        return [self._coded(one) for one in (*persons, *self.more)]

    def _coded(self, one: Member) -> Member:
        new = {**self.codes, "": ""}
        return Member(
            new.get(one.id, one.id), one.sex, new.get(one.father, one.father),
            new.get(one.mother, one.mother),
        )  # fmt: skip


def why_not_pedigree(members: Sequence[Member], codes: Iterable[str]) -> Iterator[Refusal]:
    """Say what is wrong in a pedigree written by hand; the core finds what is left."""
    known = {one.id: one for one in members}
    if len(members) > MOST_PERSONS:
        yield Refusal("pedigree.large", _("These are too many persons."), field="id_1")
    if len(known) < len(members):
        yield Refusal("pedigree.twice", _("One code stands in two lines."), field="id_1")
    if MISSING not in known:
        text = _("The person sought is missing in it: code %(code)s.") % {"code": MISSING}
        yield Refusal("pedigree.missing", text, field="id_1")
    for number, one in enumerate(members, start=1):
        yield from _why_not_member(number, one, known)
    lost = [code for code in codes if code not in known]
    if lost:
        text = _("These samples have no place in it: %(codes)s.") % {"codes": ", ".join(lost)}
        yield Refusal("pedigree.lost", text, field="id_1")


def _why_not_member(number: int, one: Member, known: Mapping[str, Member]) -> Iterator[Refusal]:
    if bool(one.father) != bool(one.mother):
        text = _("Write both parents, or none.")
        yield Refusal("pedigree.one_parent", text, field=f"father_{number}")
    for role, code, sex in (("father", one.father, "M"), ("mother", one.mother, "F")):
        if code and code not in known:
            nobody = _("No line has the code %(code)s.") % {"code": code}
            yield Refusal("pedigree.nobody", nobody, field=f"{role}_{number}")
        elif code and known[code].sex != sex:
            other = _("%(code)s is of another sex.") % {"code": code}
            yield Refusal("pedigree.sex", other, field=f"{role}_{number}")
