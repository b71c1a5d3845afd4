"""How soon a new card is compared with every open enquiry, and a new enquiry with every card."""

import csv
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.utils import timezone
from rapidfuzz import fuzz, process

from tools.bench.figures import Figure
from tools.bench.sources import SITE
from wayhome.bureau.captives.actions import Captured, Received, register_captive
from wayhome.bureau.captives.bridge import REGISTER
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.actions import make_enquiry
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import NewEnquiry, Relation, Sought
from wayhome.bureau.matches.actions import rematch_captive, rematch_enquiry
from wayhome.bureau.matches.bridge import SOUGHT
from wayhome.bureau.persons.indexing import Fresh
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.cores.names import Description
from wayhome.cores.trials.registers import generate
from wayhome.lib.copying import copy_in
from wayhome.lib.numbers import make
from wayhome.lib.parts import in_parts

SEED, TRIED, PEERS = 20221124, 40, 5
AT_A_TIME = 5000
FIELDS = ("surname", "given", "patronymic", "birthplace", "unit", "rank", "service_no",
          "mother_name")  # fmt: skip


def figures(count: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        people = invented(Path(folder), count + 2 * TRIED)
        asked = list(islice(people, count))
        for_cards, for_enquiries = list(islice(people, TRIED)), list(islice(people, TRIED))
    store(asked)
    began = time.monotonic()
    SOUGHT.rebuild()
    built = time.monotonic() - began
    len(REGISTER)
    cards = timed(lambda person: rematch_captive(_card(person)), for_cards)
    enquiries = timed(lambda person: rematch_enquiry(_enquiry(person)), for_enquiries)
    return [
        Figure("online", "open enquiries", len(SOUGHT), "enquiries"),
        Figure("online", "cards on the register", len(REGISTER), "cards"),
        Figure("online", "the enquiries' index built of the database", built, "s"),
        Figure("online", "all its files, for each enquiry", _bytes() / len(SOUGHT), "bytes"),
        Figure("online", "a new card, all enquiries: p50", cards[0], "ms", _peer(for_cards)),
        Figure("online", "a new card, all enquiries: the slowest", cards[1], "ms"),
        Figure("online", "a new enquiry, all cards: p50", enquiries[0], "ms"),
        Figure("online", "a new enquiry, all cards: the slowest", enquiries[1], "ms"),
        Figure("online", "until another process finds a new card", _elsewhere(), "ms"),
    ]


def invented(folder: Path, count: int) -> Iterator[dict[str, str]]:
    """Invented persons as the trials of the names core make them."""
    generate(count, SEED, folder, enquiries=0)
    with (folder / "register.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return iter(rows)


def store(people: list[dict[str, str]]) -> None:
    """Open enquiries, as a file of a Power would bring them: one family asks for all."""
    key = PersonKey.make()
    enquirer = Enquirer.objects.create(key=key, language="ru")
    site, now = Site.objects.get(code=SITE), timezone.now()
    number = 0
    for part in in_parts(people, AT_A_TIME):
        rows = []
        for person in part:
            number += 1
            row = Enquiry(
                bureau_number=make("ZZ", number), site=site, enquirer=enquirer, key=key,
                relation=Relation.MOTHER, as_received={}, received_at=now,
            )  # fmt: skip
            row.describe(_described(person))
            rows.append(row)
        copy_in(rows)


def timed(act: Callable[[Any], object], people: list[dict[str, str]]) -> tuple[float, float]:
    """The median and the longest, in milliseconds; the first is not counted."""
    times = []
    for person in people:
        began = time.perf_counter()
        act(person)
        times.append((time.perf_counter() - began) * 1000)
    return quantiles(times[1:], n=2)[0], max(times[1:])


def _described(person: dict[str, str]) -> dict[str, str]:
    return {**{name: person[name] for name in FIELDS}, "born": person["dob"]}


def _card(person: dict[str, str]) -> Captive:
    by, _made = Staff.objects.get_or_create(
        username="bench-registrar",
        defaults={"number": "S-9998", "role": Role.REGISTRAR, "password": "!",
                  "site": Site.objects.get(code=SITE)},
    )  # fmt: skip
    card = {name: text for name, text in _described(person).items() if text}
    return register_captive(received=Received(card, Captured(on="2022-05-03")), by=by)


def _enquiry(person: dict[str, str]) -> Enquiry:
    new = NewEnquiry(Sought(**_described(person)), Relation.MOTHER)
    return make_enquiry(particulars=new, by=None).enquiry


def _peer(people: list[dict[str, str]]) -> float:
    """rapidfuzz over the name of every open enquiry."""
    names = {str(one.pk): one.name.casefold() for one in Enquiry.objects.open().iterator()}
    found = timed(
        lambda person: process.extract(
            f"{person['surname']} {person['given']} {person['patronymic']}".casefold(),
            names, scorer=fuzz.token_sort_ratio, limit=10,
        ),
        people[: PEERS + 1],
    )  # fmt: skip
    return found[0]


def _elsewhere() -> float:
    """As another process asks: the same files, another memory."""
    other = Fresh(
        "register", REGISTER._rows, belongs=REGISTER._belongs, standing=REGISTER._standing
    )
    len(other)
    man = _card(dict.fromkeys(FIELDS, "") | {"surname": "Ющекяжев", "dob": "1999"})
    began = time.perf_counter()
    found = other.nearest(Description("", surname="Ющекяжев"), top=1)
    took = (time.perf_counter() - began) * 1000
    if [each.id for each in found] != [str(man.pk)]:
        raise RuntimeError("a new card was not found")
    return took


def _bytes() -> int:
    return SOUGHT.status().bytes
