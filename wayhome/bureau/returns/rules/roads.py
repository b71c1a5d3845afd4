"""The decision table of the roads home: what must stand, by which provision, and who acts.

The table is data and the page prints it. A row names one fact that must hold; where it does not,
the row is a reason against the road. An empty list opens it. Nothing here can tell religion, origin
or opinion, nor what a family said or paid, nor what anything costs (docs/decisions/0044).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Road(StrEnum):
    """The lawful roads home (docs/GLOSSARY.md). An act without one is refused (G2)."""

    MEDICAL = "medical return"  # GC III 109-110
    NEUTRAL = "neutral country"  # GC III 109-111
    EXCHANGE = "agreed exchange"  # GC III 109(2), special agreements
    PAROLE = "parole"  # GC III 21
    UNILATERAL = "unilateral release"
    INVITATION = "invitation"  # a unilateral release under a programme, the family helped to come
    RETAINED = "retained personnel"  # GC III 33; GC I 28, 30
    END_OF_HOSTILITIES = "end of hostilities"  # GC III 118


ROAD_NAMES = {
    Road.MEDICAL: _("Medical return (GC III 109–110)"),
    Road.NEUTRAL: _("Neutral country (GC III 109–111)"),
    Road.EXCHANGE: _("Agreed exchange (GC III 109, special agreements)"),
    Road.PAROLE: _("Release on his word (GC III 21)"),
    Road.UNILATERAL: _("Unilateral release"),
    Road.INVITATION: _("Invitation to mothers (unilateral release under a programme)"),
    Road.RETAINED: _("Return of retained personnel (GC III 33)"),
    Road.END_OF_HOSTILITIES: _("End of hostilities (GC III 118)"),
}
ALL = frozenset(Road)
FRESH_FOR = timedelta(days=14)  # policy: so long a yes before a neutral carries to the act
NEEDS_HIS_YES = ALL - {Road.END_OF_HOSTILITIES}
NEEDS_CERTIFICATE = frozenset({Road.MEDICAL, Road.NEUTRAL})


@dataclass(frozen=True)
class Facts:
    """What a road home rests on, for one man. Nothing here tells religion, origin or opinion.

    `his_yes`: he said yes to going home, before a neutral, and it is in force; `yes_is_fresh`: not
    longer ago than FRESH_FOR. `fears`: his last answer was yes or unsure. `assessed`: the legal
    officer knows of no danger; None is not yet. `no_is_new`: his last word to going home was a no,
    and nothing was assessed since. `within_limits`: no legal officer found that a programme's
    published limits leave him out; what he declined to say is no such finding.
    """

    road: Road | None
    in_custody: bool
    his_yes: bool
    fears: bool
    assessed: bool | None
    harm_flag: bool
    by_family: bool
    match_stands: bool
    kinship_proven: bool
    she_comes: bool  # her family applied, and she did not say that she cannot travel
    way_out_his: bool = False
    way_out_hers: bool = False
    yes_is_fresh: bool = False
    no_is_new: bool = False
    court_hold: bool = False  # proceedings for an indictable offence, or a sentence
    child: bool = False  # by his date of birth he may be under 18
    guardian_agrees: bool = False
    seriously_ill: bool = False
    fit_certified: bool = False  # a physician's certificate that has not run out
    gravely_ill: bool = False  # GC III 110(1)
    for_neutral: bool = False  # GC III 110(2)
    proposed: bool = False  # to a mixed medical commission, and not examined since
    agreement: bool = False
    neutral_accepts: bool = False
    parole_allowed: bool = False
    gave_his_word: bool = False
    hostilities_ended: bool = False
    retained_unneeded: bool = False
    programme_open: bool = False
    within_limits: bool = True
    guaranteed: bool = False  # a signed guarantee for whoever travels stands

    @property
    def road_named(self) -> bool:
        return self.road is not None

    @property
    def legally_clear(self) -> bool:
        """One value for fear, danger, harm flag, court and what is not assessed yet (P7)."""
        no_to_118 = self.road == Road.END_OF_HOSTILITIES and self.no_is_new
        stopped = self.fears or self.harm_flag or self.court_hold or no_to_118
        return self.assessed is True and not stopped

    @property
    def child_cared_for(self) -> bool:
        return not self.child or self.guardian_agrees

    @property
    def may_travel(self) -> bool:
        """Not ill, or ill and certified; the medical roads want the certificate of everybody."""
        if self.road in NEEDS_CERTIFICATE:
            return self.fit_certified
        return self.fit_certified or not self.seriously_ill

    @property
    def examined(self) -> bool:
        return not self.proposed

    @property
    def found_for_neutral(self) -> bool:
        """Whoever may go home for his illness may also go to a neutral country (110(2))."""
        return self.for_neutral or self.gravely_ill

    @property
    def match_of_family(self) -> bool:
        return self.match_stands or not self.by_family

    @property
    def kin_of_family(self) -> bool:
        """Asked once a match stands: before it there is nobody to be kin of."""
        return self.kinship_proven or not self.by_family or not self.match_stands


class Whose(StrEnum):
    """Who can change a reason. The family reads only its own (P7)."""

    FAMILY = "family"
    CAPTIVE = "captive"
    NEUTRAL = "neutral"
    PHYSICIAN = "physician"
    LEGAL = "legal officer"
    DECISION = "decision officer"
    COORDINATOR = "coordinator"
    TRACING = "tracing officer"
    REGISTRAR = "registrar"


WHOSE_NAMES = {
    Whose.FAMILY: _("His family"),
    Whose.CAPTIVE: _("He himself"),
    Whose.NEUTRAL: _("Neutral"),
    Whose.PHYSICIAN: _("Physician"),
    Whose.LEGAL: _("Legal officer"),
    Whose.DECISION: _("Decision officer"),
    Whose.COORDINATOR: _("Coordinator"),
    Whose.TRACING: _("Tracing officer"),
    Whose.REGISTRAR: _("Registrar"),
}
# Nobody sets a day to a man's will, nor to a family.
WITHOUT_A_DAY = frozenset({Whose.CAPTIVE, Whose.FAMILY})


@dataclass(frozen=True)
class Reason:
    """One thing that stands against the road, with what it rests on and who can change it."""

    code: str
    words: "StrOrPromise"
    whose: Whose
    provision: str = ""
    rests_on: "StrOrPromise" = ""


@dataclass(frozen=True)
class Row:
    """On these roads this fact must hold; where it does not, the reason stands."""

    fact: str
    roads: frozenset[Road]
    reason: Reason


STOPPED_BY_LEGAL = Reason(
    "returns.legal",
    _("Stopped by the legal officer."),
    Whose.LEGAL,
    "CAT 3; GC III 12",
    _("The sealed file of the legal officer"),
)
NO_ROAD = Row(
    "road_named",
    ALL,
    Reason(
        "returns.no_road",
        _("No lawful road home is named."),
        Whose.DECISION,
        "GC III 109-118",
        _("The application"),
    ),
)


def _row(
    fact: str,
    roads: frozenset[Road],
    code: str,
    words: "StrOrPromise",
    whose: Whose,
    provision: str,
    rests_on: "StrOrPromise",
) -> Row:
    return Row(fact, roads, Reason(f"returns.{code}", words, whose, provision, rests_on))


def _only(*roads: Road) -> frozenset[Road]:
    return frozenset(roads)


TABLE: tuple[Row, ...] = (
    # On every road.
    _row("in_custody", ALL, "not_held", _("He is not in custody."), Whose.REGISTRAR, "GC III 12",
         _("The ledger of his custody")),
    Row("legally_clear", ALL, STOPPED_BY_LEGAL),
    _row("child_cared_for", ALL, "child",
         _("He may be under 18. His guardian must agree, before a neutral."),
         Whose.NEUTRAL, "CRC 3, 38", _("His date of birth; the word of his guardian")),
    _row("may_travel", ALL, "unfit", _("No physician's certificate says that he can travel."),
         Whose.PHYSICIAN, "GC III 46-47, 109", _("The certificate of fitness, with its last day")),
    _row("match_of_family", ALL, "no_match", _("No confirmed match stands."), Whose.TRACING,
         "GC III 122", _("The match, confirmed by two people")),
    _row("kin_of_family", ALL, "kinship", _("Her kinship is not proven yet."), Whose.FAMILY,
         "AP I 74", _("The verdict on kinship")),
    # On every early and individual step his own no is enough; consent alone opens nothing (G1).
    _row("his_yes", NEEDS_HIS_YES, "no_yes", _("His own yes before a neutral is not in force."),
         Whose.CAPTIVE, "GC III 7, 21, 109", _("His answer, given before a neutral")),
    # On one road each.
    _row("examined", NEEDS_CERTIFICATE, "not_examined",
         _("He was proposed to a medical commission. He must be examined."), Whose.PHYSICIAN,
         "GC III 112-114", _("The proposal, from whomever it came")),
    _row("gravely_ill", _only(Road.MEDICAL), "not_grave",
         _("No physician has found him among those who must be sent home."), Whose.PHYSICIAN,
         "GC III 109-110", _("The medical finding")),
    _row("found_for_neutral", _only(Road.NEUTRAL), "not_for_neutral",
         _("No physician has found him among those who may go to a neutral country."),
         Whose.PHYSICIAN, "GC III 110", _("The medical finding")),
    _row("neutral_accepts", _only(Road.NEUTRAL), "no_neutral",
         _("No agreement with a neutral Power is in force."), Whose.LEGAL, "GC III 109, 111",
         _("The register of agreements")),
    _row("agreement", _only(Road.EXCHANGE), "no_agreement",
         _("No agreement, checked by a second lawyer, is in force."), Whose.LEGAL,
         "GC III 6-7, 109", _("The register of agreements")),
    _row("parole_allowed", _only(Road.PAROLE), "parole_law",
         _("His own law does not allow parole, or it is not recorded. Choose another road."),
         Whose.LEGAL, "GC III 21", _("The law of his Power on parole")),
    _row("gave_his_word", _only(Road.PAROLE), "no_word",
         _("He has not accepted parole freely, before a neutral, with the text of his promise."),
         Whose.CAPTIVE, "GC III 21", _("The text that he accepted")),
    _row("retained_unneeded", _only(Road.RETAINED), "not_retained",
         _("He is not found to be medical personnel or a chaplain whom nobody needs here."),
         Whose.LEGAL, "GC III 33; GC I 28, 30", _("The finding on his category")),
    _row("programme_open", _only(Road.INVITATION), "no_programme",
         _("No published programme is open."), Whose.LEGAL, "AP I 74", _("The programme")),
    _row("within_limits", _only(Road.INVITATION), "limits",
         _("The programme's limits leave him out. The other roads stay open to him."), Whose.LEGAL,
         "GC III 16", _("The finding of the legal officer")),
    _row("hostilities_ended", _only(Road.END_OF_HOSTILITIES), "not_ended",
         _("Active hostilities have not ended."), Whose.LEGAL, "GC III 118",
         _("The day on which they ended, recorded and confirmed")),
)  # fmt: skip


def rows_of(road: Road) -> list[Row]:
    """What this road needs, in the order of the table."""
    return [row for row in TABLE if road in row.roads]


def reasons_against(facts: Facts) -> list[Reason]:
    """Everything that stands against the road now; an empty list opens it.

    Fear, danger, harm flag, court and a missing assessment are one value here: whoever decides
    reads that the legal officer stops it, never why. Without a road what all roads need is said.
    """
    if facts.road is None:
        rows = [NO_ROAD, *(row for row in TABLE if row.roads >= NEEDS_HIS_YES)]
    else:
        rows = rows_of(facts.road)
    return [row.reason for row in rows if not getattr(facts, row.fact)]


def is_eligible(facts: Facts) -> bool:
    """All that a planner reads of a file: open or not, never why not."""
    return not reasons_against(facts)


def missing_for_act(facts: Facts) -> list[Reason]:
    """What stands against the act itself: the road's reasons, a stale yes, no way out for both.

    Her coming is help with travel, never a price (customary rule 96): he goes home without it.
    """
    is_stale = facts.his_yes and not facts.yes_is_fresh
    found = [
        (facts.road in NEEDS_HIS_YES and is_stale, STALE_YES),
        (not facts.way_out_his, HIS_WAY_OUT),
        (facts.she_comes and not facts.way_out_hers, HER_WAY_OUT),
    ]
    return reasons_against(facts) + [reason for stands, reason in found if stands]


def missing_for_travel(facts: Facts) -> list[Reason]:
    """What stands against a day on which anybody sets out: he is asked anew before it.

    Whoever comes carries an authority's signed word that they come and go freely.
    """
    is_stale = facts.his_yes and not facts.yes_is_fresh
    found = [
        (facts.road in NEEDS_HIS_YES and is_stale, STALE_YES),
        (facts.she_comes and not facts.guaranteed, _GUARANTEE),
    ]
    return reasons_against(facts) + [reason for stands, reason in found if stands]


def what_she_can_bring(reasons: list[Reason]) -> list[Reason]:
    """The reasons that a family may read; all others are the one sentence to her (P7)."""
    return [reason for reason in reasons if reason.whose == Whose.FAMILY]


def by_when(reason: Reason, since: date, within: dict[str, int]) -> date | None:
    """The day by which whoever can change it should have; None for his will and for a family.

    `within` gives the days of each in the profile of the jurisdiction.
    """
    if reason.whose in WITHOUT_A_DAY:
        return None
    return since + timedelta(days=within[reason.whose.value])


STALE_YES = Reason(
    "returns.stale_yes",
    _("His yes was given long ago. He must be asked anew before a neutral."),
    Whose.CAPTIVE,
    "GC III 7",
)
# The same words whatever he said at the last question: his answer is sealed.
SAY_IT_ANEW = Reason(
    "returns.say_anew",
    _("An act for him was stopped after the last question. He must first say yes anew."),
    Whose.CAPTIVE,
    "GC III 7",
)
_GUARANTEE = Reason(
    "returns.guarantee",
    _("No signed guarantee for the journey of whoever comes is recorded."),
    Whose.COORDINATOR,
    "GC IV 27, 35",
    _("The guarantee, signed for a named authority"),
)
HIS_WAY_OUT = Reason("returns.his_way_out", _("His way out is not set."), Whose.COORDINATOR)
HER_WAY_OUT = Reason("returns.her_way_out", _("Her way out is not set."), Whose.COORDINATOR)
