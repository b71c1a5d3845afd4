"""Remains held against a person, in words: each line before and after death, what the board said.

Who works by code sees no name; who may read the enquiry sees no picture and no mark of a sample.
"""

from typing import Any

from django.urls import reverse

from wayhome.bureau.identifications.actions import why_not_present_now, why_not_sign_now
from wayhome.bureau.identifications.actions.weighing import NEEDS
from wayhome.bureau.identifications.comparing import (
    effects_in_words,
    hit_of,
    is_stale,
    seen_after,
    sides,
    teeth_of,
)
from wayhome.bureau.identifications.models import (
    BoardRound,
    BoardStatement,
    Doubt,
    EvidenceLine,
    Identification,
)
from wayhome.bureau.identifications.policy import policy
from wayhome.bureau.identifications.rules.board import (
    CAUSE_NAMES,
    OUTCOME_NAMES,
    STATE_NAMES,
    WEIGHED_IN,
    Asked,
    Cause,
    Outcome,
    State,
    dissents,
)
from wayhome.bureau.identifications.rules.evidence import (
    BY_CODE,
    KIND_NAMES,
    PRIMARY,
    WORD_NAMES,
    Kind,
    Word,
    share,
)
from wayhome.bureau.identifications.telling import everyone_told
from wayhome.bureau.prints.queries import prints_between
from wayhome.bureau.prints.rules import FINGER_NAMES
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.rules.findings import GROUPS
from wayhome.bureau.remains.rules.teeth import TOOTH_NAMES, VERDICT_NAMES, Compared
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.staff.rules import PROFESSION_NAMES, Profession
from wayhome.lib.dates import PartialDate, display
from wayhome.web.console.captive_page import day
from wayhome.web.console.wording_enquiries import SOUGHT_FIELDS
from wayhome.web.console.wording_remains import FOUND_WORDS

OF_THE_NAME = ("surname", "given", "patronymic", "full_name", "born", "service_no")
OF_THE_PLACE = ("unit", "rank", "birthplace")
# Of who recognised whom nothing stands on two sides here.
TWO_SIDED = frozenset(Kind) - {Kind.SIGHT}
# What is read of the remains for names: where papers, tags and tattoos are written down.
READ_FOR_NAMES = ("worn", "marks")


def may_name(person: Staff) -> bool:
    """Whoever works by code is shown no name."""
    return person.may(Permission.SEE_ENQUIRY) or person.may(Permission.SIGN_IDENTIFICATION)


def head(identification: Identification, person: Staff) -> dict[str, Any]:
    """One line of the list, and what stands on top of every page about it."""
    whose = identification.enquiry or identification.captive
    assert whose is not None, "a constraint of the database"
    return {
        "identification": shown(identification, "work"),
        "remains": shown(identification.remains, "file"),
        "state": STATE_NAMES[State(identification.state)],
        "number": whose.bureau_number,
        "name": whose.name if may_name(person) else "",
        "may_open_remains": person.may(Permission.SEE_REMAINS),
        "may_open_enquiry": person.may(Permission.SEE_ENQUIRY) and bool(identification.enquiry_id),
    }


def of_remains(remains: Remains, person: Staff) -> list[dict[str, Any]]:
    """For the page of remains: against whom they are held, by number, and where it stands."""
    rows = Identification.objects.visible_to(person).filter(remains=remains)
    joined = rows.select_related("remains", "enquiry", "captive").order_by("opened_at")
    return [head(one, person) for one in joined]


def page_of(identification: Identification, person: Staff, language: str) -> dict[str, Any]:
    """Everything about it that this person may see."""
    return {
        **head(identification, person),
        "why": shown(identification, "named").why if may_name(person) else "",
        "lines": [line_of(identification, kind, person) for kind in Kind],
        "compared": [
            {"name": KIND_NAMES[kind], **compared(identification, kind, language)}
            for kind in Kind
            if may_compare(kind, person) and kind in TWO_SIDED
        ],
        "rounds": [round_of(one, person) for one in identification.rounds.all()],
        "told": [
            {"told": shown(one, "contact"), "enquiry": one.enquiry.bureau_number}
            for one in everyone_told(identification)
        ]
        if may_name(person)
        else [],
        "may_print": may_name(person) and identification.state == State.IDENTIFIED,
        "doubts": [
            {
                "doubt": shown(one, "work"),
                "cause": CAUSE_NAMES[Cause(one.cause)],
                "reason": _reason(one, one.by_id, person),
            }
            for one in identification.doubts.select_related("key", "by")
        ],
        **_what_can_be_done(identification, person),
    }


def _what_can_be_done(identification: Identification, person: Staff) -> dict[str, Any]:
    state = State(identification.state)
    weighs = person.may(Permission.WEIGH_IDENTITY) and state in WEIGHED_IN
    signs = person.may(Permission.SIGN_IDENTIFICATION) and state == State.BEFORE_BOARD
    return {
        "is_weighed": state in WEIGHED_IN,
        "missing": why_not_present_now(identification, Asked.IDENTIFY)
        if state in WEIGHED_IN
        else [],
        "may_present": weighs,
        "may_exclude": weighs and not why_not_present_now(identification, Asked.EXCLUDE),
        "signs": signs,
        "why_not_sign": why_not_sign_now(identification, person) if signs else [],
        "may_doubt": person.may(Permission.DOUBT_IDENTIFICATION)
        and state in (State.IDENTIFIED, State.EXCLUDED),
    }


def line_of(identification: Identification, kind: Kind, person: Staff) -> dict[str, Any]:
    """One kind of evidence: as it was weighed last, and as it was before."""
    rows = identification.lines.filter(kind=kind).select_related("key", "by", "identification__key")
    versions = list(rows.order_by("-version"))
    last = next((one for one in versions if one.is_last), None)
    is_open = person.may(NEEDS[kind]) and State(identification.state) in WEIGHED_IN
    return {
        "name": KIND_NAMES[kind],
        "is_primary": kind in PRIMARY,
        "last": _weighed(last, person) if last else None,
        "is_stale": last is not None and is_stale(last),
        "earlier": [_weighed(one, person) for one in versions if one is not last],
        "weigh_url": _weigh_url(identification, kind) if is_open else "",
    }


def _weigh_url(identification: Identification, kind: Kind) -> str:
    name = "identification_weigh_by_code" if kind in BY_CODE else "identification_weigh_by_name"
    return reverse(f"console:{name}", args=[identification.pk, kind.value])


def _weighed(line: EvidenceLine, person: Staff) -> dict[str, Any]:
    """As it was weighed; what was written by name is not read by whoever works by code."""
    told = line.kind in BY_CODE or may_name(person)
    return {
        "line": shown(line, "work"),
        "word": WORD_NAMES[Word(line.word)],
        "said": (line.said if told else None) or {},  # nothing is left once the key is destroyed
        "posterior": share(line.basis["posterior"]) if (line.basis or {}).get("posterior") else "",
    }


def may_compare(kind: Kind, person: Staff) -> bool:
    """The board sees both sides of every line; who weighs sees those that they weigh."""
    return person.may(Permission.SIGN_IDENTIFICATION) or person.may(NEEDS[kind])


def compared(identification: Identification, kind: Kind, language: str) -> dict[str, Any]:
    """Before death beside after it, of one kind."""
    if kind == Kind.DNA:
        return {"dna": _dna(identification)}
    if kind == Kind.PRINTS:
        return {"prints": _prints(identification)}
    if kind == Kind.DENTAL:
        return {"sides": sides(identification, kind), "teeth": _teeth(teeth_of(identification))}
    if kind in (Kind.DOCUMENTS, Kind.PLACE):
        return _by_name(identification, kind, language)
    return {"sides": sides(identification, kind)}


def _dna(identification: Identification) -> dict[str, Any] | None:
    """What was computed, with its words. No allele, and nothing of what a mismatch means."""
    hit = hit_of(identification)
    if hit is None:
        return None
    figures = policy()
    return {
        "hit": shown(hit, "weighing"),
        "posterior": share(hit.posterior),
        "needed": [share(figures.alone), share(figures.with_primary)],
        "contradictions": hit.contradictions,
        "not_supported": hit.not_supported,
        "surprises": hit.surprises,  # that there is one; what and of whom stands on the bench
    }


def _prints(identification: Identification) -> dict[str, Any]:
    """How many there are, and which can be compared; the pictures are on a page of their own."""
    kept = prints_between(identification.remains, identification.enquiry)
    return {
        "before": len(kept.before),
        "after": len(kept.after),
        "fingers": [FINGER_NAMES[finger] for finger in kept.comparable()],
        "url": reverse("console:prints_both", args=[identification.pk]),
    }


def _teeth(teeth: tuple[Compared, ...]) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "before": TOOTH_NAMES[one.earlier] if one.earlier else "",
            "after": TOOTH_NAMES[one.later] if one.later else "",
            "verdict": one.verdict.value,
            "words": VERDICT_NAMES[one.verdict],
        }
        for one in teeth
    ]


def _by_name(identification: Identification, kind: Kind, language: str) -> dict[str, Any]:
    whose = identification.enquiry or identification.captive
    assert whose is not None, "a constraint of the database"
    names = OF_THE_NAME if kind == Kind.DOCUMENTS else OF_THE_PLACE
    sought = [
        (SOUGHT_FIELDS[name], day(whose.born, language) if name == "born" else getattr(whose, name))
        for name in names
    ]
    found = _names_seen(identification) if kind == Kind.DOCUMENTS else _where_found(
        identification, language
    )  # fmt: skip
    return {
        "sought": [{"key": key, "value": text} for key, text in sought if text],
        "found": [{"key": key, "value": text} for key, text in found if text],
    }


def _names_seen(identification: Identification) -> list[tuple[Any, str]]:
    after = seen_after(identification)
    said = (after.said if after else None) or {}
    words = {name: words for group in GROUPS for name, words in group.fields.items()}
    rows = [(words[name], str(said.get(name, ""))) for name in READ_FOR_NAMES]
    return [*rows, (KIND_NAMES[Kind.EFFECTS], effects_in_words(identification))]


def _where_found(identification: Identification, language: str) -> list[tuple[Any, str]]:
    rows = identification.remains.recoveries.select_related("key").order_by("-version")
    last = rows.first()
    found = (last.found if last else None) or {}
    told = {**found, "on": display(PartialDate(found["on"]), language) if found.get("on") else ""}
    return [(words, str(told.get(name, ""))) for name, words in FOUND_WORDS.items()]


def _reason(one: Doubt | BoardStatement, by: Any, person: Staff) -> str:
    """In words that may hold a name: for who may read one, and for who wrote them."""
    return shown(one, "named").reason or "" if may_name(person) or by == person.pk else ""


def round_of(one: BoardRound, person: Staff) -> dict[str, Any]:
    """One time before the board; of an open one nobody sees what another member said."""
    statements = BoardStatement.objects.visible_to(person).filter(round=one)
    return {
        "round": shown(one, "work"),
        "to_exclude": one.asked == Asked.EXCLUDE,
        "outcome": OUTCOME_NAMES[Outcome(one.outcome)] if one.outcome else "",
        "named": one.named if may_name(person) else None,
        "signed": one.statements.count(),
        "members": policy().members,
        "statements": [
            {
                "statement": shown(each, "work"),
                "reason": _reason(each, each.member_id, person),
                "word": WORD_NAMES[Word(each.word)],
                "profession": PROFESSION_NAMES[Profession(each.profession)],
                "dissents": dissents(Word(each.word), one.outcome),
            }
            for each in statements.select_related("key", "member")
        ],
    }  # fmt: skip
