"""How many enquiries a second are compared, and how often the right man is proposed."""

import csv
import time
from collections import defaultdict

from rapidfuzz import fuzz, process

from tools.bench.figures import Figure
from tools.bench.sources import ENQUIRIES, SITE, TRUTH
from wayhome.bureau.captives.models import Captive, CaptureCard
from wayhome.bureau.enquiries import importing
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.matches.actions import match_all
from wayhome.bureau.matches.models import Candidate

SAMPLE = 200  # enquiries that the peer compares
DEPTH = 10
Truth = dict[str, str]  # the number of the enquiry in its file: that of his card


def figures() -> list[Figure]:
    importing.import_file(ENQUIRIES, site=SITE)
    done = match_all()
    truth = known_truth()
    first, ten = recall(proposed(), truth)
    peer_first, peer_ten, peer_rate = peer(truth)
    rate = done.enquiries / done.seconds
    return [
        Figure("compare", "cards on the register", done.captives, "cards"),
        Figure("compare", "enquiries compared", rate, "enquiries/s", peer_rate),
        Figure("compare", "recall@1, men on the list", first, "share", peer_first),
        Figure("compare", "recall@10, men on the list", ten, "share", peer_ten),
    ]


def known_truth() -> Truth:
    """Whom each enquiry of the file really seeks, if he is on the list."""
    with TRUTH.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["enquiry_id"]: row["card_no"] for row in rows if row["card_no"]}


def proposed() -> dict[str, list[str]]:
    """For each enquiry of the file the card numbers proposed, best first."""
    number = _card_numbers()
    found: dict[str, list[str]] = defaultdict(list)
    rows = Candidate.objects.order_by("rank").values_list("enquiry__list_number", "captive_id")
    for enquiry, captive in rows:
        found[enquiry].append(number.get(str(captive), ""))
    return found


def _card_numbers() -> dict[str, str]:
    cards = CaptureCard.objects.select_related("key").iterator(chunk_size=2000)
    return {str(card.captive_id): str(card.as_received.get("card_no", "")) for card in cards}


def recall(found: dict[str, list[str]], truth: Truth) -> tuple[float, float]:
    """The share of the truth that stands first, and among the first ten."""
    first = sum(found.get(enquiry, [])[:1] == [card] for enquiry, card in truth.items())
    ten = sum(card in found.get(enquiry, [])[:DEPTH] for enquiry, card in truth.items())
    return first / len(truth), ten / len(truth)


def peer(truth: Truth) -> tuple[float, float, float]:
    """rapidfuzz over every name of the register: recall at 1 and 10, enquiries a second."""
    number = _card_numbers()
    names = {number[str(one.pk)]: one.name.casefold() for one in Captive.objects.all()}
    sought = Enquiry.objects.filter(list_number__in=list(truth)).order_by("received_at", "pk")
    found = {}
    began = time.monotonic()
    for enquiry in sought[:SAMPLE]:
        best = process.extract(
            enquiry.name.casefold(), names, scorer=fuzz.token_sort_ratio, limit=DEPTH
        )
        found[enquiry.list_number] = [card for _name, _score, card in best]
    seconds = time.monotonic() - began
    sampled = {enquiry: truth[enquiry] for enquiry in found}
    return *recall(found, sampled), len(found) / seconds
