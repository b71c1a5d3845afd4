"""How good the matching is on the demo's own files, whose truth is known: measured, not assumed."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from wayhome.bureau.captives.models import CaptureCard, CardFile
from wayhome.bureau.captives.reading.cards import check_sandboxed
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.matches.models import Candidate
from wayhome.bureau.matches.rules import CandidateState

AMONG_THE_FIRST = 10


@dataclass(frozen=True)
class Measured:
    """How many of the men whom families seek are on the list, and where the machine puts them."""

    on_list: int
    proposed_first: int
    among_first_ten: int
    absent: int
    absent_with_a_candidate: int

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def measure(*, truth: Path, cards: Path) -> Measured:
    """Hold the candidates that stand now against the truth."""
    right = right_men(truth, men_by_number(cards))
    proposed = proposals()
    places = [place_of(proposed[number], men) for number, men in right.items() if men]
    absent = [number for number, men in right.items() if not men]
    return Measured(
        on_list=len(places),
        proposed_first=sum(place == 1 for place in places),
        among_first_ten=sum(0 < place <= AMONG_THE_FIRST for place in places),
        absent=len(absent),
        absent_with_a_candidate=sum(bool(proposed[number]) for number in absent),
    )


def men_by_number(cards: Path) -> dict[str, str]:
    """For each number of the list the man whose record came from that line."""
    rows = CaptureCard.objects.filter(from_file=CardFile.objects.earliest("at"), version=1)
    on_line = {
        line: str(same_as or captive)
        for line, captive, same_as in rows.values_list("line", "captive_id", "captive__same_as")
    }
    began = date.fromisoformat(settings.WAR_BEGAN_ON)
    today = timezone.localdate()
    read = check_sandboxed(cards, name=cards.name, war_began_on=began, today=today)
    return {
        line.values["number_on_list"]: on_line[line.row]
        for line in read.lines
        if line.row in on_line
    }


def right_men(truth: Path, men: Mapping[str, str]) -> dict[str, set[str]]:
    """For each enquiry of the file whom it means: he may be on the list twice, or not at all."""
    right: dict[str, set[str]] = defaultdict(set)
    with truth.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            right[row["enquiry_id"]] |= {men[row["card_no"]]} if row["card_no"] in men else set()
    return right


def proposals() -> dict[str, dict[str, int]]:
    """For each enquiry of a file the men proposed, with their ranks."""
    numbers = Enquiry.objects.exclude(list_number="").values_list("list_number", flat=True)
    proposed: dict[str, dict[str, int]] = {number: {} for number in numbers}
    rows = Candidate.objects.exclude(state=CandidateState.GONE)
    for number, captive, rank in rows.exclude(enquiry__list_number="").values_list(
        "enquiry__list_number", "captive_id", "rank"
    ):
        proposed[number][str(captive)] = rank
    return defaultdict(dict, proposed)


def place_of(proposed: Mapping[str, int], men: set[str]) -> int:
    """The best rank of any of these men; 0 if none was proposed."""
    return min((rank for man, rank in proposed.items() if man in men), default=0)
