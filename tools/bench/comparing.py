"""How many enquiries a second are compared, and how often the right man is proposed."""

import time

from rapidfuzz import fuzz, process

from tools.bench.figures import Figure
from tools.bench.sources import CARDS, ENQUIRIES, SITE, TRUTH
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries import importing
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.matches.actions import match_all
from wayhome.config.demo import measuring

SAMPLE = 200  # enquiries for men on the list, which the peer compares
DEPTH = measuring.AMONG_THE_FIRST


def figures() -> list[Figure]:
    importing.import_file(ENQUIRIES, site=SITE)
    done = match_all()
    found = measuring.measure(truth=TRUTH, cards=CARDS)
    peer_first, peer_ten, peer_rate = peer()
    first, ten = found.proposed_first / found.on_list, found.among_first_ten / found.on_list
    rate = done.enquiries / done.seconds
    absent = found.absent_with_a_candidate / found.absent
    return [
        Figure("compare", "cards on the register", done.captives, "cards"),
        Figure("compare", "enquiries compared", rate, "enquiries/s", peer_rate),
        Figure("compare", "recall@1, men on the list", first, "share", peer_first),
        Figure("compare", "recall@10, men on the list", ten, "share", peer_ten),
        Figure("compare", "absent men with a candidate to be judged", absent, "share"),
    ]


def peer() -> tuple[float, float, float]:
    """rapidfuzz over every name of the register: recall at 1 and 10, enquiries a second."""
    names = {str(man.pk): man.name.casefold() for man in Captive.objects.all()}
    right = measuring.right_men(TRUTH, measuring.men_by_number(CARDS))
    sought = [number for number, men in right.items() if men][:SAMPLE]
    places = []
    seconds = 0.0
    for enquiry in Enquiry.objects.filter(list_number__in=sought):
        began = time.perf_counter()
        best = process.extract(
            enquiry.name.casefold(), names, scorer=fuzz.token_sort_ratio, limit=DEPTH
        )
        seconds += time.perf_counter() - began
        ranks = {man: rank for rank, (_name, _score, man) in enumerate(best, start=1)}
        places.append(measuring.place_of(ranks, right[enquiry.list_number]))
    first = sum(place == 1 for place in places) / len(places)
    ten = sum(place > 0 for place in places) / len(places)
    return first, ten, len(places) / seconds
