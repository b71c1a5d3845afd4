"""What stands on both sides, before death and after it, and what a line of evidence is read from.

Nothing else of this subject reads the comparisons of DNA, teeth and what families told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import CustodyState, ProposalState
from wayhome.bureau.comparisons.models import AnteMortem, Hit, ReferenceSample
from wayhome.bureau.comparisons.queries import (
    ante_mortem_of,
    hits_between,
    is_mixed_up,
    teeth_between,
)
from wayhome.bureau.consents.models import of_same_man
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.identifications.models import EvidenceLine, Identification
from wayhome.bureau.identifications.policy import Policy, policy
from wayhome.bureau.identifications.rules.board import DECIDED, State
from wayhome.bureau.identifications.rules.evidence import (
    Basis,
    Facts,
    Kind,
    Line,
    Word,
    least_posterior,
)
from wayhome.bureau.matches.models import Match, SameSought
from wayhome.bureau.matches.same_sought import others_who_seek
from wayhome.bureau.prints.queries import prints_between
from wayhome.bureau.remains.models import Examination
from wayhome.bureau.remains.queries import one_body
from wayhome.bureau.remains.rules.findings import GROUPS
from wayhome.bureau.remains.rules.register import PARTIAL
from wayhome.bureau.remains.rules.teeth import Compared, Verdict, counted

# Which groups of the examination, and of what families told, a line by code is read from.
READ_FROM: dict[Kind, tuple[str, ...]] = {
    Kind.DENTAL: ("teeth",),
    Kind.MEDICAL: ("physical", "medical"),
    Kind.EFFECTS: ("clothing",),
}


@dataclass(frozen=True)
class Side:
    """One field as it was before death and as it was found after it."""

    words: Any
    before: str
    after: str


def hit_of(identification: Identification) -> Hit | None:
    """The comparison of DNA that stands between these two; read, never typed."""
    if identification.enquiry is None:
        return None
    return hits_between(identification.remains, identification.enquiry)


def told_before(identification: Identification) -> AnteMortem | None:
    """What the family told of him, the last version."""
    return ante_mortem_of(identification.enquiry) if identification.enquiry else None


def seen_after(identification: Identification) -> Examination | None:
    """The last examination of the remains."""
    rows = identification.remains.examinations.select_related("key", "by")
    return rows.order_by("-version").first()


def teeth_of(identification: Identification) -> tuple[Compared, ...]:
    """The two charts, tooth by tooth; empty where one of them is missing."""
    if identification.enquiry is None:
        return ()
    return tuple(teeth_between(identification.remains, identification.enquiry))


def sides(identification: Identification, kind: Kind) -> list[Side]:
    """Before beside after, field by field, of what a line of this kind is read from."""
    before, after = told_before(identification), seen_after(identification)
    told: Mapping[str, Mapping[str, str]] = (before.fields if before else None) or {}
    seen: Mapping[str, str] = (after.said if after else None) or {}
    rows = [
        Side(words, told.get(group.name, {}).get(name, ""), seen.get(name, ""))
        for group in GROUPS
        if group.name in READ_FROM.get(kind, ())
        for name, words in group.fields.items()
        if told.get(group.name, {}).get(name) or seen.get(name)
    ]
    if kind == Kind.EFFECTS:
        carried = told.get("clothing", {}).get("effects", "")
        rows.append(Side(_("What was carried"), carried, effects_in_words(identification)))
    return [side for side in rows if side.before or side.after]


def effects_in_words(identification: Identification) -> str:
    """What two people listed of their effects."""
    rows = identification.remains.effects_lists.signed().select_related("key")
    pieces = [piece for one in rows for piece in one.listed()]
    return "; ".join(f"{piece.what} ({piece.pieces})" for piece in pieces)


def basis_of(identification: Identification, kind: Kind) -> tuple[Basis, dict[str, Any]]:
    """What a line of this kind rests on now: for the rules, and as it is kept with the line."""
    if kind == Kind.DNA:
        return _basis_of_dna(hit_of(identification))
    if kind == Kind.PRINTS:
        return _basis_of_prints(identification)
    kept = _versions(identification) if kind in READ_FROM else {}
    if kind == Kind.DENTAL:
        verdicts = counted(teeth_of(identification))
        kept["teeth"] = {verdict.value: number for verdict, number in verdicts.items()}
        spoken = sum(verdicts.values()) - verdicts[Verdict.SILENT]
        contradictions = verdicts[Verdict.CONTRADICTS]
        return Basis(contradictions=contradictions, compared=spoken > 0), kept
    if kind in READ_FROM:
        both = sides(identification, kind)
        told, seen = any(side.before for side in both), any(side.after for side in both)
        return Basis(compared=told and seen), kept
    return Basis(), kept


def _basis_of_prints(identification: Identification) -> tuple[Basis, dict[str, Any]]:
    """Prints that are kept here are compared here; those of a register elsewhere in its words."""
    prints = prints_between(identification.remains, identification.enquiry)
    fingers = [finger.value for finger in prints.comparable()]
    kept = {"before": len(prints.before), "after": len(prints.after), "fingers": fingers}
    return Basis(compared=not prints.one_sided), kept


def _basis_of_dna(hit: Hit | None) -> tuple[Basis, dict[str, Any]]:
    if hit is None:
        return Basis(), {}
    kept = {
        "hit": str(hit.pk),
        "log10_lr": hit.log10_lr,
        "prior": hit.prior,
        "missing": hit.missing,
        "posterior": hit.posterior,
        "chance_matches": hit.chance_matches,
        "markers": hit.markers,
        "contradictions": list(hit.contradictions),
    }
    return Basis(posterior=hit.posterior, contradictions=len(hit.contradictions)), kept


def _versions(identification: Identification) -> dict[str, Any]:
    before, after = told_before(identification), seen_after(identification)
    return {"examination": after.version if after else 0, "am": before.version if before else 0}


def is_stale(line: EvidenceLine) -> bool:
    """Whether what a line was read from has changed so that it may carry less.

    Of DNA the prior moves with each new family: that alone makes nothing stale, but a posterior
    that no longer reaches the line's word does, or another count of contradictions.
    """
    kind = Kind(line.kind)
    if kind == Kind.DNA:
        hit = hit_of(line.identification)
        return not _was_withdrawn(line, hit) and _dna_is_stale(line, hit, policy())
    if kind not in READ_FROM:
        return False
    kept, now = line.basis or {}, _versions(line.identification)
    return any(kept.get(name) != value for name, value in now.items())


def _was_withdrawn(line: EvidenceLine, hit: Hit | None) -> bool:
    """Whether a decision lost numbers because a sample was taken back: its basis is kept.

    The right to take a sample back never unmakes a name; what contradicts anew does.
    """
    decided = State(line.identification.state) in DECIDED
    if not decided or (hit is not None and len(hit.contradictions) > line.contradictions):
        return False
    samples = ReferenceSample.objects.filter(enquiry=line.identification.enquiry)
    return samples.filter(withdrawn_at__gt=line.at).exists()


def _dna_is_stale(line: EvidenceLine, hit: Hit | None, figures: Policy) -> bool:
    if hit is None:
        return bool((line.basis or {}).get("hit"))
    if len(hit.contradictions) != line.contradictions:
        return True
    return hit.posterior < least_posterior(Word(line.word), figures)


def lines_of(identification: Identification) -> list[Line]:
    """The lines that stand, as the rules of naming see them."""
    rows = identification.current_lines().select_related(
        "identification__remains__key", "identification__enquiry__key"
    )
    return [line.as_line(is_stale=is_stale(line)) for line in rows]


def facts_of(identification: Identification) -> Facts:
    """What else the bureau knows that speaks against giving this name to these remains."""
    others = Identification.objects.standing().exclude(pk=identification.pk)
    return Facts(
        examined=identification.remains.examinations.exists(),
        held_alive=held_alive(identification),
        named_otherwise=others.filter(remains=identification.remains).exists(),
        another_body=another_body(identification),
        linked_otherwise=linked_otherwise(identification),
        doubt_open=_doubt_open(identification),
        mixed_up=is_mixed_up(identification.remains),
    )


def same_sought(identification: Identification) -> list[Enquiry]:
    """Every enquiry for this person: the one that he was held against, those that a match joins to
    his card now, and others who were linked with any of them.
    """
    ours = {identification.enquiry.pk: identification.enquiry} if identification.enquiry else {}
    if identification.captive is not None:
        matches = Match.objects.standing().filter(of_same_man(identification.captive))
        joined = matches.select_related("enquiry__enquirer__key", "enquiry__key")
        ours |= {match.enquiry.pk: match.enquiry for match in joined.order_by("confirmed_at")}
    for enquiry in list(ours.values()):
        ours |= {other.pk: other for other in others_who_seek(enquiry)}
    return list(ours.values())


def names_of(enquiry: Enquiry) -> "QuerySet[Identification]":
    """The decisions that stand on the person whom this family seeks; `same_sought` from her end."""
    return _standing_on([enquiry, *others_who_seek(enquiry)], set())


def names_of_same(identification: Identification) -> "QuerySet[Identification]":
    """The decisions that stand on the person that this is, or would be."""
    captive = identification.captive
    men = {captive.pk, captive.same_as_id or captive.pk} if captive else set()
    return _standing_on(same_sought(identification), men)


def _standing_on(ours: Sequence[Enquiry], men: set[UUID]) -> "QuerySet[Identification]":
    men = men | {
        man
        for pair in Match.objects.standing()
        .filter(enquiry__in=ours)
        .values_list("captive_id", "captive__same_as_id")
        for man in pair
        if man
    }
    same_man = Q(captive__in=men) | Q(captive__same_as__in=men)
    return Identification.objects.standing().filter(Q(enquiry__in=ours) | same_man)


def names_of_all() -> dict[UUID, list[UUID]]:
    """As `names_of`, for all at once: an enquiry's id, and those of the decisions on its man.

    Asks a few questions, however many the dead are.
    """
    decided: dict[UUID, list[UUID]] = {}  # of an enquiry, or of a man of the register
    rows = Identification.objects.standing().order_by("decided_at")
    for pk, *whose in rows.values_list("pk", "enquiry_id", "captive_id", "captive__same_as_id"):
        for one in filter(None, whose):
            decided.setdefault(one, []).append(pk)
    linked = _Linked()
    same = SameSought.objects.filter(state=ProposalState.SAME)
    for pair in same.values_list("earlier_id", "later_id"):
        linked.join(*pair)
    matches = Match.objects.standing().filter(
        Q(captive__in=decided) | Q(captive__same_as__in=decided)
    )
    for enquiry, *men in matches.values_list("enquiry_id", "captive_id", "captive__same_as_id"):
        for man in filter(None, men):
            decided.setdefault(enquiry, []).extend(decided.get(man, ()))
    found: dict[UUID, list[UUID]] = {}
    for whose_id, names in decided.items():
        for one in linked.with_(whose_id):
            found[one] = list(dict.fromkeys([*found.get(one, ()), *names]))
    return found


class _Linked:
    """What people linked, and everything that hangs together by it."""

    def __init__(self) -> None:
        self.beside: dict[UUID, set[UUID]] = {}

    def join(self, one: UUID, other: UUID) -> None:
        self.beside.setdefault(one, set()).add(other)
        self.beside.setdefault(other, set()).add(one)

    def with_(self, one: UUID) -> set[UUID]:
        found, waiting = set[UUID](), [one]
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting += self.beside.get(at, ())
        return found


def held_alive(identification: Identification) -> bool:
    """Whether a captive that this would be is known to be no dead man, wherever he is now."""
    captive = identification.captive
    if captive is not None and captive.custody_state != CustodyState.DEAD:
        return True
    matches = Match.objects.standing().filter(enquiry__in=same_sought(identification))
    return matches.exclude(captive__custody_state=CustodyState.DEAD).exists()


def _doubt_open(identification: Identification) -> bool:
    """Whether the last doubt stands unanswered: nothing was weighed after it."""
    doubt = identification.doubts.order_by("-at").first()
    return doubt is not None and not identification.lines.filter(at__gt=doubt.at).exists()


def another_body(identification: Identification) -> bool:
    """Whether another whole body bears the same name; of parts there may be many."""
    if identification.remains.kind in PARTIAL:
        return False
    return whole(names_of_same(identification)).exclude(remains=identification.remains).exists()


def whole(names: "QuerySet[Identification]") -> "QuerySet[Identification]":
    """Those of whole bodies. A bag of which nobody said what is in it counts as whole."""
    return names.exclude(remains__kind__in=PARTIAL)


def linked_otherwise(identification: Identification) -> bool:
    """Whether remains that people call one body with these bear another name."""
    linked = Identification.objects.standing().filter(remains__in=one_body(identification.remains))
    others = linked.exclude(remains=identification.remains)
    return others.exclude(pk__in=names_of_same(identification).values("pk")).exists()
